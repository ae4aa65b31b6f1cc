import { expect, it } from 'vitest';
import { isHeldOut } from './control-group.ts';
import { STATUS } from './customer.ts';
import { customerFacts } from './facts.ts';
import { actingSegments, compileSegments, matchSegments } from './memberships.ts';
import type { Rule, Segment } from './rule.ts';
import { compareWith, plainSegment } from './segment.contract.ts';
import { segmentLayers } from './segment-order.ts';

const at = { file: 'segments/x.yaml', line: 1, column: 1 };
const AS_OF = { day: 20_779, shopCycleHalfDays: 60 };
const buyers = compareWith('orders.count', 'gte', 1);
const refersTo = (segment: string): Rule => ({ kind: 'segment', segment, at });

function segment(name: string, rule: Rule, control: Segment['control'] = null): Segment {
  return plainSegment(name, rule, { control });
}

function check(segments: readonly Segment[], person: string, ...acting: string[]): void {
  const orders = [{ day: AS_OF.day, status: STATUS.paid, revenueMicros: 1 }];
  const customer = { orders, cycleHalfDays: null, products: [], categories: [] };
  const rules = compileSegments(segments);
  const matched = new Set<string>();
  matchSegments(rules, customerFacts(customer, AS_OF, matched), matched);
  const names = actingSegments(rules, matched, person).map((i) => segments[i]!.segment);
  expect(names).toEqual(acting);
}

it('evaluates a segment after those that it refers to, wherever they stand', () => {
  const all = [
    segment('a', { kind: 'none', of: [refersTo('b')], at }),
    segment('b', { kind: 'all', of: [refersTo('c')], at }),
    segment('c', buyers),
  ];
  expect(segmentLayers(all)).toEqual([[2], [1], [0]]);
  check(all, 'p', 'b', 'c');
});

it('refuses a circle, which settings never let through', () => {
  const circle = [segment('a', refersTo('b')), segment('b', refersTo('a'))];
  expect(() => segmentLayers(circle)).toThrow('in a circle');
});

it('holds people out of the segment itself, not of those that refer to it', () => {
  const control = { sharePpm: 500_000, seed: 'a' };
  const all = [segment('a', buyers, control), segment('b', refersTo('a'))];
  const people = Array.from({ length: 50 }, (_, i) => `person-${i}`);
  const out = people.filter((person) => isHeldOut(control, person));
  expect(out.length).toBeGreaterThan(10);
  for (const person of people) check(all, person, ...(out.includes(person) ? ['b'] : ['a', 'b']));
});

it('holds out the share it is asked for, the same people each time, others for another seed', () => {
  const people = Array.from({ length: 100_000 }, (_, i) => `p${i.toString(36).padStart(15, '0')}`);
  const out = (sharePpm: number, seed: string) =>
    people.filter((person) => isHeldOut({ sharePpm, seed }, person));
  const tenth = out(100_000, 'autumn');
  // Four standard deviations of a fair draw are 380 people.
  expect(Math.abs(tenth.length - 10_000)).toBeLessThan(380);
  expect(out(100_000, 'autumn')).toEqual(tenth);
  // A larger share keeps those who were held out before.
  const fifth = new Set(out(200_000, 'autumn'));
  expect(tenth.every((person) => fifth.has(person))).toBe(true);
  const winter = new Set(out(100_000, 'winter'));
  expect(Math.abs(tenth.filter((person) => winter.has(person)).length - 1000)).toBeLessThan(130);
});
