/**
 * Who is one person: identifiers united by what links them, made anew from all links each time, so
 * that a link that was taken back leaves no trace.
 *
 * 1. Links that were taken back or grew too old are left out (live-pairs.ts).
 * 2. A value that is of more values of one stronger kind than its kind may (a kiosk's cookie) is
 *    quarantined: it belongs to nobody and joins nothing.
 * 3. The rest is united strongest first, as Kruskal does. A union that would put two customers
 *    together through a kind which may not do that, or take a person over a bound, is refused, and
 *    the weaker of its two values belongs to nobody from the start: nobody knows whose it is.
 * 4. So the unions are made again without what was refused, until none is. That is the second time,
 *    but where two customers were joined by a value that is nobody's now: what else they share is
 *    looked at anew.
 * 5. A person is named by its strongest, oldest identifier.
 */
import type { IdentityPolicy } from './identity-policy.ts';
import { type LivePairs, livePairs } from './live-pairs.ts';
import type { NumberedEdges } from './numbered-edges.ts';
import { DisjointSets } from './union-find.ts';

export interface IdentityGraph {
  /** By identifier: the identifier that names its person, or NOBODY. */
  readonly personOf: Int32Array;
  readonly quarantined: readonly Quarantined[];
  readonly refused: readonly RefusedUnion[];
}

export const NOBODY = -1;

interface Quarantined {
  readonly identifier: number;
  /** How many values of one stronger kind it is of, the most of any. */
  readonly sharedBy: number;
}

interface RefusedUnion {
  readonly from: number;
  /** The weaker one, which belongs to nobody unless both are of one kind. */
  readonly to: number;
  readonly reason: 'two-customers' | 'too-many-of-a-kind' | 'too-many-identifiers';
}

export function identityGraph(
  edges: NumberedEdges,
  policy: IdentityPolicy,
  asOfMs: number,
): IdentityGraph {
  const { kinds } = edges;
  const pairs = livePairs(edges, policy, asOfMs);
  const quarantined = quarantine(pairs, kinds, policy);
  const left = {
    pairs,
    nobodys: new Uint8Array(kinds.length),
    refusedPairs: new Uint8Array(pairs.count),
  };
  for (const { identifier } of quarantined) left.nobodys[identifier] = 1;
  const refused: RefusedUnion[] = [];
  for (;;) {
    const persons = new Persons(kinds, policy);
    const now = unite(persons, left);
    if (now.length === 0) {
      return { personOf: names(persons, edges, left.nobodys), quarantined, refused };
    }
    for (const { from, to } of now) if (kinds[from] !== kinds[to]) left.nobodys[to] = 1;
    for (const union of now) refused.push(union);
  }
}

function quarantine(pairs: LivePairs, kinds: Uint8Array, policy: IdentityPolicy): Quarantined[] {
  const most = new Int32Array(kinds.length);
  for (let strong = 0; strong < policy.kinds.length; strong++) {
    countShared(pairs, kinds, { strong, most });
  }
  const quarantined: Quarantined[] = [];
  for (let identifier = 0; identifier < kinds.length; identifier++) {
    const sharedBy = most[identifier]!;
    if (sharedBy > policy.kinds[kinds[identifier]!]!.sharedMax) {
      quarantined.push({ identifier, sharedBy });
    }
  }
  return quarantined;
}

/** Raises `most` of each weaker identifier to how many of the kind `strong` it is linked to. */
function countShared(
  pairs: LivePairs,
  kinds: Uint8Array,
  { strong, most }: { readonly strong: number; readonly most: Int32Array },
): void {
  const shared = new Int32Array(kinds.length);
  for (let i = 0; i < pairs.count; i++) {
    const to = pairs.to[i]!;
    if (kinds[pairs.from[i]!] !== strong || kinds[to] === strong) continue;
    shared[to]!++;
    if (shared[to]! > most[to]!) most[to] = shared[to]!;
  }
}

interface LeftToUnite {
  readonly pairs: LivePairs;
  /** By identifier: 1 for those that belong to nobody. */
  readonly nobodys: Uint8Array;
  /** By pair. */
  readonly refusedPairs: Uint8Array;
}

