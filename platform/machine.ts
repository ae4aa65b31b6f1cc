import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** What outlives processes: which run of the machine this is, and how long it has lasted. */
export interface Machine {
  /** Another text after every boot; '' where the system does not tell. */
  bootId(): string;
  /** Since the boot, ms; never steps, unlike a clock that is set after a boot. */
  uptimeMs(): number;
}

export const systemMachine: Machine = {
  bootId: readBootId,
  uptimeMs: () => Math.round(uptime() * 1000),
};

/** Linux alone has it as a file. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
