import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppendLog, openAppendLog } from './append-log.ts';
import { diskFiles, type SegmentFile, type SegmentFiles } from './append-log-files.ts';
import { LOG_HEADER_BYTES, recordEnd, segmentName } from './append-log-format.ts';
import { systemClock } from './clock.ts';
import { LogDamaged, readAppendLog } from './read-append-log.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'append-log-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function open(more: { files?: SegmentFiles; queue?: number; segment?: number } = {}) {
  return openAppendLog({
    dir,
    writer: 'w0',
    segmentBytesMax: more.segment ?? 1_000_000,
    flushMs: 2,
    queueBytesMax: more.queue ?? 1_000_000,
    clock: systemClock,
    ...(more.files === undefined ? {} : { files: more.files }),
  });
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function durably(log: AppendLog, record: string): Promise<Error | null> {
  return new Promise((resolve) => log.appendDurable(Buffer.from(record), resolve));
}

async function readFileRecords(file: string): Promise<string[]> {
  const records: string[] = [];
  for await (const record of readAppendLog(file)) records.push(text(record.bytes));
  return records;
}

async function readAll(): Promise<string[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.log')).sort();
  return (await Promise.all(names.map((name) => readFileRecords(join(dir, name))))).flat();
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500 && !(await condition()); i++) await new Promise((r) => setTimeout(r, 10));
  expect(await condition()).toBe(true);
}

describe('append log', () => {
  it('reads back what was appended, in order, over reopening', async () => {
    for (const round of ['a', 'b']) {
      await using log = await open();
      expect(log.append(Buffer.from(`${round}1`))).toBe(true);
      expect(await durably(log, `${round}2`)).toBeNull();
      log.append(Buffer.from(`${round}3`));
    }
    expect(await readAll()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
  });

  it('keeps a copy: the caller may reuse its buffer', async () => {
    const buffer = Buffer.from('first');
    await using log = await open();
    log.append(buffer);
    buffer.write('other');
    await log.close();
    expect(await readAll()).toEqual(['first']);
  });

  it('one sync covers many waiters, and a record without a waiter is synced by nobody', async () => {
    const disk = countingDisk();
    await using log = await open({ files: disk.files });
    const synced = disk.syncs();
    const all = await Promise.all(Array.from({ length: 200 }, (_, i) => durably(log, `r${i}`)));
    expect(all.every((error) => error === null)).toBe(true);
    expect(disk.syncs() - synced).toBeLessThanOrEqual(2);
    log.append(Buffer.from('lazy'));
    await until(async () => (await readAll()).includes('lazy'));
    expect(disk.syncs() - synced).toBeLessThanOrEqual(2);
  });

  it('opens a new segment when one is full, and says where the synced part ends', async () => {
    await using log = await open({ segment: 100 });
    for (let i = 0; i < 30; i++) expect(await durably(log, `record-${i}`)).toBeNull();
    expect(log.durable().seq).toBeGreaterThan(3);
    expect(await readAll()).toEqual(Array.from({ length: 30 }, (_, i) => `record-${i}`));
  });

  it('counts what a full queue refuses, and fails the waiter it cannot take', async () => {
    await using log = await open({ queue: 70_000 });
    const big = Buffer.alloc(60_000, 7);
    expect(log.append(big)).toBe(true);
    expect(log.append(big)).toBe(false);
    expect(log.dropped()).toBe(1);
    const error = await new Promise<Error | null>((resolve) => log.appendDurable(big, resolve));
    expect(error?.message).toBe('the event log queue is full');
  });

  it('refuses everything once closed', async () => {
    const log = await open();
    await log.close();
    expect(log.append(Buffer.from('late'))).toBe(false);
    expect((await durably(log, 'late'))?.message).toBe('the event log is closed');
    expect(log.state()).toBe('closed');
  });
});

describe('reading a damaged segment', () => {
  async function threeRecords(): Promise<{ file: string; bytes: Buffer; ends: number[] }> {
    const log = await open();
    for (const record of ['one', 'two', 'three']) log.append(Buffer.from(record));
    await log.close();
    const file = join(dir, segmentName('w0', 1));
    const bytes = await readFile(file);
    const ends = [LOG_HEADER_BYTES];
    while (ends.at(-1)! < bytes.length) ends.push(recordEnd(bytes, ends.at(-1)!));
    return { file, bytes, ends };
  }

  it('cut at any byte, yields exactly the records that are whole', async () => {
    const { file, bytes, ends } = await threeRecords();
    for (let cut = 0; cut <= bytes.length; cut++) {
      await writeFile(file, bytes.subarray(0, cut));
      const whole = ends.slice(1).filter((end) => end <= cut).length;
      expect(await readFileRecords(file)).toEqual(['one', 'two', 'three'].slice(0, whole));
    }
  });

  it('with any one bit of the last record flipped, or zeros behind it, yields those before', async () => {
    const { file, bytes, ends } = await threeRecords();
    for (let at = ends[2]!; at < bytes.length; at++) {
      const bad = Buffer.from(bytes);
      bad[at]! ^= 1 << (at % 8);
      await writeFile(file, bad);
      expect(await readFileRecords(file)).toEqual(['one', 'two']);
    }
    await writeFile(file, Buffer.concat([bytes, Buffer.alloc(5000)]));
    expect(await readFileRecords(file)).toEqual(['one', 'two', 'three']);
  });

  it('with a bit of the middle flipped, says which file and where', async () => {
    const { file, bytes, ends } = await threeRecords();
    for (let at = ends[1]!; at < ends[2]!; at++) {
      const bad = Buffer.from(bytes);
      bad[at]! ^= 1 << (at % 8);
      await writeFile(file, bad);
      const damage = await readFileRecords(file).catch((error: unknown) => error);
      expect(damage).toBeInstanceOf(LogDamaged);
      expect(damage).toMatchObject({ file, offset: ends[1] });
    }
  });

  it('refuses a version it does not know', async () => {
    const { file, bytes } = await threeRecords();
    bytes.writeUInt32LE(2, 8);
    await writeFile(file, bytes);
    await expect(readFileRecords(file)).rejects.toThrow('log version 2, this Rekindle reads 1');
  });
});

describe('a failing disk', () => {
  it('never syncs a file again after its sync failed, fails the waiters, and goes on in a new one', async () => {
    const disk = countingDisk();
    await using log = await open({ files: disk.files });
    expect(await durably(log, 'good')).toBeNull();
    disk.fail('sync', 'EIO', 1);
    expect((await durably(log, 'lost?'))?.message).toContain('EIO');
    expect(log.state()).toBe('broken');
    expect((await durably(log, 'too soon'))?.message).toContain('EIO');
    await until(async () => (await durably(log, 'again')) === null);
    expect(log.state()).toBe('ok');
    expect(log.durable().seq).toBe(2);
    expect(disk.syncsAfterFailure()).toBe(0);
    expect(await readAll()).toContain('good');
    expect(await readAll()).toContain('again');
  });

  it('on a full disk fails the waiters, leaves no half record, and recovers in the same file', async () => {
    const disk = countingDisk();
    await using log = await open({ files: disk.files });
    expect(await durably(log, 'before')).toBeNull();
    disk.fail('write', 'ENOSPC', Number.POSITIVE_INFINITY);
    expect((await durably(log, 'no room'))?.message).toContain('ENOSPC');
    expect(log.state()).toBe('full');
    const { length } = await readFile(join(dir, segmentName('w0', 1)));
    expect(length).toBe(log.durable().offset);
    expect(log.append(Buffer.from('bid'))).toBe(false);
    expect(log.dropped()).toBe(1);
    disk.fail('write', '', 0);
    await until(async () => (await durably(log, 'after')) === null);
    expect(log.state()).toBe('ok');
    expect(log.durable().seq).toBe(1);
    const kept = await readAll();
    expect(kept[0]).toBe('before');
    expect(kept).toContain('after');
    expect(kept).not.toContain('no room');
  });

  it('law: whatever call fails, every acknowledged record is read back', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Fault>(...FAULTS), {
          minLength: 1,
          maxLength: 12,
        }),
        async (steps) => {
          const acked = await runFaults(steps);
          expect(await readAll()).toEqual(expect.arrayContaining(acked));
        },
      ),
      { numRuns: 60 },
    ));
});

