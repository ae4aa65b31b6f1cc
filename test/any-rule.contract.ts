/**
 * Any rule over any base, for suites that hold an execution of rules against another one; and the
 * base as SQL that every engine reads.
 */
import fc from 'fast-check';
import type { Affinity, AffinityKind } from '../rules/affinity.ts';
import type { Customer } from '../rules/customer.ts';
import { ownCycleHalfDays } from '../rules/facts.ts';
import {
  COUNT_FIELDS,
  DAY_FIELDS,
  MONEY_FIELDS,
  type Rule,
  SET_FIELDS,
  type Segment,
  SHARE_FIELDS,
} from '../rules/rule.ts';
import { SCORE_FIELDS, type Scores } from '../rules/score.ts';
import { plainSegment } from '../rules/segment.contract.ts';
import { anyAggregate, anyEvent, anyOrder } from './any-aggregate.contract.ts';
import {
  ATTRIBUTES,
  anyWindow,
  at,
  attributeTest,
  attributeValue,
  comparison,
  micros,
  NAMES,
  TODAY,
} from './any-parts.contract.ts';

export const CUSTOMERS_PER_RUN = 40;

const compareCount = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...COUNT_FIELDS),
  window: fc.option(anyWindow),
  op: comparison,
  operand: fc.integer({ min: 0, max: 5 }).map(literal),
  at: fc.constant(at),
});
const compareMoney = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...MONEY_FIELDS),
  window: fc.option(anyWindow),
  op: comparison,
  operand: micros.map(literal),
  at: fc.constant(at),
});
const compareShare = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...SHARE_FIELDS),
  window: fc.constant(null),
  op: comparison,
  operand: fc
    .constantFrom(0, 1, 250_000, 333_333, 333_334, 500_000, 666_666, 999_999, 1_000_000)
    .map(literal),
  at: fc.constant(at),
});
const cycle = fc.record({
  kind: fc.constant('cycle' as const),
  timesThousandths: fc.constantFrom(1, 500, 1000, 1333, 1500, 2000, 100_000),
  minHalfDays: fc.integer({ min: 0, max: 60 }),
});
export const compareDays = fc.record({
  kind: fc.constant('compare' as const),
  field: fc.constantFrom(...DAY_FIELDS),
  window: fc.constant(null),
  op: comparison,
  operand: fc.oneof(fc.integer({ min: 0, max: 90 }).map(literal), cycle),
  at: fc.constant(at),
});
const has = fc.record({
  kind: fc.constant('has' as const),
  field: fc.constantFrom(...SET_FIELDS),
  quantifier: fc.constantFrom('any_of' as const, 'all_of' as const),
  names: fc.array(fc.constantFrom(...NAMES), { maxLength: 4 }),
  at: fc.constant(at),
});
export const attribute = fc.record({
  kind: fc.constant('attribute' as const),
  name: fc.constantFrom(...ATTRIBUTES),
  test: attributeTest,
  at: fc.constant(at),
});
const scoreValue = fc.constantFrom(0, 1, 2, 5, 111, 555, 1_000_000, 999_999_999_999_999);
const score = fc.record({
  kind: fc.constant('score' as const),
  field: fc.constantFrom(...SCORE_FIELDS),
  expects: fc.oneof(
    fc.record({ kind: fc.constant('compare' as const), op: comparison, value: scoreValue }),
    fc.record({
      kind: fc.constant('list' as const),
      quantifier: fc.constantFrom('any_of' as const, 'none_of' as const),
      values: fc.array(scoreValue, { minLength: 1, maxLength: 3 }),
    }),
  ),
  at: fc.constant(at),
});
const share = fc.constantFrom(0, 1, 333_333, 500_000, 1_000_000);
const affinityKind = fc.constantFrom<AffinityKind>('category', 'brand');
const affinity = fc.record({
  kind: fc.constant('affinity' as const),
  by: affinityKind,
  expects: fc.oneof(
    fc.record({
      kind: fc.constant('share' as const),
      name: fc.constantFrom(...NAMES),
      op: comparison,
      sharePpm: share,
    }),
    fc.record({
      kind: fc.constant('favourite' as const),
      quantifier: fc.constantFrom('any_of' as const, 'none_of' as const),
      names: fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
    }),
  ),
  at: fc.constant(at),
});
const scores: fc.Arbitrary<Scores | null> = fc.option(
  fc
    .tuple(...SCORE_FIELDS.map((field) => fc.option(scoreValue).map((value) => [field, value])))
    .map((entries) => Object.fromEntries(entries) as Scores),
);
const affinities = fc
  .uniqueArray(fc.tuple(affinityKind, fc.constantFrom(...NAMES), share), {
    selector: ([by, name]) => `${by} ${name}`,
    maxLength: 5,
  })
  .map((own) =>
    own.map(([by, name, sharePpm], i): Affinity => {
      const place = own.slice(0, i).filter(([other]) => other === by).length + 1;
      return { by, name, sharePpm, place };
    }),
  );

