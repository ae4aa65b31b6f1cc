import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  CREATIVE_AUDIT_KIND,
  decodeCreativeAudit,
  encodeCreativeAudit,
  withCreativeLoss,
} from '../proto/creative-audit.ts';
import {
  countPrice,
  emptyWinPrices,
  encodeWinPrices,
  WIN_PRICES_KIND,
} from '../proto/win-prices.ts';
import { openStore } from '../store/open-store.ts';
import { readLessons } from './read-lessons.ts';

const NOW_MS = 1_790_000_000_000;

it('shows what each exchange has taught, and nothing of one that has not', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'lessons-'));
  const store = await openStore({ url: '', dir });
  try {
    const times = { keepMs: 1000, nowMs: NOW_MS };
    const loss = { bidId: 'b', code: 203, atMs: NOW_MS };
    const audit = { exchange: 'big', kind: CREATIVE_AUDIT_KIND, name: 'banner-1' };
    await store.learned.update({ ...audit, ...times }, (current) =>
      encodeCreativeAudit(withCreativeLoss(decodeCreativeAudit(current), loss)),
    );
    const prices = emptyWinPrices();
    for (const series of ['won', 'outbid', 'outbid', 'lost'] as const)
      countPrice(prices, series, 1_000_000);
    countPrice(prices, 'min_to_win_lost', 1e12);
    const winPrices = { exchange: 'big', kind: WIN_PRICES_KIND, name: 'EUR' };
    await store.learned.update({ ...winPrices, ...times }, () => encodeWinPrices(prices));
    const [big, small] = await readLessons(store, ['big', 'small'], NOW_MS);
    expect(small).toEqual({ exchange: 'small', creatives: [], winPrices: [] });
    expect(big).toMatchObject({
      creatives: [{ creative: 'banner-1', state: 'ok', code: 203, count: 1, pausedUntilMs: 0 }],
      winPrices: [
        {
          currency: 'EUR',
          buckets: [
            { upToCpmMicros: 1_280_000, won: 1, outbid: 2, lost: 1, winRate: 1 / 3 },
            { upToCpmMicros: null, min_to_win_lost: 1, winRate: null },
          ],
        },
      ],
    });
    expect(await readLessons(store, ['big'], NOW_MS + 1000)).toEqual([
      { exchange: 'big', creatives: [], winPrices: [] },
    ]);
  } finally {
    await store[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true });
  }
});
