import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CREATIVE_AUDIT_KIND,
  decodeCreativeAudit,
  REFUSALS_MIN,
  verdictOfAudit,
} from '../proto/creative-audit.ts';
import { decodeWinPrices, WIN_PRICES_KIND } from '../proto/win-prices.ts';
import {
  noRedisReason,
  type RedisServer,
  unixServer,
} from '../store/redis/redis-server.contract.ts';
import { NOW_MS, openRig, type Rig, type RigOptions, until } from './tracker-rig.contract.ts';

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
const applied = (rig: Rig, kind: string, result = 'counted') =>
  rig.count('rekindle_notices_applied_total', kind, result);

async function verdictOf(rig: Rig, creative: string) {
  const key = { exchange: 'alpha', kind: CREATIVE_AUDIT_KIND, name: creative };
  const nowMs = NOW_MS + 60_000;
  return verdictOfAudit(decodeCreativeAudit(await rig.store.learned.read(key, nowMs)), nowMs);
}

async function winPrices(rig: Rig) {
  const key = { exchange: 'alpha', kind: WIN_PRICES_KIND, name: 'USD' };
  const prices = decodeWinPrices(await rig.store.learned.read(key, NOW_MS));
  return Object.fromEntries(Object.entries(prices).map(([name, counts]) => [name, total(counts)]));
}