/** Unites what is left; marks and returns what is refused. */
function unite(persons: Persons, { pairs, nobodys, refusedPairs }: LeftToUnite): RefusedUnion[] {
  const refused: RefusedUnion[] = [];
  for (let i = 0; i < pairs.count; i++) {
    const [from, to] = [pairs.from[i]!, pairs.to[i]!];
    if (nobodys[from] === 1 || nobodys[to] === 1 || refusedPairs[i] === 1) continue;
    const reason = persons.join(from, to);
    if (reason === null) continue;
    refusedPairs[i] = 1;
    refused.push({ from, to, reason });
  }
  return refused;
}

/** Sets of identifiers with how many of each kind are in them. */
class Persons {
  readonly #sets: DisjointSets;
  readonly #kinds: Uint8Array;
  readonly #policy: IdentityPolicy;
  /** Of the set that a number stands for, kind by kind. */
  readonly #counts: Uint16Array;

  constructor(kinds: Uint8Array, policy: IdentityPolicy) {
    const kindCount = policy.kinds.length;
    this.#sets = new DisjointSets(kinds.length);
    this.#kinds = kinds;
    this.#policy = policy;
    this.#counts = new Uint16Array(kinds.length * kindCount);
    for (let i = 0; i < kinds.length; i++) this.#counts[i * kindCount + kinds[i]!] = 1;
  }

  find(identifier: number): number {
    return this.#sets.find(identifier);
  }

  /** Makes one person of two, or says why not. */
  join(from: number, to: number): RefusedUnion['reason'] | null {
    const [a, b] = [this.#sets.find(from), this.#sets.find(to)];
    if (a === b) return null;
    const reason = this.#objection(a, b, this.#kinds[to]!);
    if (reason !== null) return reason;
    const kept = this.#sets.unite(a, b);
    const gone = kept === a ? b : a;
    const { length } = this.#policy.kinds;
    for (let kind = 0; kind < length; kind++) {
      this.#counts[kept * length + kind]! += this.#counts[gone * length + kind]!;
    }
    return null;
  }

  #objection(a: number, b: number, weakKind: number): RefusedUnion['reason'] | null {
    const { kinds, personMax } = this.#policy;
    const [atA, atB] = [a * kinds.length, b * kinds.length];
    const twoCustomers = this.#counts[atA]! > 0 && this.#counts[atB]! > 0;
    if (twoCustomers && !kinds[weakKind]!.joinsCustomers) return 'two-customers';
    for (let kind = 0; kind < kinds.length; kind++) {
      const sum = this.#counts[atA + kind]! + this.#counts[atB + kind]!;
      if (sum > kinds[kind]!.perPersonMax) return 'too-many-of-a-kind';
    }
    const size = this.#sets.sizeOf(a) + this.#sets.sizeOf(b);
    return size > personMax ? 'too-many-identifiers' : null;
  }
}

/** Identifiers are numbered strongest first; of one kind the oldest names, then the first by value. */
function names(persons: Persons, edges: NumberedEdges, nobodys: Uint8Array): Int32Array {
  const { kinds } = edges;
  const firstSeenMs = firstSeen(edges);
  const best = new Int32Array(kinds.length).fill(NOBODY);
  for (let i = 0; i < kinds.length; i++) {
    const person = persons.find(i);
    const named = best[person]!;
    const older =
      named !== NOBODY && kinds[named] === kinds[i] && firstSeenMs[i]! < firstSeenMs[named]!;
    if (named === NOBODY || older) best[person] = i;
  }
  const personOf = new Int32Array(kinds.length);
  for (let i = 0; i < kinds.length; i++) {
    personOf[i] = nobodys[i] === 1 ? NOBODY : best[persons.find(i)]!;
  }
  return personOf;
}

/** Also by edges that count no longer: a name must not change when a link grows old. */
function firstSeen({ kinds, from, to, ...edges }: NumberedEdges): Float64Array {
  const firstSeenMs = new Float64Array(kinds.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < from.length; i++) {
    const seenMs = edges.firstSeenMs[i]!;
    for (const identifier of [from[i]!, to[i]!]) {
      if (seenMs < firstSeenMs[identifier]!) firstSeenMs[identifier] = seenMs;
    }
  }
  return firstSeenMs;
}
