/** What holds of any links whatever, in any order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AS_OF_MS,
  DAY_MS,
  edge,
  type Found,
  find,
  JOINING,
  KINDS,
  SHOP,
} from './graph-cases.contract.ts';
import type { IdentityPolicy } from './identity-policy.ts';
import type { IdentityEdge } from './numbered-edges.ts';

const identifier = fc
  .tuple(fc.constantFrom(...KINDS), fc.integer({ min: 0, max: 4 }))
  .map(([kind, value]) => `${kind}:${value}`);
const time = fc.integer({ min: 800, max: 1000 }).map((day) => day * DAY_MS);
const anEdge = fc
  .record({
    a: identifier,
    b: identifier,
    first: time,
    last: time,
    evidence: fc.constantFrom(...SHOP.evidence),
    revokedMs: fc.option(time, { freq: 5 }),
  })
  .map(({ a, b, first, last, evidence, revokedMs }) =>
    edge(a, b, {
      evidence,
      revokedMs,
      firstSeenMs: Math.min(first, last),
      lastSeenMs: Math.max(first, last),
    }),
  );
const someEdges = fc.array(anEdge, { maxLength: 60 });
const aPolicy = fc.constantFrom(SHOP, JOINING, bounded(JOINING));

/** So tight that bounds are met among five values of a kind. */
function bounded(policy: IdentityPolicy): IdentityPolicy {
  const kinds = policy.kinds.map((kind) => ({ ...kind, perPersonMax: 2, sharedMax: 9 }));
  return { ...policy, kinds, personMax: 6 };
}

function membersOf({ persons }: Found): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const [one, person] of Object.entries(persons)) {
    if (person !== null) members.set(person, [...(members.get(person) ?? []), one]);
  }
  return members;
}

describe('laws', () => {
  it('the order of links, and that some come twice, changes nothing', () =>
    fc.assert(
      fc.property(someEdges, aPolicy, fc.infiniteStream(fc.nat()), (edges, policy, chance) => {
        const weighed = [...edges, ...edges.slice(0, 10)].map((one) => ({
          one,
          weight: chance.next().value as number,
        }));
        const shuffled = weighed.sort((a, b) => a.weight - b.weight).map(({ one }) => one);
        const turned = shuffled.map((one, i) =>
          i % 2 === 0
            ? one
            : {
                ...one,
                kindA: one.kindB,
                valueA: one.valueB,
                kindB: one.kindA,
                valueB: one.valueA,
              },
        );
        expect(find(turned, policy)).toEqual(find(edges, policy));
      }),
      { numRuns: 500 },
    ));

  it('no person has more of a kind, or more in all, than may be', () =>
    fc.assert(
      fc.property(someEdges, aPolicy, (edges, policy) => {
        for (const members of membersOf(find(edges, policy)).values()) {
          expect(members.length).toBeLessThanOrEqual(policy.personMax);
          for (const { kind, perPersonMax } of policy.kinds) {
            const ofKind = members.filter((one) => one.startsWith(`${kind}:`));
            expect(ofKind.length).toBeLessThanOrEqual(perPersonMax);
          }
        }
      }),
      { numRuns: 500 },
    ));

  it('no two customers are one person unless the shop, or the CRM itself, says so', () =>
    fc.assert(
      fc.property(someEdges, (edges) => {
        const told = edges.filter((one) => one.kindA !== 'customer' || one.kindB !== 'customer');
        for (const members of membersOf(find(told)).values()) {
          expect(members.filter((one) => one.startsWith('customer:')).length).toBeLessThan(2);
        }
      }),
      { numRuns: 500 },
    ));

  it('what is taken back was never there, but for the age of names', () =>
    fc.assert(
      fc.property(someEdges, anEdge, aPolicy, (edges, extra, policy) => {
        const pair = (one: IdentityEdge) =>
          [`${one.kindA}:${one.valueA}`, `${one.kindB}:${one.valueB}`].sort().join(' ');
        const firstSeenMs = 0;
        const others = edges.filter((one) => pair(one) !== pair(extra));
        // Both ends are known all the same, by links to themselves.
        const known = [
          edge(`${extra.kindA}:${extra.valueA}`, `${extra.kindA}:${extra.valueA}`, { firstSeenMs }),
          edge(`${extra.kindB}:${extra.valueB}`, `${extra.kindB}:${extra.valueB}`, { firstSeenMs }),
        ];
        const revoked = { ...extra, revokedMs: AS_OF_MS };
        expect(find([...others, ...known, extra, revoked], policy)).toEqual(
          find([...others, ...known], policy),
        );
      }),
      { numRuns: 500 },
    ));

  it('more links free nobody from quarantine', () =>
    fc.assert(
      fc.property(someEdges, someEdges, (edges, more) => {
        const seen = (one: IdentityEdge) => ({ ...one, revokedMs: null });
        const before = find(edges.map(seen)).quarantined;
        const after = find([...edges, ...more].map(seen)).quarantined;
        for (const [one, sharedBy] of Object.entries(before)) {
          expect(after[one]).toBeGreaterThanOrEqual(sharedBy);
        }
      }),
      { numRuns: 500 },
    ));

  it('without bounds persons are what is connected', () =>
    fc.assert(
      fc.property(someEdges, (edges) => {
        const free: IdentityPolicy = {
          ...SHOP,
          personMax: 1000,
          kinds: SHOP.kinds.map(({ kind }) => ({
            kind,
            ttlDays: null,
            sharedMax: 1000,
            perPersonMax: 1000,
            joinsCustomers: true,
          })),
        };
        const seen = edges.map((one) => ({ ...one, revokedMs: null }));
        const { persons } = find(seen, free);
        const flooded = connected(seen);
        for (const [a, personA] of Object.entries(persons)) {
          for (const [b, personB] of Object.entries(persons)) {
            expect(personA === personB).toBe(flooded.get(a) === flooded.get(b));
          }
        }
      }),
      { numRuns: 200 },
    ));
});

/** The least name that can be reached, found by asking all links until nothing changes. */
function connected(edges: readonly IdentityEdge[]): Map<string, string> {
  const ends = edges.map((one) => [`${one.kindA}:${one.valueA}`, `${one.kindB}:${one.valueB}`]);
  const least = new Map(ends.flat().map((one) => [one, one]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const [a, b] of ends) {
      const [x, y] = [least.get(a!)!, least.get(b!)!];
      if (x === y) continue;
      const [first] = [x, y].sort();
      least.set(a!, first!);
      least.set(b!, first!);
      changed = true;
    }
  }
  return least;
}
