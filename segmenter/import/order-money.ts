/**
 * The money of one row of an orders file: what the customer kept, what went back, what it cost the
 * shop. In the currency of the row: sold = kept + refunded, to the micro.
 */
import { MICROS_PER_UNIT } from '../../proto/micros.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { decimalReader } from './decimal-number.ts';
import { type CellProblem, type ColumnPlaces, cellProblem } from './order-columns.ts';

export interface RowMoney {
  /** What was kept, in millionths of a piece, so that 0.345 kg is whole. */
  readonly quantityMicros: number;
  /** What was kept. */
  readonly amountMicros: number;
  /** Never negative. */
  readonly refundedMicros: number;
  /** Null where the file does not say. */
  readonly costMicros: number | null;
}

type CellReader<T> = (cells: readonly string[]) => T | CellProblem;

/** Compiles a mapping once for all rows. */
export function moneyReader(mapping: OrdersMapping, at: ColumnPlaces): CellReader<RowMoney> {
  const number = decimalReader(mapping.decimal);
  const readSold = soldReader(mapping, at, number);
  const isPlain = Math.max(at.refunded, at.keptQuantity, at.lineStatus, at.cost) === -1;
  if (isPlain) {
    return (cells) => {
      const sold = readSold(cells);
      if ('reason' in sold) return sold;
      const { quantityMicros, amountMicros } = sold;
      const refundedMicros = goodsBack(sold);
      return { quantityMicros, amountMicros, refundedMicros, costMicros: null };
    };
  }
  const readKept = keptReader(mapping, at, number);
  const readRefund = refundReader(mapping, at, number);
  const readCost = costReader(mapping, at, number);
  return (cells) => {
    const sold = readSold(cells);
    if ('reason' in sold) return sold;
    const kept = readKept(cells, sold);
    if ('reason' in kept) return kept;
    const refund = readRefund(cells, sold, kept);
    if (typeof refund === 'object') return refund;
    const costMicros = readCost(cells, kept);
    if (typeof costMicros === 'object' && costMicros !== null) return costMicros;
    const notKept = sold.amountMicros - kept.amountMicros;
    return {
      quantityMicros: kept.quantityMicros,
      amountMicros: kept.amountMicros - refund,
      refundedMicros: notKept + refund + goodsBack(kept),
      costMicros,
    };
  };
}

interface Goods {
  readonly quantityMicros: number;
  readonly amountMicros: number;
}

/** A line of fewer than no pieces is goods that came back; a negative price is a discount. */
function goodsBack({ quantityMicros, amountMicros }: Goods): number {
  return quantityMicros < 0 && amountMicros < 0 ? -amountMicros : 0;
}

type NumberReader = (text: string) => number | null;

const NO_MONEY = 'expected an amount of money';

function soldReader(
  mapping: OrdersMapping,
  at: ColumnPlaces,
  number: NumberReader,
): CellReader<Goods> {
  const perUnit = mapping.columns.unit_price !== undefined;
  const amount: NumberReader = mapping.blanksStay
    ? (text) => (text === '' ? 0 : number(text))
    : number;
  return (cells) => {
    const quantityMicros =
      at.quantity === -1 ? MICROS_PER_UNIT : number(cells[at.quantity]!.trim());
    if (quantityMicros === null) return cellProblem(at, at.quantity, cells, 'expected a number');
    const money = amount(cells[at.amount]!.trim());
    if (money === null) return cellProblem(at, at.amount, cells, NO_MONEY);
    const amountMicros = perUnit ? lineMicros(quantityMicros, money) : money;
    if (amountMicros !== null) return { quantityMicros, amountMicros };
    return cellProblem(at, at.amount, cells, 'quantity times price is not exact in micros');
  };
}

/** Exact, or null: a line's total is never rounded. */
function lineMicros(quantityMicros: number, priceMicros: number): number | null {
  if (quantityMicros % MICROS_PER_UNIT === 0) {
    const total = (quantityMicros / MICROS_PER_UNIT) * priceMicros;
    return Number.isSafeInteger(total) ? total : null;
  }
  const product = BigInt(quantityMicros) * BigInt(priceMicros);
  if (product % BigInt(MICROS_PER_UNIT) !== 0n) return null;
  const total = Number(product / BigInt(MICROS_PER_UNIT));
  return Number.isSafeInteger(total) ? total : null;
}

const NOTHING: Goods = { quantityMicros: 0, amountMicros: 0 };

function keptReader(
  mapping: OrdersMapping,
  at: ColumnPlaces,
  number: NumberReader,
): (cells: readonly string[], sold: Goods) => Goods | CellProblem {
  const takenBack = new Set(mapping.taken_back);
  return (cells, sold) => {
    if (at.lineStatus !== -1 && takenBack.has(cells[at.lineStatus]!.trim())) return NOTHING;
    const text = cells[at.keptQuantity]?.trim() ?? '';
    if (text === '') return sold;
    const quantityMicros = number(text);
    if (quantityMicros === null || quantityMicros < 0 || quantityMicros > sold.quantityMicros) {
      return cellProblem(at, at.keptQuantity, cells, 'expected a number from 0 to the quantity');
    }
    const amountMicros = lineMicros(quantityMicros, number(cells[at.amount]!.trim())!);
    if (amountMicros !== null) return { quantityMicros, amountMicros };
    return cellProblem(at, at.keptQuantity, cells, 'quantity times price is not exact in micros');
  };
}

/** Beside a revenue that stays a refund is of what is held (unsaid-fields.ts), whatever that is worth. */
function refundReader(
  { blanksStay = false }: OrdersMapping,
  at: ColumnPlaces,
  number: NumberReader,
): (cells: readonly string[], sold: Goods, kept: Goods) => number | CellProblem {
  return (cells, sold, kept) => {
    const text = cells[at.refunded]?.trim() ?? '';
    if (text === '') return 0;
    const refund = number(text);
    if (refund === null) return cellProblem(at, at.refunded, cells, NO_MONEY);
    if (blanksStay && cells[at.amount]!.trim() === '') return Math.abs(refund);
    const beyond = refundBeyond(Math.abs(refund), sold, kept);
    return typeof beyond === 'number' ? beyond : cellProblem(at, at.refunded, cells, beyond);
  };
}

/**
 * What it adds to what was not kept, or why that cannot be: the refund of goods that went back whole is
 * what they were sold for, said twice.
 */
function refundBeyond(refund: number, sold: Goods, kept: Goods): number | string {
  if (kept.amountMicros === 0 && sold.amountMicros > 0) {
    return refund <= sold.amountMicros ? 0 : 'more than what was sold is worth';
  }
  return refund <= Math.max(kept.amountMicros, 0) ? refund : 'more than what was kept is worth';
}

function costReader(
  mapping: OrdersMapping,
  at: ColumnPlaces,
  number: NumberReader,
): (cells: readonly string[], kept: Goods) => number | null | CellProblem {
  const perUnit = mapping.columns.unit_cost !== undefined;
  return (cells, kept) => {
    if (kept === NOTHING) return 0;
    const text = cells[at.cost]?.trim() ?? '';
    if (text === '') return null;
    const money = number(text);
    if (money === null) return cellProblem(at, at.cost, cells, NO_MONEY);
    const cost = perUnit ? lineMicros(kept.quantityMicros, money) : money;
    return cost ?? cellProblem(at, at.cost, cells, 'quantity times cost is not exact in micros');
  };
}
