import { readFileSync } from 'node:fs';

/** For store, event log, clients of our own and what Node itself keeps open. */
const RESERVED = 128;

/**
 * How many connections each of `listeners` in this process may hold so that files stay for the rest,
 * at most `wanted`. At the limit of open files uWebSockets.js would try to accept for ever, which
 * takes a whole core. `limits` is the text of /proc/self/limits; where there is none, `wanted`.
 */
export function affordableConnections(
  wanted: number,
  listeners: number,
  limits: string | null = processLimits(),
): number {
  const openFiles = Number(/^Max open files +(\d+)/m.exec(limits ?? '')?.[1] ?? Infinity);
  return Math.max(1, Math.min(wanted, Math.floor((openFiles - RESERVED) / listeners)));
}

function processLimits(): string | null {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return null;
  }
}
