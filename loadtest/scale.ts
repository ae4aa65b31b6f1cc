/**
 * One worker and two on the machine's cores, which the client shares: what each is served by autocannon's
 * closed loop on the embedded store, and, of the one, the garbage of a bid. For orientation: a client
 * of its own machine would leave the second worker more.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runClosedLoop } from './closed-loop.ts';
import { allocatedBytes } from './gc-trace.ts';
import { median } from './latency.ts';
import type { LoadDemo } from './load-demo.ts';
import { type Environment, SERVICE_LOG, startService } from './service-process.ts';

const CONNECTIONS = 32;
/** Others in every window, as in measure-store.ts: autocannon takes 500 for each connection at most. */
const PEOPLE_OF_WINDOW = 500 * CONNECTIONS;
const WARM_UP_WINDOWS = 4;
const WINDOWS = 5;
const PEOPLE = (WARM_UP_WINDOWS + WINDOWS) * PEOPLE_OF_WINDOW;

export interface Scale {
  readonly onePerSecond: number;
  readonly twoPerSecond: number;
  /** Bytes on the heaps of all threads, a request; the first requests of a fresh worker among them. */
  readonly garbageBytes: number;
}

export interface ScaleOptions {
  readonly workspace: string;
  readonly env: Environment;
  readonly exchange: string;
  readonly demo: LoadDemo;
  readonly windowSeconds: number;
}

export async function measureScale(options: ScaleOptions): Promise<Scale> {
  const log = join(options.workspace, SERVICE_LOG);
  const logStart = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const one = await serve(options, 1, ['--trace-gc']);
  const trace = readFileSync(log).subarray(logStart).toString('latin1');
  const two = await serve(options, 2, []);
  return {
    onePerSecond: one.perSecond,
    twoPerSecond: two.perSecond,
    garbageBytes: allocatedBytes(trace) / one.answered,
  };
}

async function serve(
  { workspace, env, exchange, demo, windowSeconds }: ScaleOptions,
  workers: number,
  nodeArguments: readonly string[],
): Promise<{ perSecond: number; answered: number }> {
  const served = {
    ...env,
    REKINDLE_STORE_URL: '',
    // Client and workers share all cores.
    REKINDLE_BUSY_POLL: '',
    REKINDLE_PROCESSES: '1',
    REKINDLE_WORKERS: String(workers),
  };
  const service = await startService(workspace, served, [], nodeArguments);
  try {
    const people = await demo.bodies({ count: PEOPLE, exchange });
    let answered = 0;
    const perSecond: number[] = [];
    for (let i = 0; i < WARM_UP_WINDOWS + WINDOWS; i++) {
      const from = i * PEOPLE_OF_WINDOW;
      const result = await runClosedLoop({
        url: `${service.url}/bid/${exchange}`,
        bodies: people.slice(from, from + PEOPLE_OF_WINDOW),
        connections: CONNECTIONS,
        seconds: 2 * windowSeconds,
        warmupSeconds: 0,
      });
      answered += result.answered;
      if (i >= WARM_UP_WINDOWS) perSecond.push(result.answeredPerSecond);
    }
    return { perSecond: median(perSecond), answered };
  } finally {
    await service.stop();
  }
}
