/**
 * Publishing no faster than the store's other users can bear: bids read the same Redis. A record is let
 * through when those before it have used up their share of the time, so that nothing adds up while a build
 * computes, and no burst is longer than RECORDS_AT_ONCE.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import type { GenerationWriter } from '../../store/ports.ts';

const RECORDS_AT_ONCE = 500;

export interface Pace {
  /** Most profiles and links a second. */
  readonly perSecond: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Rejects when the build is to end. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Waits by the machine's timers. */
export function waitUntilStopped(stop: AbortSignal | undefined): Pace['wait'] {
  return (ms) => sleep(ms, undefined, stop === undefined ? {} : { signal: stop });
}

/** What writes to `writer` at that pace. */
export function pacedWriter(
  writer: Pick<GenerationWriter, 'putProfiles' | 'copyProfiles' | 'putLinks' | 'putBlob'>,
  { perSecond, clock, wait }: Pace,
): Pick<GenerationWriter, 'putProfiles' | 'copyProfiles' | 'putLinks' | 'putBlob'> {
  let freeAtMs = Number.NEGATIVE_INFINITY;
  const take = async (records: number): Promise<void> => {
    const waitMs = freeAtMs - clock.monotonicMs();
    if (waitMs > 0) await wait(waitMs);
    freeAtMs = Math.max(freeAtMs, clock.monotonicMs()) + (records / perSecond) * 1000;
  };
  const paced =
    <Row>(put: (batch: readonly Row[]) => Promise<void>) =>
    async (batch: readonly Row[]): Promise<void> => {
      for (let from = 0; from < batch.length; from += RECORDS_AT_ONCE) {
        const some = batch.slice(from, from + RECORDS_AT_ONCE);
        await take(some.length);
        await put(some);
      }
    };
  return {
    putProfiles: paced((batch) => writer.putProfiles(batch)),
    async *copyProfiles(range) {
      const steps = writer.copyProfiles(range)[Symbol.asyncIterator]();
      for (;;) {
        // How many a step takes is known afterwards.
        await take(0);
        const { value, done } = await steps.next();
        if (done === true) return;
        await take(value);
        yield value;
      }
    },
    putLinks: paced((batch) => writer.putLinks(batch)),
    putBlob: (name, bytes) => writer.putBlob(name, bytes),
  };
}
