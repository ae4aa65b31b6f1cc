import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskFiles, type SegmentFile, type SegmentFiles } from '../platform/append-log-files.ts';
import { chooseBackend } from '../platform/http/choose-backend.ts';
import { nodeBackend } from '../platform/http/node-server.ts';
import { readAppendLog } from '../platform/read-append-log.ts';
import { decodeEvent } from '../proto/records.ts';
import { SEALED_AGE_MAX_MS } from './clearing-price.ts';
import { KEYS, priceKeys, sealPrice } from './sealed-price.contract.ts';
import {
  NOW_MS,
  openRig,
  type Rig,
  reserveBid,
  tryReserve,
  until,
} from './tracker-rig.contract.ts';

const statusOf = async (rig: Rig, path: string, init?: RequestInit): Promise<number> =>
  (await rig.get(path, init)).status;
const applied = (rig: Rig, kind: string, result = 'counted'): number =>
  rig.count('rekindle_notices_applied_total', kind, result);

const uws = await chooseBackend('uws').catch(() => null);

describe.each([
  ['node:http', nodeBackend],
  ['uWebSockets.js', uws],
])('over %s', (_, backend) => {
  it.skipIf(backend === null)(
    'answers each kind (skipped where the binary does not load)',
    async () => {
      await using rig = await openRig({ backend: backend! });
      for (const letter of ['n', 'b', 'l'])
        expect(await statusOf(rig, rig.notice(letter))).toBe(204);
      expect(await statusOf(rig, rig.notice('b'), { method: 'POST', body: 'x' })).toBe(204);
      const pixel = await rig.get(rig.notice('i'));
      expect(pixel.status).toBe(200);
      expect(pixel.headers.get('content-type')).toBe('image/gif');
      expect(pixel.headers.get('cache-control')).toBe('no-store');
      expect(Buffer.from(await pixel.arrayBuffer()).toString('latin1', 0, 6)).toBe('GIF89a');
      const click = await rig.get(rig.notice('c', {}, '&s=1'));
      expect(click.status).toBe(302);
      expect(click.headers.get('location')).toBe(
        'https://shop.example/sku-2?coupon=spring&rk_click=bid1',
      );
      expect(click.headers.get('cache-control')).toBe('no-store');
      const head = await rig.get(rig.notice('b'), { method: 'HEAD' });
      expect(head.status).toBe(204);
      const view = await rig.post({ event: 'view', ids: { cookie: 'c' }, item: 'a' });
      expect(view.status).toBe(200);
      expect(await view.json()).toMatchObject({ accepted: 1 });
      expect(rig.errors).toEqual([]);
    },
  );
});

