import type { PersonRead } from '../store/ports.ts';
import type { BidRequest } from './auction/bid-request.ts';
import type { Snapshot } from './auction/snapshot.ts';
import { spaceBehind } from './hash-identities.ts';
import type { Dialect } from './http/dialect.ts';
import type { IdentifierMetrics } from './identifier-metrics.ts';

/** A job that asked for a person. */
interface Asking {
  readonly dialect: Dialect;
  readonly request: BidRequest;
  readonly snapshot: Snapshot;
  /** As hashIdentities made them. */
  readonly identities: readonly string[];
}

/** Counts the identifier that led to a customer; false when none did. */
export function countLinked(
  metrics: IdentifierMetrics,
  { dialect, request, snapshot, identities }: Asking,
  read: PersonRead,
): boolean {
  // A read of a visitor looks for nobody, and leaves what matched before.
  if (read.identities.length === 0 || read.matchedIdentity < 0) return false;
  const led = read.identities[read.matchedIdentity]!;
  const space = spaceBehind(led, identities, request.identities, snapshot.linkedSpaces);
  if (space !== null) metrics.linked(dialect.exchange.exchange, space);
  return true;
}
