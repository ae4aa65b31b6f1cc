import type { Notices } from '../ports.ts';
import { answer, type LmdbEnv } from './lmdb-env.ts';

const NOTICE_BYTES = 8;

/** When a notice may be forgotten, Unix ms; 0 for a damaged record. */
export function noticeEndMs(stored: Uint8Array): number {
  if (stored.length !== NOTICE_BYTES) return 0;
  return Buffer.from(stored.buffer, stored.byteOffset, stored.length).readDoubleLE(0);
}

export class LmdbNotices implements Notices {
  readonly #env: LmdbEnv;

  constructor(env: LmdbEnv) {
    this.#env = env;
  }

  async first(id: string, keepMs: number, nowMs: number): Promise<boolean> {
    const env = this.#env;
    return answer(env, () =>
      env.write(() => {
        const known = env.get(env.notices, id);
        if (known !== null && noticeEndMs(known) > nowMs) return false;
        const record = Buffer.allocUnsafe(NOTICE_BYTES);
        record.writeDoubleLE(nowMs + keepMs, 0);
        env.notices.putSync(id, record);
        return true;
      }),
    );
  }
}
