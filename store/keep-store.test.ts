import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from '../platform/machine.ts';
import { keepCounters, keptUntilMs, rebuildStore } from './keep-store.ts';
import { openStore } from './open-store.ts';
import type { Store } from './ports.ts';
import { syncsOf } from './syncs.contract.ts';

const NOW_MS = 1_790_000_000_000;
const SILENT_MS = 120_000;
const REF = { campaign: 'demo/winback', period: 'flight' };

let dir = '';
let boot = 1;
let uptimeMs = 0;
const machine: Machine = { bootId: () => `boot-${boot}`, uptimeMs: () => uptimeMs };
const options = () => ({ url: '', dir, machine });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-keep-'));
  boot = 1;
  uptimeMs = 1_000_000;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The machine goes down while the store is open, and up again; this process's handle stays behind. */
function cutPower(): void {
  boot++;
  uptimeMs = 20_000;
}

async function lease(store: Store, leaseId: string, wantedNanos = 100): Promise<number> {
  return store.budgets.lease(REF, {
    leaseId,
    wantedNanos,
    amountNanos: 1_000,
    ceilingNanos: 1_000,
    nowMs: NOW_MS,
    expiresAtMs: NOW_MS + 60_000,
  });
}

function settle(store: Store, bidId: string, nanos: number, ref = REF) {
  return store.budgets.settle(ref, { leaseId: 'lost', bidId, nanos, nowMs: NOW_MS });
}

