import { Failure } from '../platform/failure.ts';
import type { LatencySummary } from './latency.ts';

/** Where the requests go. Plain HTTP only: a load test stands beside the service. */
export interface LoadTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `http://127.0.0.1:8080/bid/generic` as a target. Throws a Failure on anything but an http URL. */
export function targetOf(url: string): LoadTarget {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== 'http:')
    throw new Failure('usage', `expected an http:// URL to load, got ${url}`);
  return { host: parsed.hostname, port: Number(parsed.port || 80), path: parsed.pathname };
}

/**
 * Whole requests as they go over the wire, one for each body. They lie in one piece of memory: a client
 * that keeps a hundred thousand buffers collects garbage while it should measure.
 */
export function requestsTo(target: LoadTarget, bodies: readonly string[]): Buffer[] {
  const heads = bodies.map(
    (body) =>
      `POST ${target.path} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
  );
  const sizes = bodies.map((body, i) => heads[i]!.length + Buffer.byteLength(body));
  const all = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + size, 0));
  let end = 0;
  return bodies.map((body, i) => {
    const start = end;
    end += sizes[i]!;
    all.write(heads[i]! + body, start);
    return all.subarray(start, end);
  });
}

export interface LoadResult {
  /** For people: which client, how it drove, over how many connections. */
  readonly client: string;
  readonly seconds: number;
  /** Null when the client drove as hard as it could. */
  readonly targetPerSecond: number | null;
  readonly answeredPerSecond: number;
  readonly answered: number;
  /** Status 200 with bids, 204 or 200 with a reason instead (has-bids.ts), and what is not 2xx. */
  readonly bids: number;
  readonly noBids: number;
  readonly non2xx: number;
  /** Of non2xx, the 5xx. */
  readonly serverErrors: number;
  /** Broken connections, unreadable answers and timeouts. */
  readonly errors: number;
  /** Due in time, but no connection was free until the end. */
  readonly unsent: number;
  /** Bytes of all bodies with bids. */
  readonly bidBytes: number;
  /** Part of the time in which the client had something to do, 0..1: over 0.85 it is the bottleneck. */
  readonly generatorBusyShare: number;
  readonly latency: LatencySummary;
  /** Of the half of one-second windows with the lowest p99. */
  readonly bestHalfLatency: LatencySummary;
}

/** The open loop tells the answers with a bid from those without. */
export interface OpenLoopResult extends LoadResult {
  /** Of `latency`, what was answered with bids, and without. */
  readonly bidLatency: LatencySummary;
  readonly noBidLatency: LatencySummary;
}
