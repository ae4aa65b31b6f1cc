/** Whether this machine is one for workers that poll: docs/decisions/0014. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { ServiceConfig } from '../settings/workspace.ts';

interface CpuShare {
  readonly cores: number;
  /** The quota of this container as cgroup v2 has it, `200000 100000`; `max …` or '' is none. */
  readonly quota: string;
}

export function thisMachine(): CpuShare {
  return { cores: availableParallelism(), quota: quota() };
}

function quota(): string {
  try {
    return readFileSync('/sys/fs/cgroup/cpu.max', 'latin1').trim();
  } catch {
    return '';
  }
}

/** `detail` is for people. */
export function busyPolling(
  { busyPollMs, processes, workers }: Pick<ServiceConfig, 'busyPollMs' | 'processes' | 'workers'>,
  { cores, quota }: CpuShare,
): { readonly ok: boolean; readonly detail: string } {
  if (busyPollMs === 0) return { ok: true, detail: 'off' };
  const all = processes * workers;
  const polling = `${all} ${all === 1 ? 'worker polls' : 'workers poll'} for ${busyPollMs} ms`;
  if (/^\d/.test(quota)) {
    return { ok: false, detail: `${polling}, CPU quota ${quota}: it will stop them` };
  }
  const shared = `${polling}, ${cores} cores: whatever else runs here waits for one`;
  return all >= cores
    ? { ok: false, detail: shared }
    : { ok: true, detail: `${polling}, ${cores} cores` };
}
