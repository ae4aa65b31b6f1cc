/** Memory of processes from /proc. Linux only. */
import { readFileSync } from 'node:fs';

/**
 * Bytes in memory of all of them together, what they share counted once (the proportional set size of
 * proc(5)). Throws when one is gone.
 */
export function memoryOf(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    kilobytes += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)![1]);
  }
  return kilobytes * 1024;
}
