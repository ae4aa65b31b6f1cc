/** A run: the bidder is found, then asked check by check, while an idle connection waits its time. */
import { Failure } from '../platform/failure.ts';
import { Probe, type ProbeOptions } from './probe.ts';
import { type Check, fail, type Verdict } from './verdict.ts';

export interface CheckResult {
  readonly check: Check;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

export interface Run {
  /** Whether any of the base requests got a bid. */
  readonly gotBid: boolean;
  /** In the order of the checks. */
  readonly results: readonly CheckResult[];
}

export interface RunOptions {
  readonly probe: ProbeOptions;
  readonly checks: readonly Check[];
  /** Told before each check but the one that waits. */
  readonly onProgress?: (title: string, done: number, total: number) => void;
}

const WAITING = 'keep-alive';
const NOT_FOUND = 404;

/** Throws Failure when nobody answers at the URL. */
export async function runChecks(options: RunOptions): Promise<Run> {
  const probe = new Probe(options.probe);
  const { exchange } = await probe.findBid();
  if (exchange.status === 0 || exchange.status === NOT_FOUND) {
    const came = exchange.trouble || `it is answered ${exchange.status}`;
    const message = `no bidder answers at ${options.probe.url}: ${came}`;
    throw new Failure('dependency-unreachable', message);
  }
  const { checks } = options;
  const waiting = checks.filter(({ id }) => id === WAITING).map((check) => runCheck(check, probe));
  const results: CheckResult[] = [];
  for (const check of checks.filter(({ id }) => id !== WAITING)) {
    options.onProgress?.(check.title, results.length, checks.length);
    results.push(await runCheck(check, probe));
  }
  if (waiting.length > 0) {
    options.onProgress?.('an idle connection is waited for', results.length, checks.length);
    results.push(...(await Promise.all(waiting)));
  }
  const order = (result: CheckResult) => checks.indexOf(result.check);
  return {
    gotBid: probe.bidding !== null,
    results: results.toSorted((a, b) => order(a) - order(b)),
  };
}

async function runCheck(check: Check, probe: Probe): Promise<CheckResult> {
  const startedMs = performance.now();
  const verdict = await check.run(probe).catch((error: unknown): Verdict => {
    return fail(
      `the check could not go on: ${error instanceof Error ? error.message : error}`,
      null,
    );
  });
  return { check, verdict, tookMs: performance.now() - startedMs };
}
