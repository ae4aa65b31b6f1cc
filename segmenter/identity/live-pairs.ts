/** Of everything that was ever seen: each pair of identifiers once, if it still counts. */
import type { IdentityPolicy } from './identity-policy.ts';
import type { NumberedEdges } from './numbered-edges.ts';

/** Strongest pair first, so that a weaker one is what gives way. */
export interface LivePairs {
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

const DAY_MS = 86_400_000;

/**
 * Pairs that were not taken back and were last seen within the shorter life of their two kinds. By
 * kind, then evidence, then the last time seen, then identifiers: no two pairs are alike, so the
 * order of the edges does not matter.
 */
export function livePairs(edges: NumberedEdges, policy: IdentityPolicy, asOfMs: number): LivePairs {
  const seen = seenPairs(edges);
  const ttlMs = policy.kinds.map(({ ttlDays }) => (ttlDays ?? Number.POSITIVE_INFINITY) * DAY_MS);
  const { kinds } = edges;
  const order: number[] = [];
  for (let i = 0; i < seen.count; i++) {
    const { [seen.from[i]!]: strong, [seen.to[i]!]: weak } = kinds;
    const lifeMs = Math.min(ttlMs[strong!]!, ttlMs[weak!]!);
    if (asOfMs - seen.lastSeenMs[i]! <= lifeMs) order.push(i);
  }
  const ordered = Int32Array.from(order).sort(
    (x, y) =>
      kinds[seen.to[x]!]! - kinds[seen.to[y]!]! ||
      seen.evidence[x]! - seen.evidence[y]! ||
      seen.lastSeenMs[y]! - seen.lastSeenMs[x]! ||
      seen.from[x]! - seen.from[y]! ||
      seen.to[x]! - seen.to[y]!,
  );
  return {
    count: ordered.length,
    from: ordered.map((i) => seen.from[i]!),
    to: ordered.map((i) => seen.to[i]!),
  };
}

interface SeenPairs extends LivePairs {
  /** The strongest. */
  readonly evidence: Uint8Array;
  readonly lastSeenMs: Float64Array;
}

/** Each pair of two different identifiers of which something was seen after it was last taken back. */
function seenPairs({ from, to, ...edges }: NumberedEdges): SeenPairs {
  const order = Int32Array.from(from, (_, i) => i).sort(
    (x, y) => from[x]! - from[y]! || to[x]! - to[y]!,
  );
  const pairs = {
    count: 0,
    from: new Int32Array(order.length),
    to: new Int32Array(order.length),
    evidence: new Uint8Array(order.length),
    lastSeenMs: new Float64Array(order.length),
  };
  for (let at = 0; at < order.length; ) {
    const [a, b] = [from[order[at]!]!, to[order[at]!]!];
    let end = at + 1;
    while (end < order.length && from[order[end]!] === a && to[order[end]!] === b) end++;
    const seen = whatCounts(order.subarray(at, end), edges);
    at = end;
    if (seen === null || a === b) continue;
    pairs.from[pairs.count] = a;
    pairs.to[pairs.count] = b;
    pairs.evidence[pairs.count] = seen.evidence;
    pairs.lastSeenMs[pairs.count++] = seen.lastSeenMs;
  }
  return pairs;
}

/** Of all edges of one pair; null when everything was taken back. */
function whatCounts(
  pair: Int32Array,
  edges: Omit<NumberedEdges, 'from' | 'to'>,
): { evidence: number; lastSeenMs: number } | null {
  let revokedMs = Number.NEGATIVE_INFINITY;
  for (const i of pair) if (edges.revokedMs[i]! > revokedMs) revokedMs = edges.revokedMs[i]!;
  let evidence = Number.POSITIVE_INFINITY;
  let lastSeenMs = Number.NEGATIVE_INFINITY;
  for (const i of pair) {
    if (edges.lastSeenMs[i]! <= revokedMs) continue;
    evidence = Math.min(evidence, edges.evidence[i]!);
    lastSeenMs = Math.max(lastSeenMs, edges.lastSeenMs[i]!);
  }
  return lastSeenMs === Number.NEGATIVE_INFINITY ? null : { evidence, lastSeenMs };
}
