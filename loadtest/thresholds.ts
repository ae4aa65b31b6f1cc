/** `p99=20ms,errors=0.1%,ratio=12`: what a bench must reach to pass. */
import { Failure } from '../platform/failure.ts';

const THRESHOLD_NAMES = ['p50', 'p95', 'p99', 'p99.9', 'errors', 'ratio', 'rate', 'bids'] as const;
export type ThresholdName = (typeof THRESHOLD_NAMES)[number];

export interface Threshold {
  readonly name: ThresholdName;
  /** Latencies in us, shares 0..1, a rate in requests per second, a ratio as it is. */
  readonly limit: number;
  /** As it was written. */
  readonly text: string;
}

/** rate and bids must be at least the limit, the others at most. */
const AT_LEAST: readonly ThresholdName[] = ['rate', 'bids'];

/** Throws a Failure with what was expected when a part cannot be read. `''` is none. */
export function parseThresholds(text: string): Threshold[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '').map(parseThreshold);
}

function parseThreshold(text: string): Threshold {
  const [name, value] = text.split('=') as [string, string | undefined];
  const known = THRESHOLD_NAMES.find((candidate) => candidate === name);
  if (known === undefined || value === undefined) {
    throw new Failure(
      'usage',
      `threshold ${JSON.stringify(text)}: expected name=limit with a name of ${THRESHOLD_NAMES.join(', ')}`,
    );
  }
  return { name: known, limit: parseLimit(known, value), text };
}

function parseLimit(name: ThresholdName, value: string): number {
  const isLatency = name.startsWith('p');
  const isShare = name === 'errors' || name === 'bids';
  const form = isLatency ? /^([\d.]+)(us|ms|s)$/ : isShare ? /^([\d.]+)(%)$/ : /^([\d.]+)()$/;
  const match = form.exec(value);
  const number = Number(match?.[1]);
  if (match === null || Number.isNaN(number)) {
    const expected = isLatency
      ? 'a time such as 20ms'
      : isShare
        ? 'a share such as 0.1%'
        : 'a number';
    throw new Failure('usage', `threshold ${name}=${value}: expected ${expected}`);
  }
  const factor = { us: 1, ms: 1000, s: 1_000_000, '%': 0.01, '': 1 }[match[2] ?? ''];
  return number * factor!;
}

/** Texts of the thresholds that `measured` does not keep; what was not measured is breached. */
export function breachedThresholds(
  thresholds: readonly Threshold[],
  measured: Readonly<Partial<Record<ThresholdName, number>>>,
): string[] {
  return thresholds
    .filter(({ name, limit }) => {
      const value = measured[name];
      if (value === undefined || Number.isNaN(value)) return true;
      return AT_LEAST.includes(name) ? value < limit : value > limit;
    })
    .map(({ text }) => text);
}
