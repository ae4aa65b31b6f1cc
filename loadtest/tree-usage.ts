/** Memory and CPU time of a process and all below it while it runs, from /proc. Linux only. */
import { readFileSync } from 'node:fs';
import { cpuMs, processTree } from './cpu-usage.ts';

export interface TreeUsage {
  /** Resident bytes of all processes, the store's mapped file among them; shared pages count for each. */
  readonly residentBytes: number;
  /** Of them those that no file stands behind. */
  readonly anonymousBytes: number;
  /** Of all threads; what a process uses in its last SAMPLE_MS may be missing. */
  readonly cpuSeconds: number;
}

const SAMPLE_MS = 50;

/** Of memory the most that was seen until `done`. */
export class TreeUsageWatch {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  #residentBytes = 0;
  #anonymousBytes = 0;
  readonly #cpuMs = new Map<number, number>();

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), SAMPLE_MS);
  }

  done(): TreeUsage {
    clearInterval(this.#timer);
    const cpuSeconds = [...this.#cpuMs.values()].reduce((sum, ms) => sum + ms, 0) / 1000;
    const [residentBytes, anonymousBytes] = [this.#residentBytes, this.#anonymousBytes];
    return { residentBytes, anonymousBytes, cpuSeconds };
  }

  #look(): void {
    let resident = 0;
    let anonymous = 0;
    for (const pid of processTree(this.#pid)) {
      const status = statusOf(pid);
      const used = cpuMs(pid);
      if (used !== null) this.#cpuMs.set(pid, used);
      resident += kilobytes(status, 'VmRSS');
      anonymous += kilobytes(status, 'RssAnon');
    }
    this.#residentBytes = Math.max(this.#residentBytes, resident * 1024);
    this.#anonymousBytes = Math.max(this.#anonymousBytes, anonymous * 1024);
  }
}

/** '' for a process that has just gone. */
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return '';
  }
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
}