describe('a machine that stops while the embedded store is open', () => {
  it('is noticed by every opener until the store is rebuilt, and the torn file is never read', async () => {
    await using store = await openStore(options());
    await lease(store, 'l1');
    cutPower();
    // Torn in the worst way: the file that was open is none any more.
    await store[Symbol.asyncDispose]();
    writeFileSync(join(dir, 'store', 'store.lmdb'), Buffer.alloc(100_000, 0xee));
    writeFileSync(join(dir, 'store', 'gate.lmdb'), Buffer.alloc(100_000, 0xee));
    writeFileSync(join(dir, 'store', 'in-use'), 'boot-1');
    await expect(openStore(options())).rejects.toThrow(
      /store\.lmdb may be damaged: the machine stopped.*"rekindle start" builds it anew/,
    );
    expect(await rebuildStore(options(), SILENT_MS)).toEqual({
      fault: 'cut-off',
      countersAtMs: null,
    });
    await using again = await openStore(options());
    expect(await again.budgets.read(REF)).toBeNull();
    expect(await rebuildStore(options(), SILENT_MS)).toBeNull();
  });

  it('brings back the counters of the last copy, and what was counted later only from the log', async () => {
    const store = await openStore(options());
    await lease(store, 'l1');
    await settle(store, 'b1', 40);
    await store.marks.set('event-log/x', '17');
    await store.notices.first('n1', 60_000, NOW_MS);
    const sync = { cookie: 'c', exchange: 'big', theirs: 't' };
    await store.syncs.put('s', sync, NOW_MS + 60_000);
    await store.live.update({ shop: 's', person: 'p', keepMs: 60_000, nowMs: NOW_MS }, () =>
      Buffer.from('live'),
    );
    const lesson = { exchange: 'e', kind: 'audit', name: 'banner', nowMs: NOW_MS };
    await store.learned.update({ ...lesson, keepMs: 60_000 }, () => Buffer.from('learned'));
    await keepCounters(store);
    expect(Math.abs(keptUntilMs(options()) - Date.now())).toBeLessThan(10_000);
    await settle(store, 'b2', 40);
    await store.marks.set('event-log/x', '99');
    await forgetClosing(store);
    const rebuilt = await rebuildStore(options(), SILENT_MS);
    expect(rebuilt).toEqual({ fault: 'cut-off', countersAtMs: keptUntilMs(options()) });
    await using again = await openStore(options());
    expect(await again.budgets.read(REF)).toMatchObject({ settledNanos: 40, leasedNanos: 100 });
    expect(await again.marks.get('event-log/x')).toBe('17');
    expect(await again.notices.first('n1', 60_000, NOW_MS)).toBe(false);
    expect(await syncsOf(again, 's', NOW_MS)).toEqual(['c t big']);
    expect(Buffer.from((await again.live.read('s', 'p'))!).toString()).toBe('live');
    expect(String(await again.learned.read(lesson, NOW_MS))).toBe('learned');
    expect(await settle(again, 'b1', 40)).toBe('duplicate');
    expect(readdirSync(join(dir, 'store')).filter((name) => /draft|rebuilt/.test(name))).toEqual(
      [],
    );
  });

  it('copies one moment while others write: a bid settled again afterwards counts once', async () => {
    const store = await openStore(options());
    await lease(store, 'l1');
    for (let i = 0; i < 3000; i++) await settle(store, `b${i}`, 1);
    let copied = false;
    const copying = keepCounters(store).then(() => {
      copied = true;
    });
    let bids = 3000;
    for (; !copied; bids++) {
      await settle(store, `b${bids}`, 1);
      await new Promise((next) => setImmediate(next));
    }
    await copying;
    await forgetClosing(store);
    await rebuildStore(options(), SILENT_MS);
    await using again = await openStore(options());
    for (let i = 0; i < bids; i++) await settle(again, `b${i}`, 1);
    expect(bids).toBeGreaterThan(3003);
    expect((await again.budgets.read(REF))?.settledNanos).toBe(bids);
  });

  it('means silence until every bid made before has run out, over restarts and another boot', async () => {
    await forgetClosing(await openStore(options()));
    await rebuildStore(options(), SILENT_MS);
    {
      await using store = await openStore(options());
      expect(await lease(store, 'early')).toBe(0);
      uptimeMs += SILENT_MS - 1;
    }
    await using store = await openStore(options());
    expect(await lease(store, 'early')).toBe(0);
    boot++;
    uptimeMs = SILENT_MS - 1;
    expect(await lease(store, 'early')).toBe(0);
    uptimeMs += 1;
    expect(await lease(store, 'in time')).toBe(100);
    uptimeMs = 0;
    expect(await lease(store, 'later')).toBe(100);
  });

  it('books what is billed meanwhile on a budget that the copy does not know', async () => {
    await forgetClosing(await openStore(options()));
    await rebuildStore(options(), SILENT_MS);
    await using store = await openStore(options());
    expect(await settle(store, 'b1', 40)).toBe('late');
    expect(await settle(store, 'b1', 40)).toBe('duplicate');
    uptimeMs += SILENT_MS;
    expect(await lease(store, 'all of it', 5_000)).toBe(960);
    expect(await settle(store, 'b9', 1, { campaign: 'x', period: 'y' })).toBe('unknown-budget');
  });

  it('killed in the middle of the rebuild, is rebuilt again', async () => {
    const store = await openStore(options());
    await settleKnown(store);
    await keepCounters(store);
    await forgetClosing(store);
    writeFileSync(join(dir, 'store', 'rebuilt.lmdb'), 'half');
    writeFileSync(join(dir, 'store', 'counters.draft.lmdb'), 'half');
    expect((await rebuildStore(options(), SILENT_MS))?.fault).toBe('cut-off');
    // Ended between the new file taking its place and the note going.
    writeFileSync(join(dir, 'store', 'in-use'), 'boot-1');
    expect((await rebuildStore(options(), SILENT_MS))?.fault).toBe('cut-off');
    await using again = await openStore(options());
    expect((await again.budgets.read(REF))?.settledNanos).toBe(40);
    await keepCounters(again);
  });

  it('with a copy that is damaged says which file and what to do, and touches nothing', async () => {
    const store = await openStore(options());
    await settleKnown(store);
    await keepCounters(store);
    await forgetClosing(store);
    const copy = join(dir, 'store', 'counters.lmdb');
    writeFileSync(copy, Buffer.alloc(50_000, 7));
    await expect(rebuildStore(options(), SILENT_MS)).rejects.toThrow(
      /has to be built anew, but .*counters\.lmdb is damaged: restore it from a backup, or delete/,
    );
    expect(readFileSync(copy).length).toBe(50_000);
    await expect(openStore(options())).rejects.toThrow('machine stopped');
    unlinkSync(copy);
    expect(await rebuildStore(options(), SILENT_MS)).toMatchObject({ countersAtMs: null });
  });
});

