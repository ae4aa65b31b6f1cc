/** Promise 9 when the store stands still: every request is answered in time all the same. */
import { median } from './latency.ts';
import type { OpenLoopResult } from './load-result.ts';

/** The deadline of a service that is not told another, and the shortest tmax of the corpus. */
const DEADLINE_US = 100_000;
const BEFORE_MS = 1000;
const STOPPED_MS = 1000;
/** The service asks again 1.75 s after it gave the store up; the rest is to see it bid. */
export const STORE_STOP_SECONDS = 4;

/** Runs `load`, which takes STORE_STOP_SECONDS, and stops the process of the store for its second second. */
export async function stopStoreDuring(
  storePid: number,
  load: () => Promise<OpenLoopResult>,
): Promise<OpenLoopResult> {
  const timers = [
    setTimeout(() => process.kill(storePid, 'SIGSTOP'), BEFORE_MS),
    setTimeout(() => process.kill(storePid, 'SIGCONT'), BEFORE_MS + STOPPED_MS),
  ];
  try {
    return await load();
  } finally {
    for (const timer of timers) clearTimeout(timer);
    process.kill(storePid, 'SIGCONT');
  }
}

/** Of the run between the others: a neighbour on a shared machine may spoil one. */
export function slowestAnswerUs(runs: readonly OpenLoopResult[]): number {
  return median(runs.map(({ latency }) => latency.maxUs));
}

/** What promise 9 demands and these runs did not show, in words. */
export function storeStopFaults(runs: readonly OpenLoopResult[]): string[] {
  const faults: string[] = [];
  for (const { errors, non2xx, unsent } of runs) {
    if (errors + non2xx + unsent > 0)
      faults.push(`${errors} errors, ${non2xx} not 2xx, ${unsent} unsent`);
  }
  if (slowestAnswerUs(runs) > DEADLINE_US) faults.push(`slowest over ${DEADLINE_US / 1000} ms`);
  return faults;
}
