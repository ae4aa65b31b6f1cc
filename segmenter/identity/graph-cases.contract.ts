/** Links written shortly, and the graph of them in words: for the tests of identities. */
import { identityGraph, NOBODY } from './identity-graph.ts';
import { type IdentityPolicy, shopPolicy } from './identity-policy.ts';
import { type IdentityEdge, numberEdges } from './numbered-edges.ts';

export const DAY_MS = 86_400_000;
export const AS_OF_MS = 1000 * DAY_MS;
export const SHOP = shopPolicy([]);
export const JOINING = shopPolicy(['email', 'phone']);
export const KINDS = SHOP.kinds.map(({ kind }) => kind);

/** `email:a`, as tests write an identifier. */
export function edge(a: string, b: string, changes: Partial<IdentityEdge> = {}): IdentityEdge {
  const [[kindA, valueA], [kindB, valueB]] = [a.split(':'), b.split(':')];
  const seen = { firstSeenMs: AS_OF_MS - DAY_MS, lastSeenMs: AS_OF_MS - DAY_MS };
  const at = { evidence: 'upload', ...seen, revokedMs: null, ...changes };
  return { kindA: kindA!, valueA: valueA!, kindB: kindB!, valueB: valueB!, ...at };
}

export interface Found {
  /** Identifier to the one that names its person; null for nobody's. */
  readonly persons: Record<string, string | null>;
  readonly quarantined: Record<string, number>;
  readonly refused: readonly string[];
}

export function find(edges: readonly IdentityEdge[], policy: IdentityPolicy = SHOP): Found {
  const { edges: numbered, values } = numberEdges(edges, policy);
  const name = (i: number) => `${KINDS[numbered.kinds[i]!]}:${values[i]}`;
  const graph = identityGraph(numbered, policy, AS_OF_MS);
  return {
    persons: Object.fromEntries(
      [...graph.personOf].map((person, i) => [name(i), person === NOBODY ? null : name(person)]),
    ),
    quarantined: Object.fromEntries(
      graph.quarantined.map(({ identifier, sharedBy }) => [name(identifier), sharedBy]),
    ),
    refused: graph.refused.map(({ from, to, reason }) => `${name(from)} ${name(to)} ${reason}`),
  };
}