describe('a store that was closed', () => {
  it('is sound after any number of boots, also when others had it open for a while', async () => {
    const first = await openStore(options());
    const second = await openStore(options());
    await settleKnown(first);
    await first[Symbol.asyncDispose]();
    expect(existsSync(join(dir, 'store', 'in-use'))).toBe(true);
    await second[Symbol.asyncDispose]();
    expect(existsSync(join(dir, 'store', 'in-use'))).toBe(false);
    boot++;
    expect(await rebuildStore(options(), SILENT_MS)).toBeNull();
    await using again = await openStore(options());
    expect((await again.budgets.read(REF))?.settledNanos).toBe(40);
  });

  it('by a killed process, is sound as long as the machine runs', async () => {
    await using _ = await openStore(options());
    // Nothing of the note depends on who wrote it: a second process of the same boot finds it too.
    expect(readElsewhere(join(dir, 'store', 'in-use'))).toBe('boot-1');
    expect(await rebuildStore(options(), SILENT_MS)).toBeNull();
  });

  it('and whose file was deleted, is rebuilt from the copy instead of starting empty', async () => {
    const store = await openStore(options());
    await settleKnown(store);
    await keepCounters(store);
    await store[Symbol.asyncDispose]();
    unlinkSync(join(dir, 'store', 'store.lmdb'));
    await expect(openStore(options())).rejects.toThrow('is missing');
    expect((await rebuildStore(options(), SILENT_MS))?.fault).toBe('missing');
    await using again = await openStore(options());
    expect((await again.budgets.read(REF))?.settledNanos).toBe(40);
  });

  it('and is damaged, says to delete the file, which rebuilds it', async () => {
    await (await openStore(options()))[Symbol.asyncDispose]();
    const file = join(dir, 'store', 'store.lmdb');
    truncateSync(file, 4096);
    writeFileSync(file, Buffer.alloc(50_000, 7));
    await expect(openStore(options())).rejects.toThrow(
      /store\.lmdb is damaged: delete it, and "rekindle start"/,
    );
  });

  it('and whose gate is damaged, says to delete that', async () => {
    await (await openStore(options()))[Symbol.asyncDispose]();
    const gate = join(dir, 'store', 'gate.lmdb');
    writeFileSync(gate, Buffer.alloc(8192, 7));
    await expect(openStore(options())).rejects.toThrow(/gate\.lmdb is damaged: .*delete it/);
    unlinkSync(gate);
    await using _ = await openStore(options());
  });
});

async function settleKnown(store: Store): Promise<void> {
  await lease(store, 'l1');
  await settle(store, 'b1', 40);
}

/** This process lets go of the file, but the disk is as if it had not: the note stays. */
async function forgetClosing(store: Store): Promise<void> {
  await store[Symbol.asyncDispose]();
  writeFileSync(join(dir, 'store', 'in-use'), machine.bootId());
  writeFileSync(join(dir, 'store', 'store.lmdb'), Buffer.alloc(100_000, 0xee));
  cutPower();
}

/** By another process, of which a machine with only Node has one. */
function readElsewhere(file: string): string {
  const print = 'process.stdout.write(fs.readFileSync(process.argv[1]))';
  return spawnSync(process.execPath, ['-e', print, file], { encoding: 'utf8' }).stdout;
}
