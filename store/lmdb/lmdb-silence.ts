/**
 * After the store was built anew no lease is granted for a while: bids that left before may still
 * be shown and billed, and what was promised to them is forgotten. The record stays until the first
 * lease after it; while it is there, money is booked on budgets that are not known.
 */
import type { LmdbEnv } from './lmdb-env.ts';

interface Silence {
  readonly bootId: string;
  readonly untilUptimeMs: number;
  readonly lengthMs: number;
}

const KEY = 'silence';

/** Only inside a write of `env`. */
export function beginSilence(env: LmdbEnv, lengthMs: number): void {
  const untilUptimeMs = env.machine.uptimeMs() + lengthMs;
  const silence: Silence = { bootId: env.machine.bootId(), untilUptimeMs, lengthMs };
  env.meta.putSync(KEY, Buffer.from(JSON.stringify(silence)));
}

/** How long no lease may be granted yet, ms; 0 when one may, null when there is no silence on record. */
export function silenceLeftMs(env: LmdbEnv): number | null {
  const stored = env.get(env.meta, KEY);
  if (stored === null) return null;
  const { bootId, untilUptimeMs, lengthMs } = JSON.parse(stored.toString()) as Silence;
  // After one more boot, all that is known is that the bids are older than the boot.
  const endMs = bootId === env.machine.bootId() ? untilUptimeMs : lengthMs;
  return Math.max(0, endMs - env.machine.uptimeMs());
}

/** Only inside a write of `env`. */
export function endSilence(env: LmdbEnv): void {
  env.meta.removeSync(KEY);
}