const FAULTS = ['none', 'write ENOSPC', 'write EIO', 'sync ENOSPC', 'sync EIO'] as const;
type Fault = (typeof FAULTS)[number];

/** Appends one record a step with that fault planted; returns what was acknowledged. */
async function runFaults(steps: readonly Fault[]): Promise<string[]> {
  await rm(dir, { recursive: true, force: true });
  const disk = countingDisk();
  let nowMs = 0;
  const clock = { nowMs: () => 0, monotonicMs: () => (nowMs += 1000) };
  await using log = await openAppendLog({
    dir,
    writer: 'w0',
    segmentBytesMax: 60,
    flushMs: 0,
    queueBytesMax: 100_000,
    clock,
    files: disk.files,
  });
  const acked: string[] = [];
  for (const [i, fault] of steps.entries()) {
    const [call, code] = fault.split(' ') as ['write' | 'sync', string];
    if (fault !== 'none') disk.fail(call, code, 1);
    if ((await durably(log, `step-${i}`)) === null) acked.push(`step-${i}`);
    disk.fail('write', '', 0);
  }
  return acked;
}

interface CountingDisk {
  files: SegmentFiles;
  fail(call: 'write' | 'sync', code: string, times: number): void;
  syncs(): number;
  /** Syncs of files whose sync had failed before. */
  syncsAfterFailure(): number;
}

/** The real disk, with failures on demand; a failing write leaves half of its bytes behind. */
function countingDisk(): CountingDisk {
  const plan = { write: { code: '', left: 0 }, sync: { code: '', left: 0 } };
  let syncs = 0;
  let again = 0;
  const failing = (call: 'write' | 'sync'): Error | null => {
    if (plan[call].left <= 0) return null;
    plan[call].left--;
    return Object.assign(new Error(`${plan[call].code}: injected`), { code: plan[call].code });
  };
  const wrap = (file: SegmentFile): SegmentFile => {
    let failed = false;
    return {
      ...file,
      async write(bytes, position) {
        const error = failing('write');
        if (error !== null) await file.write(bytes.subarray(0, bytes.length >> 1), position);
        if (error !== null) throw error;
        await file.write(bytes, position);
      },
      async sync() {
        syncs++;
        if (failed) again++;
        const error = failing('sync');
        failed ||= error !== null;
        if (error !== null) throw error;
        await file.sync();
      },
    };
  };
  return {
    files: { ...diskFiles, create: async (at, name) => wrap(await diskFiles.create(at, name)) },
    fail(call, code, times) {
      if (times === 0) plan.write.left = plan.sync.left = 0;
      else plan[call] = { code, left: times };
    },
    syncs: () => syncs,
    syncsAfterFailure: () => again,
  };
}
