/** CPU time of processes from /proc, all their threads together. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports in clock ticks of USER_HZ, which is 100 on every architecture that Node runs on. */
const TICK_MS = 10;

/** User and system time of a process since its start, ms; null when it is gone or not to be seen. */
export function cpuMs(pid: number): number | null {
  const fields = statFields(pid);
  // Fields 14 and 15 of proc(5), counted from the one after the command: utime and stime.
  return fields === null ? null : (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** CPU time of all of them, ms. Throws when one is gone: a window over it would be a wrong number. */
export function cpuMsOf(pids: readonly number[]): number {
  let total = 0;
  for (const pid of pids) {
    const used = cpuMs(pid);
    if (used === null)
      throw new Error(`process ${pid} ended while its CPU time was being measured`);
    total += used;
  }
  return total;
}

/** CPU time of all processes that this one has started and that have ended, with theirs, ms. */
export function childrenCpuMs(): number {
  const fields = statFields(process.pid)!;
  // Fields 16 and 17 of proc(5): cutime and cstime.
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** The process and all its descendants; empty when it is gone. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const fields = /^\d+$/.test(name) ? statFields(Number(name)) : null;
    if (fields === null) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  if (statFields(pid) === null) return [];
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...(children.get(tree[i]!) ?? []));
  return tree;
}

/** The fields after the command, which may itself hold blanks and brackets. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
