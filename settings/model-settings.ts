/**
 * `rfm:` and `clv:` of shop.yaml: how a build ranks customers and what it foretells of them
 * (docs/models.md).
 *
 *   rfm: { method: quantiles }                  or equal_width, or fixed
 *   rfm:
 *     method: fixed
 *     limits: { recency: [15d, 30d, 60d, 90d], frequency: [2, 3, 4, 6], monetary: [25 EUR, 50 EUR, 100 EUR, 200 EUR] }
 *   clv: { model: bg_nbd, horizon: 12mo, discount: 0.01 }
 */
import { z } from 'zod';
import type { ConfigProblem, ConfigSource } from '../platform/config-file.ts';
import { amountField, durationField } from './fields.ts';

const DAY_MS = 86_400_000;
const HORIZON_MONTHS_MAX = 120;
/** A month, as lifetime values count it: 4.345 weeks. */
const MONTH_DAYS = 30.415;

type Four<T> = readonly [T, T, T, T];

/** The ranks' limits: the longest time for 5, 4, 3 and 2, the least for 2, 3, 4 and 5. */
interface RfmLimits {
  readonly recencyDays: Four<number>;
  readonly orders: Four<number>;
  readonly revenueMicros: Four<number>;
}

export type RfmSettings =
  | { readonly method: 'quantiles' | 'equal_width' }
  | { readonly method: 'fixed'; readonly limits: RfmLimits };

export interface ClvSettings {
  readonly model: 'bg-nbd' | 'pareto-nbd';
  /** Not whole where the horizon is said in days. */
  readonly horizonMonths: number;
  /** 0.01: a coin in a month is worth 1 % less than one now. */
  readonly monthlyDiscount: number;
}

export interface ModelSettings {
  readonly rfm: RfmSettings;
  readonly clv: ClvSettings;
  /** Whether shop.yaml asks for it; else it is computed where a rule asks. */
  readonly asked: { readonly rfm: boolean; readonly clv: boolean };
}

/**
 * retailCRM's widget as published (sideback.ru, "RFM-анализ и сегментация клиентов в RetailCRM"): bands up
 * to 30 and 90 days, 2 and 5 orders, 5,000 and 20,000 roubles, of two ranks each but the last, halved here.
 */
const PUBLISHED = {
  recencyDays: [15, 30, 60, 90],
  orders: [2, 3, 4, 6],
  roubleMicros: [2_500_000_000, 5_000_000_000, 10_000_000_000, 20_000_000_000],
} as const;

const ascending = (values: readonly number[]) =>
  values.every((value, i) => i === 0 || value > values[i - 1]!);
const IN_ORDER = { error: 'expected four limits, each above the one before' };

const days = durationField.refine((ms) => ms % DAY_MS === 0, {
  error: 'expected whole days such as 30d',
});
const count = z.int().min(1).max(1_000_000);

export const rfmSchema = z.discriminatedUnion(
  'method',
  [
    z.strictObject({ method: z.literal('quantiles') }),
    z.strictObject({ method: z.literal('equal_width') }),
    z.strictObject({
      method: z.literal('fixed'),
      limits: z
        .strictObject({
          recency: z.tuple([days, days, days, days]).refine(ascending, IN_ORDER).exactOptional(),
          frequency: z
            .tuple([count, count, count, count])
            .refine(ascending, IN_ORDER)
            .exactOptional(),
          monetary: z
            .tuple([amountField, amountField, amountField, amountField])
            .refine((amounts) => ascending(amounts.map(({ micros }) => micros)), IN_ORDER)
            .exactOptional(),
        })
        .default({}),
    }),
  ],
  { error: 'expected method: quantiles, equal_width or fixed' },
);

/** In months. */
const horizonField = z.unknown().transform((value, context): number => {
  const months = horizonMonths(value);
  if (months !== null) return months;
  const message = `expected months or days such as 12mo or 365d, at most ${HORIZON_MONTHS_MAX}mo`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const clvSchema = z.strictObject({
  model: z.enum(['bg_nbd', 'pareto_nbd']).default('bg_nbd'),
  horizon: horizonField.default(12),
  /** A month. */
  discount: z.number().min(0).max(0.5).default(0.01),
});

interface ModelSections {
  readonly rfm?: z.output<typeof rfmSchema>;
  readonly clv?: z.output<typeof clvSchema>;
}

export function modelSettings({ rfm, clv }: ModelSections): ModelSettings {
  const { model, horizon, discount } = clv ?? clvSchema.parse({});
  return {
    rfm: rfm?.method === 'fixed' ? { method: 'fixed', limits: limitsOf(rfm.limits) } : rfmOf(rfm),
    clv: {
      model: model === 'bg_nbd' ? 'bg-nbd' : 'pareto-nbd',
      horizonMonths: horizon,
      monthlyDiscount: discount,
    },
    asked: { rfm: rfm !== undefined, clv: clv !== undefined },
  };
}

function rfmOf(rfm: Exclude<ModelSections['rfm'], { method: 'fixed' }>): RfmSettings {
  return { method: rfm?.method ?? 'quantiles' };
}

/** Amounts are the shop's currency, and there are published ones in roubles alone. */
export function rfmProblems(
  { rfm }: ModelSections,
  source: ConfigSource,
  currency: string,
): ConfigProblem[] {
  if (rfm?.method !== 'fixed') return [];
  const { monetary } = rfm.limits;
  if (monetary === undefined) {
    if (currency === 'RUB') return [];
    const example = `[25 ${currency}, 50 ${currency}, 100 ${currency}, 200 ${currency}]`;
    const message = `the published limits of money are roubles; expected limits: { monetary: ${example} }`;
    return [source.problem(['rfm', 'method'], message)];
  }
  return monetary.flatMap((amount, i) => {
    if (amount.currency === currency) return [];
    const message = `expected an amount in the shop's currency ${currency}, got ${amount.currency}`;
    return [source.problem(['rfm', 'limits', 'monetary', i], message)];
  });
}

type LimitsSection = Extract<z.output<typeof rfmSchema>, { method: 'fixed' }>['limits'];

function limitsOf({ recency, frequency, monetary }: LimitsSection): RfmLimits {
  const each = <A, B>([a, b, c, d]: Four<A>, of: (value: A) => B): Four<B> => [
    of(a),
    of(b),
    of(c),
    of(d),
  ];
  return {
    recencyDays: recency === undefined ? PUBLISHED.recencyDays : each(recency, (ms) => ms / DAY_MS),
    orders: frequency ?? PUBLISHED.orders,
    revenueMicros:
      monetary === undefined ? PUBLISHED.roubleMicros : each(monetary, ({ micros }) => micros),
  };
}

const HORIZON = /^([1-9]\d{0,3})(mo|d)$/;

/** Null for what is no horizon. */
function horizonMonths(value: unknown): number | null {
  const [, digits, unit] = typeof value === 'string' ? (HORIZON.exec(value) ?? []) : [];
  if (digits === undefined) return null;
  const months = unit === 'mo' ? Number(digits) : Number(digits) / MONTH_DAYS;
  return months <= HORIZON_MONTHS_MAX ? months : null;
}