function describeLearning(name: string, urlOf: () => string): void {
  // Budgets and bids of a shared store have names of their own.
  let tests = 0;
  const open = (more: RigOptions = {}) => openRig({ url: urlOf(), ...more });
  const fresh = () => `${name.length}-${++tests}`;

  /** Loses so many bids, one a millisecond. */
  async function lose(rig: Rig, creative: string, codes: readonly number[]): Promise<void> {
    const before = applied(rig, 'loss');
    const run = fresh();
    for (const [i, code] of codes.entries()) {
      rig.advance(1);
      await rig.get(rig.notice('l', { bidId: `${run}-${i}`, creative }, `&c=${code}`));
    }
    await until(() => applied(rig, 'loss') === before + codes.length);
  }

  describe(name, () => {
    it('disapproves a creative that loses by itself, until it wins', async () => {
      await using rig = await open();
      const creative = fresh();
      await lose(rig, creative, new Array(REFUSALS_MIN - 1).fill(203));
      expect(await verdictOf(rig, creative)).toMatchObject({
        state: 'ok',
        count: REFUSALS_MIN - 1,
      });
      await lose(rig, creative, [102, 2, 0, 104, 500, 201]);
      expect(await verdictOf(rig, creative)).toMatchObject({ state: 'pending' });
      await lose(rig, creative, [202]);
      expect(await verdictOf(rig, creative)).toMatchObject({
        state: 'disapproved',
        code: 202,
        count: REFUSALS_MIN,
      });
      expect((await verdictOf(rig, 'another')).count).toBe(0);
      rig.advance(1000);
      await rig.get(rig.notice('b', { bidId: fresh(), creative }, '&p=1'));
      await until(() => applied(rig, 'billing') === 1);
      expect(await verdictOf(rig, creative)).toMatchObject({ state: 'ok', count: 0 });
      expect(rig.errors).toEqual([]);
    });

    it('writes refusals of a creative that is paused anyhow ten seconds apart', async () => {
      await using rig = await open();
      const creative = fresh();
      await lose(rig, creative, new Array(REFUSALS_MIN).fill(203));
      await lose(rig, creative, [203, 203, 203]);
      expect((await verdictOf(rig, creative)).count).toBe(REFUSALS_MIN);
      rig.advance(10_000);
      await lose(rig, creative, [203, 203]);
      expect((await verdictOf(rig, creative)).count).toBe(REFUSALS_MIN + 1);
    });

    it('writes nothing of a creative that wins and was not refused', async () => {
      await using rig = await open();
      const creative = fresh();
      await rig.get(rig.notice('b', { bidId: fresh(), creative }, '&p=1'));
      await until(() => applied(rig, 'billing') === 1);
      const audits = await rig.store.learned.list(
        { exchange: 'alpha', kind: CREATIVE_AUDIT_KIND },
        NOW_MS,
      );
      expect(audits.has(creative)).toBe(false);
    });

    it('learns from a loss once, and nothing from test bids, forged ones or strangers', async () => {
      await using rig = await open();
      const creative = fresh();
      const bidId = fresh();
      for (let i = 0; i < 5; i++) await rig.get(rig.notice('l', { bidId, creative }, '&c=203'));
      await until(() => applied(rig, 'loss', 'duplicate') === 4);
      expect((await verdictOf(rig, creative)).count).toBe(1);
      expect(rig.losses).toEqual([{ exchange: 'alpha', reason: 'creative', atMs: NOW_MS }]);
      for (const token of [{ leaseId: '' }, { exchange: 'gone' }])
        await rig.get(rig.notice('l', { bidId: fresh(), creative, ...token }, '&c=203'));
      await rig.get(`${rig.notice('l', { bidId: fresh(), creative }, '')}x&c=203`);
      await until(() => applied(rig, 'loss') + applied(rig, 'loss', 'test') === 3);
      expect((await verdictOf(rig, creative)).count).toBe(1);
      await rig.tracker[Symbol.asyncDispose]();
      for (const kind of [CREATIVE_AUDIT_KIND, WIN_PRICES_KIND]) {
        const gone = await rig.store.learned.list({ exchange: 'gone', kind }, NOW_MS);
        expect(gone.size).toBe(0);
      }
    });

    it('adds up what bids cost and came to, after what was counted before', async () => {
      const notices = [
        ['l', '&c=102&m=2.5'],
        ['l', '&c=100'],
        ['l', '&c=203'],
        ['l', '&c=0'],
        ['n', '&p=1.5&m=1.2'],
        ['b', '&p=1.5&m=9'],
        ['b', '&p=AUDIT'],
      ] as const;
      const before = await open().then(async (rig) => {
        await using _ = rig;
        return winPrices(rig);
      });
      const rig = await open();
      try {
        for (const [letter, more] of [...notices, ...notices])
          await rig.get(rig.notice(letter, { bidId: fresh() }, more));
        const count = () => applied(rig, 'loss') + applied(rig, 'win') + applied(rig, 'billing');
        await until(() => count() === 2 * notices.length);
        const labels = (reason: string) => ['alpha', reason] as const;
        for (const reason of ['outbid', 'below_floor', 'creative', 'won'])
          expect(rig.count('rekindle_loss_reasons_total', ...labels(reason))).toBe(2);
        await rig.tracker[Symbol.asyncDispose]();
        const learned = await winPrices(rig);
        const more = Object.entries(learned).map(([series, sum]) => [
          series,
          sum - before[series]!,
        ]);
        expect(Object.fromEntries(more)).toEqual({
          won: 4,
          outbid: 2,
          below_floor: 2,
          lost: 2,
          cleared: 2,
          min_to_win_won: 4,
          min_to_win_lost: 2,
        });
      } finally {
        await rig[Symbol.asyncDispose]();
      }
    });
  });
}

describeLearning('over the embedded store', () => '');

describe.skipIf(noRedisReason !== '')(`over a real redis-server${noRedisReason}`, () => {
  let server: RedisServer;
  let url = '';
  beforeAll(async () => {
    ({ server, url } = unixServer());
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  describeLearning('over Redis', () => url);
});

it.each([
  [1, 'integration'],
  [10, 'integration'],
  [2, 'expired'],
  [101, 'below_floor'],
  [103, 'outbid'],
  [104, 'seat'],
  [215, 'creative'],
  [216, 'other'],
  [500, 'exchange'],
])('loss code %d is counted as %s', async (code, reason) => {
  await using rig = await openRig();
  await rig.get(rig.notice('l', {}, `&c=${code}`));
  await until(() => applied(rig, 'loss') === 1);
  expect(rig.count('rekindle_loss_reasons_total', 'alpha', reason)).toBe(1);
});
