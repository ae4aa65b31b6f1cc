/** Links between identifiers as they are logged, and as columns of numbers for the graph. */
import type { IdentityPolicy } from './identity-policy.ts';

/**
 * That two identifiers are one person's, as somebody saw it. An identifier linked to itself is known
 * and linked to nothing.
 */
export interface IdentityEdge {
  readonly kindA: string;
  readonly valueA: string;
  readonly kindB: string;
  readonly valueB: string;
  readonly evidence: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Takes back what was seen of this pair until then, whoever saw it; null takes nothing back. */
  readonly revokedMs: number | null;
}

/** Identifiers are numbered by kind, strongest first, then by value: from <= to in each edge. */
export interface NumberedEdges {
  /** By identifier: index of its kind in the policy. */
  readonly kinds: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Index in the policy's evidence. */
  readonly evidence: Uint8Array;
  readonly firstSeenMs: Float64Array;
  readonly lastSeenMs: Float64Array;
  /** NaN where nothing is taken back. */
  readonly revokedMs: Float64Array;
}

/** Edges and the values of their identifiers by number. Throws for what the policy does not know. */
export function numberEdges(
  edges: readonly IdentityEdge[],
  policy: IdentityPolicy,
): { readonly edges: NumberedEdges; readonly values: readonly string[] } {
  const kindIndex = indexOf(policy.kinds.map(({ kind }) => kind));
  const evidenceIndex = indexOf(policy.evidence);
  const { numbers, kinds, values } = numberIdentifiers(edges, kindIndex, policy.kinds.length);
  const numbered = {
    kinds,
    from: new Int32Array(edges.length),
    to: new Int32Array(edges.length),
    evidence: Uint8Array.from(edges, ({ evidence }) => evidenceIndex(evidence)),
    firstSeenMs: Float64Array.from(edges, ({ firstSeenMs }) => firstSeenMs),
    lastSeenMs: Float64Array.from(edges, ({ lastSeenMs }) => lastSeenMs),
    revokedMs: Float64Array.from(edges, ({ revokedMs }) => revokedMs ?? Number.NaN),
  };
  edges.forEach(({ kindA, valueA, kindB, valueB }, i) => {
    const a = numbers[kindIndex(kindA)]!.get(valueA)!;
    const b = numbers[kindIndex(kindB)]!.get(valueB)!;
    numbered.from[i] = Math.min(a, b);
    numbered.to[i] = Math.max(a, b);
  });
  return { edges: numbered, values };
}

function indexOf(names: readonly string[]): (name: string) => number {
  return (name) => {
    const index = names.indexOf(name);
    if (index === -1) throw new Error(`expected one of ${names.join(', ')}, got ${name}`);
    return index;
  };
}

function numberIdentifiers(
  edges: readonly IdentityEdge[],
  kindIndex: (kind: string) => number,
  kindCount: number,
): { numbers: Map<string, number>[]; kinds: Uint8Array; values: string[] } {
  const known = Array.from({ length: kindCount }, () => new Set<string>());
  for (const { kindA, valueA, kindB, valueB } of edges) {
    known[kindIndex(kindA)]!.add(valueA);
    known[kindIndex(kindB)]!.add(valueB);
  }
  const values: string[] = [];
  const kinds: number[] = [];
  const numbers = known.map((names, kind) => {
    const byValue = new Map<string, number>();
    for (const value of [...names].sort()) {
      byValue.set(value, values.length);
      kinds.push(kind);
      values.push(value);
    }
    return byValue;
  });
  return { numbers, kinds: Uint8Array.from(kinds), values };
}
