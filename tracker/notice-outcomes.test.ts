/** Late, duplicate, forged and unknown notices: each counted apart at every route, none of them money. */
import { describe, expect, it } from 'vitest';
import type { TokenPayload } from '../proto/token.ts';
import { NOTICE_AGE_MAX_MS, NOTICE_ROUTES } from './event-kinds.ts';
import { NOW_MS, openRig, type Rig, reserveBid, until } from './tracker-rig.contract.ts';

const BILLING = { n: 'nurl', b: 'burl', i: 'impression' } as const;
const billingOf = (letter: string) => BILLING[letter as keyof typeof BILLING] ?? 'burl';
/** At the oldest that counts. */
const OLD_S = (NOW_MS - NOTICE_AGE_MAX_MS) / 1000;
const outcomes = (rig: Rig, name: string) =>
  Object.fromEntries(
    ['logged', 'unknown', 'late', 'forged'].map((result) => [
      result,
      rig.count('rekindle_notices_total', name, result),
    ]),
  );
const spent = (rig: Rig) => rig.count('rekindle_spend_micros_total', 'alpha');
const strangers: [string, Partial<TokenPayload>][] = [
  ['exchange', { exchange: 'gone', leaseId: 'gone', campaign: 'gone' }],
  ['shop', { shop: 'gone' }],
  ['campaign', { campaign: 'gone' }],
];

describe.each(NOTICE_ROUTES)('/$letter', ({ letter, name, audience }) => {
  const open = () => openRig({ billing: billingOf(letter) });
  const isMoney = letter in BILLING;
  const none = { logged: 0, unknown: 0, late: 0, forged: 0 };

  it('a late one is answered as ever and reaches neither log nor store', async () => {
    await using rig = await open();
    await reserveBid(rig.store);
    const before = await rig.budget();
    const onTime = await rig.get(rig.notice(letter, { bidAtS: OLD_S, bidId: 'x', leaseId: '' }));
    const offset = rig.log.durable().offset;
    const late = await rig.get(rig.notice(letter, { bidAtS: OLD_S - 1 }));
    expect(late.status).toBe(onTime.status);
    expect(outcomes(rig, name)).toEqual({ ...none, logged: 1, late: 1 });
    expect(rig.log.durable().offset).toBe(offset);
    expect(await rig.budget()).toEqual(before);
  });

  it('promise 4: a duplicate one counts once and costs once', async () => {
    await using rig = await open();
    await reserveBid(rig.store);
    for (const price of ['1', '2', '0.5'])
      await rig.get(rig.notice(letter, {}, `&p=${price}&c=102`));
    const applied = (result: string) => rig.count('rekindle_notices_applied_total', name, result);
    await until(() => applied('duplicate') === 2);
    expect(applied('counted')).toBe(1);
    expect(rig.count('rekindle_settlements_total', 'counted')).toBe(isMoney ? 1 : 0);
    expect(rig.count('rekindle_settlements_total', 'duplicate')).toBe(isMoney ? 2 : 0);
    const once = letter === 'i' ? 1_800_000 : isMoney ? 900_000 : 0;
    expect((await rig.budget()).settledNanos).toBe(once);
    expect(spent(rig)).toBe(once / 1000);
  });

  it('a duplicate one of the oldest that counts is still known for one', async () => {
    await using rig = await open();
    await reserveBid(rig.store);
    await rig.get(rig.notice(letter));
    await until(() => rig.count('rekindle_notices_applied_total', name, 'counted') === 1);
    const before = await rig.budget();
    rig.advance(NOTICE_AGE_MAX_MS);
    await rig.get(rig.notice(letter));
    await until(() => rig.count('rekindle_notices_applied_total', name, 'duplicate') === 1);
    expect(await rig.budget()).toEqual(before);
  });

  it('a forged one is 404', async () => {
    await using rig = await open();
    await reserveBid(rig.store);
    const before = await rig.budget();
    const good = rig.notice(letter);
    const other = rig.notice(audience === 'browser' ? 'b' : 'i').replace(/^\/./, `/${letter}`);
    for (const path of [`${good}x`, good.replace('winback', 'loyalty'), other])
      expect((await rig.get(path)).status).toBe(404);
    expect(outcomes(rig, name)).toEqual({ ...none, forged: 3 });
    expect(rig.log.durable().offset).toBe(16);
    expect(await rig.budget()).toEqual(before);
  });

  it.each(strangers)('one of an unknown %s costs nothing', async (_, token) => {
    await using rig = await open();
    await reserveBid(rig.store);
    const before = await rig.budget();
    await rig.get(rig.notice(letter, token, '&p=1'));
    await until(() => rig.count('rekindle_notices_applied_total', name, 'counted') === 1);
    expect(outcomes(rig, name)).toEqual({ ...none, unknown: 1 });
    // An exchange that is gone bills by its burl, whatever it did before.
    const books = 'exchange' in token ? letter === 'b' : isMoney;
    expect(rig.count('rekindle_settlements_total', 'unknown-budget')).toBe(books ? 1 : 0);
    expect([await rig.budget(), spent(rig)]).toEqual([before, 0]);
  });

  it('one of a lease that is gone is late money, and counted as that', async () => {
    await using rig = await open();
    await reserveBid(rig.store);
    await rig.get(rig.notice(letter, { leaseId: 'gone' }, '&c=0'));
    await until(() => rig.count('rekindle_notices_applied_total', name, 'counted') === 1);
    expect(rig.count('rekindle_settlements_total', 'late')).toBe(isMoney ? 1 : 0);
    const owed = isMoney ? 1_800_000 : 0;
    expect(await rig.budget()).toMatchObject({ settledNanos: owed, lateNanos: owed });
  });
});
