import type { LiveFactsStore } from '../ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';

/** Each record is led by the Unix ms of its end, f64 little-endian. */
const LIVE_HEADER_BYTES = 8;

/** The record's own bytes, or null when it is absent, over, or too short to be a record. */
export function liveBytes(stored: Buffer | null, nowMs: number): Buffer | null {
  if (stored === null || stored.length < LIVE_HEADER_BYTES) return null;
  return stored.readDoubleLE(0) > nowMs ? stored.subarray(LIVE_HEADER_BYTES) : null;
}

/** What liveBytes reads. */
export function endingRecord(bytes: Uint8Array, endMs: number): Buffer {
  const record = Buffer.allocUnsafe(LIVE_HEADER_BYTES + bytes.length);
  record.writeDoubleLE(endMs, 0);
  record.set(bytes, LIVE_HEADER_BYTES);
  return record;
}

export function liveEndMs(stored: Uint8Array): number {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.length);
  return bytes.length < LIVE_HEADER_BYTES ? 0 : bytes.readDoubleLE(0);
}

export class LmdbLiveFacts implements LiveFactsStore {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async read(shop: string, person: string): Promise<Uint8Array | null> {
    const env = this.#env;
    return answer(env, () => liveBytes(env.get(env.live, `${shop}/${person}`), env.clock.nowMs()));
  }

  async update(
    key: { shop: string; person: string; keepMs: number; nowMs: number },
    change: (current: Uint8Array | null) => Uint8Array,
  ): Promise<void> {
    const env = this.#env;
    const name = `${key.shop}/${key.person}`;
    await answer(env, () =>
      env.write(() => {
        // A life is counted on this machine's clock, as Redis counts it on its own.
        const wallMs = env.clock.nowMs();
        const changed = change(liveBytes(env.get(env.live, name), wallMs));
        env.live.putSync(name, endingRecord(changed, wallMs + key.keepMs));
      }),
    );
  }
}