const STAYING = ['stay-1', 'stay-2'];

const LEAVES: readonly fc.Arbitrary<Rule>[] = [
  compareCount,
  compareMoney,
  compareShare,
  compareDays,
  has,
  attribute,
  anyAggregate,
  anyAggregate,
  score,
  affinity,
];

function ruleOf(leaves: readonly fc.Arbitrary<Rule>[]): fc.Arbitrary<Rule> {
  return fc.letrec<{ rule: Rule }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      ...leaves,
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const, 'none' as const),
        of: fc.array(tie('rule'), { maxLength: 4 }),
        at: fc.constant(at),
      }),
      fc.record({
        kind: fc.constant('stays' as const),
        segment: fc.constantFrom(...STAYING),
        days: fc.option(fc.integer({ min: 0, max: 40 })),
        of: fc.array(tie('rule'), { maxLength: 1 }),
        at: fc.constant(at),
      }),
    ),
  })).rule;
}

/** A rule that refers to no other segment. */
export const anyRule = ruleOf(LEAVES);

/** Which of the segments before its own a reference means is settled by linked(). */
const reference = fc
  .nat({ max: 99 })
  .map((nth): Rule => ({ kind: 'segment', segment: String(nth), at }));

/** Segments of one shop that refer to each other, in no order that would help. */
export const anySegments: fc.Arbitrary<readonly Segment[]> = fc
  .array(ruleOf([...LEAVES, reference, reference, reference]), { minLength: 2, maxLength: 8 })
  .map((rules) => rules.map((rule, i) => plainSegment(nameOf(i), linked(rule, i))).reverse());

/** Every second one as long as may be, so that they differ in the last sign alone. */
function nameOf(ordinal: number): string {
  return ordinal % 2 === 0 ? `s-${ordinal}` : `s-${String(ordinal).padStart(62, '0')}`;
}

function linked(rule: Rule, ordinal: number): Rule {
  if (rule.kind === 'segment') {
    if (ordinal === 0) return { kind: 'any', of: [], at };
    return { ...rule, segment: nameOf(Number(rule.segment) % ordinal) };
  }
  return 'of' in rule ? { ...rule, of: rule.of.map((inner) => linked(inner, ordinal)) } : rule;
}

export const anyCustomer = fc
  .record({
    orders: fc.array(anyOrder, { maxLength: 7 }),
    events: fc.array(anyEvent, { maxLength: 7 }),
    products: fc.uniqueArray(fc.constantFrom(...NAMES)),
    categories: fc.uniqueArray(fc.constantFrom(...NAMES)),
    attributes: fc.array(attributeValue, { maxLength: 5 }),
    scores,
    affinities,
    earlier: fc.array(
      fc.record({
        segment: fc.constantFrom(...STAYING),
        day: fc.integer({ min: TODAY - 45, max: TODAY }),
      }),
      { maxLength: 2 },
    ),
  })
  .map((facts): Customer => ({ ...facts, cycleHalfDays: ownCycleHalfDays(facts.orders) }));

export function literal(value: number): { readonly kind: 'literal'; readonly value: number } {
  return { kind: 'literal', value };
}
