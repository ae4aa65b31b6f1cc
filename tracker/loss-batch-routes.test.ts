import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { NOTICE_AGE_MAX_MS } from './event-kinds.ts';
import { BATCH_ITEMS_MAX } from './loss-batch.ts';
import { NOW_MS, openRig, type Rig, reserveBid, until } from './tracker-rig.contract.ts';

const BATCH_PATH = '/l/batch';
const send = (rig: Rig, body: unknown, headers: Record<string, string> = {}) =>
  fetch(rig.url(BATCH_PATH), {
    method: 'POST',
    headers,
    body: Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body),
  });
const answerOf = async (reply: Promise<Response>) => {
  const { status } = await reply;
  return [status, await (await reply).json()];
};
const tokenOf = (path: string) => new URL(path, 'http://x').searchParams.get('t');
const received = (rig: Rig, result: string) => rig.count('rekindle_notices_total', 'loss', result);
const applied = (rig: Rig, result: string) =>
  rig.count('rekindle_notices_applied_total', 'loss', result);

describe('a batch of losses', () => {
  it('gives back what each lost, as notices do that come alone', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    const batch = [
      rig.url(rig.notice('l', {}, '&p=&m=2.1&c=102')),
      { t: tokenOf(rig.notice('l', { bidId: 'bid2' })), c: 2 },
    ];
    const accepted = { accepted: 2, late: 0, forged: 0, unreadable: 0 };
    expect(await answerOf(send(rig, batch))).toEqual([200, accepted]);
    await until(() => applied(rig, 'counted') === 2);
    expect(rig.count('rekindle_loss_total', '102')).toBe(1);
    expect(rig.count('rekindle_loss_total', '2')).toBe(1);
    expect((await rig.budget()).leasedNanos).toBe(10_000_000 - 2 * 1_800_000);
    const packed = gzipSync(JSON.stringify(batch));
    const gzip = { 'Content-Encoding': 'gzip' };
    expect(await answerOf(send(rig, packed, gzip))).toEqual([200, accepted]);
    await until(() => applied(rig, 'duplicate') === 2);
    expect(applied(rig, 'counted')).toBe(2);
    expect(rig.errors).toEqual([]);
  });

  it('tells forged, late and broken ones apart; none of them costs the others, or is money', async () => {
    await using rig = await openRig();
    await reserveBid(rig.store);
    const before = await rig.budget();
    const good = rig.notice('l', { bidId: 'other', leaseId: 'gone', campaign: 'gone' });
    const old = (NOW_MS - NOTICE_AGE_MAX_MS) / 1000 - 1;
    const batch = [
      { t: `${tokenOf(rig.notice('l'))}x`, c: 102 },
      { t: tokenOf(rig.notice('i')), c: 102 },
      rig.notice('l', { bidAtS: old }),
      rig.notice('b'),
      { c: 102 },
      good,
    ];
    const counts = { accepted: 1, late: 1, forged: 2, unreadable: 2 };
    expect(await answerOf(send(rig, batch))).toEqual([200, counts]);
    await until(() => applied(rig, 'counted') === 1);
    for (const [result, count] of Object.entries({ unknown: 1, late: 1, forged: 2, unreadable: 2 }))
      expect(received(rig, result)).toBe(count);
    expect(await rig.budget()).toEqual(before);
  });

  it('is refused whole when it is none, or too much', async () => {
    await using rig = await openRig();
    const statusOf = async (body: unknown, headers = {}) => (await send(rig, body, headers)).status;
    expect(await statusOf('[')).toBe(400);
    expect(await statusOf('')).toBe(400);
    expect(await statusOf(new Array(BATCH_ITEMS_MAX + 1).fill({ t: 'a.b' }))).toBe(413);
    expect(await statusOf('x'.repeat(256 * 1024 + 1))).toBe(413);
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    expect(await statusOf(bomb, { 'Content-Encoding': 'gzip' })).toBe(413);
    expect(await statusOf('x', { 'Content-Encoding': 'gzip' })).toBe(400);
    expect(await statusOf('x', { 'Content-Encoding': 'br' })).toBe(415);
    expect((await rig.get(BATCH_PATH)).status).toBe(405);
    expect(rig.log.durable().offset).toBe(16);
    expect(rig.errors).toEqual([]);
  });

  it('is taken in the most there may be', async () => {
    await using rig = await openRig();
    const paths = Array.from({ length: BATCH_ITEMS_MAX }, (_, i) => ({
      t: tokenOf(rig.notice('l', { bidId: `b${i}`, items: [] })),
    }));
    const [status, body] = await answerOf(send(rig, paths));
    expect([status, body]).toEqual([200, { accepted: 1000, late: 0, forged: 0, unreadable: 0 }]);
    await until(() => applied(rig, 'counted') === BATCH_ITEMS_MAX);
  });

  it('of which the disk takes nothing is asked for again', async () => {
    await using rig = await openRig();
    await rig.log.close();
    expect((await send(rig, [rig.notice('l')])).status).toBe(503);
    expect(received(rig, 'not_logged')).toBe(1);
  });
});
