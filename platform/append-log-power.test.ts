import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openAppendLog } from './append-log.ts';
import { diskFiles, type SegmentFile, type SegmentFiles } from './append-log-files.ts';
import { LOG_HEADER_BYTES } from './append-log-format.ts';
import { systemClock } from './clock.ts';
import { LogDamaged, readAppendLog } from './read-append-log.ts';

/** What a disk writes whole. */
const SECTOR_BYTES = 512;
const RECORD_BYTES_MAX = 900;

/** The real disk, which remembers of each file how much of it is synced. */
class CuttableDisk {
  readonly synced = new Map<string, { bytes: Buffer }>();
  readonly files: SegmentFiles = {
    ...diskFiles,
    create: async (dir, name) => {
      const path = join(dir, name);
      const file = await diskFiles.create(dir, name);
      this.synced.set(path, { bytes: Buffer.alloc(0) });
      return this.#remembering(path, file);
    },
  };

  #remembering(path: string, file: SegmentFile): SegmentFile {
    return {
      ...file,
      sync: async () => {
        await file.sync();
        this.synced.set(path, { bytes: await readFile(path) });
      },
    };
  }

  /** Every sector written since the last sync reached the disk or did not, as `kept` says. */
  async cut(kept: (sector: number) => boolean): Promise<void> {
    let sectors = 0;
    for (const [path, { bytes }] of this.synced) {
      const written = await readFile(path);
      const left = Buffer.alloc(written.length);
      bytes.copy(left);
      let end = bytes.length;
      for (let at = 0; at < written.length; at += SECTOR_BYTES) {
        const stop = Math.min(at + SECTOR_BYTES, written.length);
        if (stop <= bytes.length || !kept(sectors++)) continue;
        written.copy(left, at, at, stop);
        end = stop;
      }
      await writeFile(path, left.subarray(0, end));
    }
  }
}

const step = fc.oneof(
  fc.record({
    do: fc.constant('durable' as const),
    bytes: fc.integer({ min: 9, max: RECORD_BYTES_MAX }),
  }),
  fc.record({
    do: fc.constant('lazy' as const),
    bytes: fc.integer({ min: 9, max: RECORD_BYTES_MAX }),
  }),
  fc.constant({ do: 'wait' as const, bytes: 0 }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function recordOf(number: number, { do: kind, bytes }: Step): Buffer {
  return Buffer.from(`${kind}-${number}-`.padEnd(bytes, 'x'));
}

/** Appends, cuts the power without closing, and gives what was acknowledged and what is read back. */
async function cutPowerAfter(steps: readonly Step[], kept: readonly boolean[]) {
  const dir = await mkdtemp(join(tmpdir(), 'append-log-'));
  const disk = new CuttableDisk();
  try {
    const log = await openAppendLog({
      dir,
      writer: 'w0',
      segmentBytesMax: 4000,
      flushMs: 0,
      queueBytesMax: 1_000_000,
      clock: systemClock,
      files: disk.files,
    });
    const acked: string[] = [];
    for (const [i, next] of steps.entries()) {
      const record = recordOf(i, next);
      if (next.do === 'lazy') log.append(record);
      // Longer than a lazy flush takes: what is written is not synced.
      if (next.do === 'wait') await new Promise((resolve) => setTimeout(resolve, 60));
      if (next.do !== 'durable') continue;
      const error = await new Promise((resolve) => log.appendDurable(record, resolve));
      if (error === null) acked.push(record.toString());
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
    await disk.cut((sector) => kept[sector % kept.length]!);
    const read = await readBack([...disk.synced.keys()]);
    await log.close();
    return { acked, ...read, appended: steps.map((next, i) => recordOf(i, next).toString()) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function readBack(paths: readonly string[]): Promise<{ records: string[]; damaged: number }> {
  const records: string[] = [];
  let damaged = 0;
  for (const path of paths) {
    try {
      for await (const { bytes } of readAppendLog(path))
        records.push(Buffer.from(bytes).toString());
    } catch (error) {
      if (!(error instanceof LogDamaged)) throw error;
      damaged++;
    }
  }
  return { records, damaged };
}

describe('promise 4: what is acknowledged is never lost: a power cut', () => {
  it(
    'law: whichever unsynced sectors are lost, every acknowledged record is read, and none is made up',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }),
          fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
          async (steps, kept) => {
            const { acked, records, appended } = await cutPowerAfter(steps, kept);
            expect(records).toEqual(expect.arrayContaining(acked));
            expect(appended).toEqual(expect.arrayContaining(records));
          },
        ),
        { numRuns: 30 },
      ),
    60_000,
  );

  it('a hole in the unsynced end looks like damage: what is before it is read, and it is named', async () => {
    const lazy = { do: 'lazy' as const, bytes: 600 };
    const steps = [{ do: 'durable' as const, bytes: 300 }, lazy, lazy, lazy, lazy];
    const { acked, records, damaged } = await cutPowerAfter(steps, [
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(acked.length).toBe(1);
    expect(records.slice(0, 1)).toEqual(acked);
    expect(records.length).toBeLessThan(steps.length);
    expect(damaged).toBe(1);
  });

  it('a segment whose end was lost is not written to again: the next writer opens a new one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'append-log-'));
    const disk = new CuttableDisk();
    const options = {
      dir,
      writer: 'w0',
      segmentBytesMax: 4000,
      flushMs: 0,
      queueBytesMax: 1_000_000,
      clock: systemClock,
    };
    const log = await openAppendLog({ ...options, files: disk.files });
    log.append(Buffer.from('forgotten'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    await disk.cut(() => false);
    const [first] = [...disk.synced.keys()];
    expect((await readFile(first!)).length).toBe(LOG_HEADER_BYTES);
    const again = await openAppendLog(options);
    expect(again.durable().seq).toBe(2);
    await Promise.all([log.close(), again.close()]);
    await rm(dir, { recursive: true, force: true });
  });
});
