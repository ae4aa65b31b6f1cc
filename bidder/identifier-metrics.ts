/**
 * The match rate of each kind of identifier at each exchange: how many requests brought one, and in
 * how many of them it was the one that led to a customer. Of several that would, the most trusted is.
 */
import type { CounterSpec, MetricsBlock } from '../platform/metrics.ts';
import type { RawIdentity } from './auction/bid-request.ts';

const NAME = 'rekindle_identifiers_total';
const EXCHANGE = 1;
/** `other` is every source of eids without a place of its own; at most 31 kinds, a bit each. */
const KINDS = [
  'cookie',
  'exchange',
  'ifa',
  'email_sha256',
  'eid:adserver.org',
  'eid:criteo.com',
  'eid:euid.eu',
  'eid:id5-sync.com',
  'eid:liveramp.com',
  'eid:netid.de',
  'eid:pubcid.org',
  'eid:sharedid.org',
  'eid:uidapi.com',
  'eid:utiq.com',
  'other',
] as const;
const OTHER = KINDS.length - 1;

/** `exchanges` as bidMetricSpecs takes them, `other` among them. */
export function identifierMetricSpec(exchanges: readonly string[]): CounterSpec {
  return {
    kind: 'counter',
    name: NAME,
    help: 'Requests that brought an identifier of a kind (seen), and in which it led to a customer (linked).',
    labels: { exchange: exchanges, kind: KINDS, outcome: ['seen', 'linked'] },
  };
}

interface ExchangeCounts {
  /** Index in KINDS of a space. */
  readonly kinds: ReadonlyMap<string, number>;
  /** By kind. */
  readonly seen: Int32Array;
  readonly linked: Int32Array;
}

/** One worker's; adds numbers and nothing else once an exchange was met. */
export class IdentifierMetrics {
  readonly #block: MetricsBlock;
  readonly #exchanges = new Map<string, ExchangeCounts>();

  constructor(block: MetricsBlock) {
    this.#block = block;
  }

  /** All of one request, each kind once. */
  seen(exchange: string, identities: readonly RawIdentity[]): void {
    const counts = this.#of(exchange);
    let met = 0;
    for (let i = 0; i < identities.length; i++) {
      const kind = counts.kinds.get(identities[i]!.space) ?? OTHER;
      if ((met & (1 << kind)) !== 0) continue;
      met |= 1 << kind;
      this.#block.add(counts.seen[kind]!, 1);
    }
  }

  linked(exchange: string, space: string): void {
    const counts = this.#of(exchange);
    this.#block.add(counts.linked[counts.kinds.get(space) ?? OTHER]!, 1);
  }

  /** To be called when exchanges got places of their own in the layout. */
  exchangesNamed(): void {
    this.#exchanges.clear();
  }

  /** Exchanges come from settings, so they are few. */
  #of(exchange: string): ExchangeCounts {
    let counts = this.#exchanges.get(exchange);
    if (counts === undefined) {
      counts = countsOf(this.#block, exchange);
      this.#exchanges.set(exchange, counts);
    }
    return counts;
  }
}

function countsOf(block: MetricsBlock, exchange: string): ExchangeCounts {
  const slots = (outcome: string) =>
    Int32Array.from(KINDS, (kind) => block.slot(NAME, exchange, kind, outcome));
  const kinds = new Map<string, number>(KINDS.map((kind, i) => [kind, i]));
  kinds.set(`exchange:${exchange}`, EXCHANGE);
  return { kinds, seen: slots('seen'), linked: slots('linked') };
}