describe('notices', () => {
  it('books the lesser of reported and bid, once, in the shop’s nanos', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    const path = rig.notice('b', {}, '&p=1.5');
    await Promise.all(Array.from({ length: 5 }, () => rig.get(path)));
    await until(() => applied(rig, 'billing') + applied(rig, 'billing', 'duplicate') === 5);
    expect(applied(rig, 'billing')).toBe(1);
    expect(await rig.budget()).toMatchObject({ settledNanos: 1_350_000, lateNanos: 0 });
    expect(rig.count('rekindle_spend_micros_total', 'alpha')).toBe(1350);
    expect(rig.errors).toEqual([]);
  });

  it.each([
    ['', 'unknown', 1_800_000],
    ['&p=${AUCTION_PRICE}', 'unknown', 1_800_000],
    ['&p=%24%7BAUCTION_PRICE%7D', 'unknown', 1_800_000],
    ['&p=AUDIT', 'unknown', 1_800_000],
    ['&p=MS41', 'known', 1_350_000],
    ['&p=1.5E0', 'known', 1_350_000],
    ['&p=99', 'above_bid', 1_800_000],
  ])('a price given as %j is %s and books %d nanos', async (price, seen, nanos) => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    expect(await statusOf(rig, rig.notice('b', {}, price))).toBe(204);
    await until(() => applied(rig, 'billing') === 1);
    expect((await rig.budget()).settledNanos).toBe(nanos);
    expect(rig.count('rekindle_clearing_prices_total', seen)).toBe(1);
  });

  const seals = { kind: 'google-hmac', unit: 'impression', keys: [KEYS] } as const;
  const strange = priceKeys(Buffer.alloc(32, 1), Buffer.alloc(32, 2));
  const sealed = sealPrice({ micros: 1500n, atMs: NOW_MS });

  it.each([
    ['known', sealed, 1_350_000],
    ['known', `${sealed}%3D%3D`, 1_350_000],
    ['forged', sealPrice({ micros: 1n, atMs: NOW_MS, keys: strange }), 1_800_000],
    ['stale', sealPrice({ micros: 1n, atMs: NOW_MS - SEALED_AGE_MAX_MS - 1 }), 1_800_000],
    ['encrypted-unreadable', '0.001', 1_800_000],
    ['macro', '%24%7BAUCTION_PRICE%7D', 1_800_000],
    ['empty', '', 1_800_000],
  ])('where prices come sealed, a %s one, %s, books %d nanos', async (form, text, nanos) => {
    await using rig = await openRig({
      billing: 'nurl',
      price: { macro: '${AUCTION_PRICE}', codec: seals },
    });
    await reserveBid(rig.store);
    expect(await statusOf(rig, rig.notice('n', {}, `&p=${text}`))).toBe(204);
    await until(() => applied(rig, 'win') === 1);
    expect((await rig.budget()).settledNanos).toBe(nanos);
    expect(rig.count('rekindle_notice_prices_total', 'alpha', form)).toBe(1);
    const seen = form === 'known' ? 'known' : 'unknown';
    expect(rig.count('rekindle_clearing_prices_total', seen)).toBe(1);
  });

  it.each([
    ['&p=&m=2.5&c=102', { lossCode: 102, minToWinKnown: true, minToWinCpmMicros: 2_500_000 }],
    ['&p=&m=Mi41&c=MTAy', { lossCode: 102, minToWinKnown: true, minToWinCpmMicros: 2_500_000 }],
    ['&m=&c=MTAyCg', { lossCode: 65_535, minToWinKnown: false }],
    ['&m=${AUCTION_MIN_TO_WIN}&c=${AUCTION_LOSS}', { lossCode: 65_535, minToWinKnown: false }],
    ['&m=%24%7BAUCTION_MIN_TO_WIN%7D&c=%24%7BAUCTION_LOSS%7D', { lossCode: 65_535 }],
    ['&m=AUDIT&c=AUDIT', { lossCode: 65_535, minToWinKnown: false }],
    ['', { lossCode: 65_535, minToWinKnown: false }],
  ])('a loss that says %j is logged as what it says', async (more, notice) => {
    await using rig = await openRig();
    expect(await statusOf(rig, rig.notice('l', {}, more))).toBe(204);
    const events = [];
    for await (const { bytes } of readAppendLog(join(rig.log.dir, rig.log.durable().name), 0))
      events.push(decodeEvent(bytes));
    expect(events).toMatchObject([{ notice }]);
  });

  it('keeps the first price and notices another one', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    for (const price of ['1', '1.5', '1.5']) await rig.get(rig.notice('b', {}, `&p=${price}`));
    await until(() => applied(rig, 'billing', 'duplicate') === 2);
    expect((await rig.budget()).settledNanos).toBe(900_000);
    await until(() => rig.count('rekindle_clearing_prices_total', 'changed') === 1);
  });

  it.each([
    ['nurl', 'n'],
    ['burl', 'b'],
    ['impression', 'i'],
  ] as const)('where the exchange bills by %s, only /%s books', async (billing, letter) => {
    await using rig = await openRig({ billing });
    await reserveBid(rig.store);
    const others = ['n', 'b', 'i'].filter((other) => other !== letter);
    for (const other of others) await rig.get(rig.notice(other));
    await rig.tracker.mark();
    expect((await rig.budget()).settledNanos).toBe(0);
    await rig.get(rig.notice(letter));
    await until(async () => (await rig.budget()).settledNanos === 1_800_000);
  });

  it('books what was bid where the impression bills, whatever price its browser names', async () => {
    await using rig = await openRig({ billing: 'impression' });
    await reserveBid(rig.store);
    await rig.get(rig.notice('i', {}, '&p=0'));
    await until(async () => (await rig.budget()).settledNanos === 1_800_000);
    expect(rig.count('rekindle_clearing_prices_total', 'unknown')).toBe(1);
  });

  it('counts a settlement after the lease ended as late', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    await rig.store.budgets.sweep({ campaign: 'demo/winback', period: 'flight' }, 2e12);
    await rig.get(rig.notice('b'));
    await until(() => rig.count('rekindle_settlements_total', 'late') === 1);
    expect(await rig.budget()).toMatchObject({ settledNanos: 1_800_000, lateNanos: 1_800_000 });
  });

  it('a loss that says the bid was won gives nothing back', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    const before = await rig.budget();
    await rig.get(rig.notice('l', {}, '&c=0'));
    await until(() => applied(rig, 'loss') === 1);
    expect(await tryReserve(rig.store, 'bid2')).toBe(false);
    expect(await rig.budget()).toEqual(before);
  });

  it('an impression holds its place under the cap, a loss gives it and the money back', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    expect(await tryReserve(rig.store, 'bid2')).toBe(false);
    await rig.get(rig.notice('l', {}, '&c=102'));
    await until(() => applied(rig, 'loss') === 1);
    expect(rig.count('rekindle_loss_total', '102')).toBe(1);
    expect((await rig.budget()).leasedNanos).toBe(10_000_000 - 1_800_000);
    expect(await tryReserve(rig.store, 'bid2')).toBe(true);
    await rig.get(rig.notice('i', { bidId: 'bid2' }));
    await until(() => applied(rig, 'impression') === 1);
    await rig.get(rig.notice('l', { bidId: 'bid2' }));
    await until(() => applied(rig, 'loss') === 2);
    expect(rig.count('rekindle_loss_total', 'unknown')).toBe(1);
    expect(await tryReserve(rig.store, 'bid3')).toBe(false);
  });

  it('a test bid is answered and books nothing', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    await rig.get(rig.notice('b', { leaseId: '' }));
    await until(() => applied(rig, 'billing', 'test') === 1);
    expect((await rig.budget()).settledNanos).toBe(0);
  });
});

