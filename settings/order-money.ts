/** What a shop's CRM says of an order's money besides its amount, and the rates to bring it together. */
import { z } from 'zod';
import { currencyField, dateField } from './fields.ts';

const column = z.string().min(1).max(200);
const TAKEN_BACK_MAX = 100;

/** Columns of an orders file; all amounts are of the row, so of a line where rows are lines: beside `revenue` of the order. */
export const moneyColumns = {
  /** What the row's goods cost the shop. */
  cost: column.exactOptional(),
  /** The same of one piece, beside unit_price. */
  unit_cost: column.exactOptional(),
  /** Paid back or not bought out, with either sign; the row's revenue is what remains. */
  refunded: column.exactOptional(),
  /** Pieces that the customer kept of `quantity`; an empty cell is all of them. */
  kept_quantity: column.exactOptional(),
  /** A line whose status is one of `taken_back` was not kept. */
  line_status: column.exactOptional(),
  /** ISO 4217; an empty cell is the shop's currency. */
  currency: column.exactOptional(),
};

export const takenBackField = z.array(z.string().min(1).max(255)).min(1).max(TAKEN_BACK_MAX);

interface MoneySection {
  readonly columns: Readonly<Record<string, string | undefined>>;
  readonly taken_back?: readonly string[] | undefined;
}

interface Contradiction {
  /** The column to point at. */
  readonly column: string;
  readonly message: string;
  holds(columns: MoneySection['columns']): boolean;
}

/** Columns that contradict each other, or whose arithmetic would have to guess. */
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    column: 'unit_cost',
    message: 'expected either cost or unit_cost',
    holds: (columns) => columns['unit_cost'] !== undefined && columns['cost'] !== undefined,
  },
  {
    column: 'unit_cost',
    message: 'expected unit_cost beside unit_price',
    holds: (columns) => columns['unit_cost'] !== undefined && columns['unit_price'] === undefined,
  },
  {
    column: 'kept_quantity',
    message: 'expected kept_quantity beside quantity and unit_price',
    holds: (columns) =>
      columns['kept_quantity'] !== undefined &&
      (columns['unit_price'] === undefined || columns['quantity'] === undefined),
  },
  {
    column: 'cost',
    message: 'expected unit_cost beside kept_quantity: the cost of a part would be a guess',
    holds: (columns) => columns['kept_quantity'] !== undefined && columns['cost'] !== undefined,
  },
  {
    column: 'products',
    message: 'expected products beside revenue, without product and quantity',
    holds: (columns) =>
      columns['products'] !== undefined &&
      (columns['revenue'] === undefined ||
        (columns['product'] ?? columns['quantity']) !== undefined),
  },
  {
    column: 'line_status',
    message: 'expected unit_price or line_total: revenue is of the whole order',
    holds: (columns) => columns['line_status'] !== undefined && columns['revenue'] !== undefined,
  },
];

/** Says what of an `import: orders:` section cannot be meant together. */
export function checkMoneyColumns(orders: MoneySection, context: z.RefinementCtx): void {
  const refuse = (path: readonly string[], message: string) =>
    context.addIssue({ code: 'custom', message, path: [...path] });
  for (const { column: name, message, holds } of CONTRADICTIONS) {
    if (holds(orders.columns)) refuse(['columns', name], message);
  }
  const hasLineStatus = orders.columns['line_status'] !== undefined;
  if (hasLineStatus === (orders.taken_back !== undefined)) return;
  refuse(
    hasLineStatus ? ['columns', 'line_status'] : ['taken_back'],
    'expected columns.line_status and taken_back together',
  );
}

/** Billionths of the shop's currency for one unit of another, from a local day on. */
export interface DatedRate {
  /** Days since 1970-01-01. */
  readonly fromDay: number;
  readonly nanos: number;
}

/** By currency, oldest first. Before the first there is no rate. */
export type ShopRates = Readonly<Record<string, readonly DatedRate[]>>;

/** A shop's own currency, and what others were worth in it. */
export interface ShopMoney {
  readonly currency: string;
  readonly rates: ShopRates;
}

const NANOS = 1e9;
const RATES_MAX = 10_000;
const DAY_MS = 86_400_000;

const rateField = z.union([z.number(), z.string()]).transform((value, context): number => {
  const nanos = rateNanos(String(value));
  if (nanos !== null) return nanos;
  const message = 'expected a rate such as 0.92: more than 0, at most nine decimals';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

function rateNanos(text: string): number | null {
  const match = /^(\d{1,6})(?:\.(\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  const nanos = Number(match[1]) * NANOS + Number((match[2] ?? '').padEnd(9, '0'));
  return nanos > 0 ? nanos : null;
}

const dayField = dateField.refine((text) => text.length === 'yyyy-MM-dd'.length, {
  error: 'expected a day such as 2026-11-22',
});

/** `rates:` of shop.yaml: `USD: { 2026-01-01: 0.92 }`, one dollar in the shop's currency from that day. */
export const shopRatesSchema = z
  .record(
    currencyField,
    z.record(dayField, rateField).refine((rates) => Object.keys(rates).length <= RATES_MAX, {
      error: `expected at most ${RATES_MAX} days`,
    }),
  )
  .transform(
    (byCurrency): ShopRates =>
      Object.fromEntries(
        Object.entries(byCurrency).map(([currency, rates]) => [currency, datedRates(rates)]),
      ),
  );

function datedRates(rates: Readonly<Record<string, number>>): DatedRate[] {
  return Object.entries(rates)
    .map(([day, nanos]) => ({ fromDay: Date.parse(day) / DAY_MS, nanos }))
    .sort((a, b) => a.fromDay - b.fromDay);
}
