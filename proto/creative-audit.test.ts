import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CREATIVE_PAUSE_MS,
  decodeCreativeAudit,
  encodeCreativeAudit,
  isOpen,
  REFUSALS_MIN,
  REFUSALS_WITHIN_MS,
  verdictOfAudit,
  withCreativeLoss,
  withWin,
} from './creative-audit.ts';

const NOW = 1_790_000_000_000;
const NONE = decodeCreativeAudit(null);
const refusal = (i: number, code = 203) => ({ bidId: `b${i}`, code, atMs: NOW + i });
const refused = (count: number) =>
  Array.from({ length: count }, (_, i) => refusal(i)).reduce(withCreativeLoss, NONE);

describe('what an exchange thinks of a creative', () => {
  it('is nothing until enough bids were lost by it, without a win between', () => {
    const few = refused(REFUSALS_MIN - 1);
    expect(verdictOfAudit(few, NOW + 100)).toMatchObject({ state: 'ok', pausedUntilMs: 0 });
    const enough = withCreativeLoss(few, refusal(REFUSALS_MIN, 202));
    const lastMs = NOW + REFUSALS_MIN;
    expect(verdictOfAudit(enough, NOW + 100)).toEqual({
      state: 'disapproved',
      code: 202,
      count: REFUSALS_MIN,
      sinceMs: NOW,
      lastMs,
      pausedUntilMs: lastMs + CREATIVE_PAUSE_MS,
    });
    const won = withWin(few, NOW + 5);
    expect(won.count).toBe(REFUSALS_MIN - 7);
    expect(verdictOfAudit(withCreativeLoss(won, refusal(50)), NOW + 100).state).toBe('ok');
  });

  it('is tried again when the pause is over, and paused again by the first refusal', () => {
    const audit = refused(REFUSALS_MIN);
    const overMs = NOW + REFUSALS_MIN - 1 + CREATIVE_PAUSE_MS;
    expect(verdictOfAudit(audit, overMs - 1).pausedUntilMs).toBe(overMs);
    expect(verdictOfAudit(audit, overMs)).toMatchObject({ state: 'disapproved', pausedUntilMs: 0 });
    const again = withCreativeLoss(audit, { bidId: 'again', code: 203, atMs: overMs + 5 });
    expect(verdictOfAudit(again, overMs + 5).pausedUntilMs).toBe(overMs + 5 + CREATIVE_PAUSE_MS);
    expect(verdictOfAudit(withWin(again, overMs + 6), overMs + 7).state).toBe('ok');
    expect(verdictOfAudit(audit, NOW + REFUSALS_WITHIN_MS).state).toBe('ok');
  });

  it('is pending while nobody has looked, which pauses nothing', () => {
    const pending = withCreativeLoss(refused(2), refusal(9, 201));
    const verdict = { state: 'pending', code: 201, lastMs: NOW + 9, pausedUntilMs: 0 };
    expect(verdictOfAudit(pending, NOW + 100)).toMatchObject(verdict);
    expect(isOpen(pending)).toBe(true);
    expect(isOpen(withWin(pending, NOW + 100))).toBe(false);
  });

  it('law: notices in any order, and twice, come to the same', () => {
    const moment = fc.nat({ max: 30 });
    const loss = fc.record({
      kind: fc.constant('loss' as const),
      i: moment,
      code: fc.constantFrom(200, 201, 203, 215),
    });
    const win = fc.record({ kind: fc.constant('win' as const), i: moment });
    const notices = fc.uniqueArray(fc.oneof(loss, win), {
      selector: ({ i }) => i,
      maxLength: 20,
    });
    type Notice = { kind: 'loss'; i: number; code: number } | { kind: 'win'; i: number };
    const verdict = (all: readonly Notice[]) => {
      const audit = all.reduce(
        (current, each) =>
          each.kind === 'win'
            ? withWin(current, NOW + each.i)
            : withCreativeLoss(current, refusal(each.i, each.code)),
        NONE,
      );
      const { count: _, ...told } = verdictOfAudit(audit, NOW + 50);
      return { told, refusals: audit.refusals };
    };
    fc.assert(
      fc.property(
        notices.chain((all) =>
          fc.tuple(
            fc.constant(all),
            fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
          ),
        ),
        ([all, again]) => {
          expect(verdict(again)).toEqual(verdict(all));
        },
      ),
    );
  });

  it('survives its bytes, and no bytes make it throw', () => {
    const audit = withCreativeLoss(refused(3), refusal(9, 201));
    expect(decodeCreativeAudit(encodeCreativeAudit(audit))).toEqual(audit);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(verdictOfAudit(decodeCreativeAudit(Buffer.from(text)), NOW).state).toBe('ok');
      }),
    );
    for (const text of ['{"refusals":[null]}', '{"refusals":[{"bidId":1}],"count":1}', 'null'])
      expect(decodeCreativeAudit(Buffer.from(text))).toEqual(NONE);
  });
});
