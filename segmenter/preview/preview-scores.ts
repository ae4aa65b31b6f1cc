/** Scores that a previewed rule asks for, where no rule of the serving build did. */
import type { AsOf } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { SCORE_COLUMNS, SCORE_FIELDS } from '../../rules/score.ts';
import type { ModelSettings } from '../../settings/model-settings.ts';
import { learnRfm, measuredSql, ranksSql, rfmWindow } from '../build/learn-rfm.ts';
import { NO_RANKS, RFM_SCORE } from '../build/scores.ts';
import { asked, type ShopModels } from '../build/shop-models.ts';
import type { Duck } from '../duck.ts';

const LIFETIMES = SCORE_FIELDS.filter((field) => field.startsWith('clv.')).map(
  (field) => SCORE_COLUMNS[field],
);

/**
 * Puts ranks beside what the build has kept as `scores`, all of it as of the build. Returns why the rule
 * cannot be answered, or null: lifetime values are fitted by builds alone.
 */
export async function completeScores(
  duck: Duck,
  segments: readonly Segment[],
  {
    kept,
    settings,
    asOf,
  }: {
    readonly kept: ShopModels | null;
    readonly settings: ModelSettings;
    readonly asOf: Pick<AsOf, 'day'>;
  },
): Promise<string | null> {
  const asks = asked(segments, { asked: { rfm: false, clv: false } });
  const clv = kept?.clv ?? null;
  if (asks.clv && clv === null) {
    return 'the rule asks for lifetime values, and none were fitted: say clv: {} in shop.yaml';
  }
  if (!asks.rfm || (kept?.rfm ?? null) !== null) return null;
  const base = { orders: 'orders', day: asOf.day };
  await duck.run(
    `CREATE TABLE measured AS FROM ${measuredSql(base, rfmWindow(settings.rfm.method))}`,
  );
  const { cuts } = await learnRfm(duck, 'measured', settings.rfm);
  const ranks = cuts === null ? NO_RANKS : ranksSql('measured', cuts);
  await duck.run('ALTER VIEW scores RENAME TO kept_scores');
  // Whoever has a lifetime value has bought, and whoever has bought has one of what was kept.
  const from = asks.clv
    ? `kept_scores k LEFT JOIN ${ranks} r ON r.person = k.person`
    : `${ranks} r`;
  const columns = asks.clv
    ? ['k.person', ...LIFETIMES.map((column) => `k.${column}`)]
    : ['r.person'];
  await duck.run(`CREATE TABLE scores AS
    SELECT ${columns.join(', ')}, r.rfm_recency, r.rfm_frequency, r.rfm_monetary,
      ${RFM_SCORE} AS rfm_score
    FROM ${from}`);
  return null;
}