describe('what must not count', () => {
  it('a token with any one character changed, of another audience, or given twice', async () => {
    await using rig = await openRig();
    const good = rig.notice('b');
    const swap = (at: number): string =>
      `${good.slice(0, at)}${good[at] === 'x' ? 'y' : 'x'}${good.slice(at + 1)}`;
    for (let at = '/b?t='.length; at < good.length; at++) {
      expect(await statusOf(rig, swap(at))).toBe(404);
    }
    expect(await statusOf(rig, good.replace('/b?', '/i?'))).toBe(404);
    expect(await statusOf(rig, rig.notice('i').replace('/i?', '/b?'))).toBe(404);
    expect(await statusOf(rig, `${good}&t=${good.slice(5)}`)).toBe(404);
    expect(await statusOf(rig, '/b')).toBe(404);
    expect(await statusOf(rig, good, { method: 'DELETE' })).toBe(405);
    expect(rig.count('rekindle_notices_total', 'billing', 'logged')).toBe(0);
    expect(rig.log.durable().offset).toBe(16);
  });

  it('HEAD and prefetch are answered like the rest', async () => {
    await using rig = await openRig();
    expect(await statusOf(rig, rig.notice('b'), { method: 'HEAD' })).toBe(204);
    expect(await statusOf(rig, rig.notice('i'), { headers: { 'X-Moz': 'prefetch' } })).toBe(200);
    const prefetch = { headers: { 'Sec-Purpose': 'prefetch;prerender' } };
    expect(await statusOf(rig, rig.notice('c'), prefetch)).toBe(302);
    expect(rig.count('rekindle_notices_total', 'click', 'preview')).toBe(1);
    expect(rig.log.durable().offset).toBe(16);
  });

  it('with the disk gone the exchange is asked to come again, and who clicks still arrives', async () => {
    const disk = breakableDisk();
    await using rig = await openRig({ files: disk.files });
    disk.break();
    for (const letter of ['n', 'b', 'l', 'i']) {
      const reply = await rig.get(rig.notice(letter));
      expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '10']);
    }
    expect(await statusOf(rig, rig.notice('c'))).toBe(302);
    expect(await rig.post({ event: 'view', ids: { cookie: 'c' }, item: 'a' })).toMatchObject({
      status: 503,
    });
    disk.mend();
    await until(async () => (await statusOf(rig, rig.notice('b'))) === 204);
  });
});

function breakableDisk(): { files: SegmentFiles; break(): void; mend(): void } {
  let broken = false;
  const check = async (): Promise<void> => {
    if (broken) throw Object.assign(new Error('EIO: injected'), { code: 'EIO' });
  };
  const wrap = (file: SegmentFile): SegmentFile => ({
    ...file,
    sync: () => check().then(file.sync),
  });
  return {
    files: { ...diskFiles, create: async (dir, name) => wrap(await diskFiles.create(dir, name)) },
    break: () => {
      broken = true;
    },
    mend: () => {
      broken = false;
    },
  };
}
