/** An orders file as columns of numbers: whose, on which day, for how much. */
import { basename } from 'node:path';
import { buildZone, localDay } from '../../rules/local-day.ts';
import type { Duck } from '../duck.ts';
import type { TextRow } from '../import/csv-rows.ts';
import { decimalReader } from '../import/decimal-number.ts';
import { ImportError } from '../import/import-error.ts';
import { openRows } from '../import/open-rows.ts';
import { rowsOf } from '../import/row-parts.ts';
import { type TimeReader, timeReader } from '../import/time-reader.ts';
import type { OrderColumns } from '../models/purchase-history.ts';
import type { OrderCounts, OrdersSource } from './clv-request.ts';
import { plainRows, WHITESPACE } from './plain-rows.ts';

export interface OrdersRead {
  readonly orders: OrderColumns;
  /** By the index that `orders` has for a customer. */
  readonly customers: readonly string[];
  readonly counts: OrderCounts;
}

const PROBLEMS_SHOWN = 5;
/** A Map holds no more. */
const CUSTOMERS_MAX = 16_000_000;

/**
 * Throws ImportError when the file cannot be read, lacks a column, or has any row that cannot be
 * understood: it names the first of them with their lines.
 */
export async function readOrders(source: OrdersSource, duck: Duck): Promise<OrdersRead> {
  const reader = new OrderReader(source);
  for await (const rows of sourceRows(source, duck)) {
    for (const row of rows) reader.read(row);
  }
  return reader.end();
}

async function* sourceRows(source: OrdersSource, duck: Duck): AsyncGenerator<TextRow[]> {
  const { file, header, delimiter } = source;
  const columns = [source.customer, source.date, source.value];
  if (!header || delimiter === WHITESPACE) {
    yield* plainRows({ file, columns, header, delimiter });
    return;
  }
  const hint = 'Name its columns, or say --no-header where the first line is an order';
  for await (const part of openRows({ file, columns, delimiter, hint }, duck)) yield rowsOf(part);
}

class OrderReader {
  readonly #source: OrdersSource;
  readonly #dayOf: (text: string) => number | null;
  readonly #microsOf: (text: string) => number | null;
  readonly #indexOf = new Map<string, number>();
  readonly #customer: number[] = [];
  readonly #day: number[] = [];
  readonly #valueMicros: number[] = [];
  readonly #problems: string[] = [];
  #bad = 0;
  #rows = 0;
  #withoutCustomer = 0;
  #refunds = 0;

  constructor(source: OrdersSource) {
    this.#source = source;
    this.#dayOf = dayReader(source);
    this.#microsOf = decimalReader(source.decimal);
  }

  read(row: TextRow): void {
    this.#rows++;
    const problem = row.fields === null ? row.problem : this.#take(row.fields);
    if (problem !== null) this.#reject(row, problem);
  }

  /** What is wrong with the cells, or null. */
  #take(fields: readonly string[]): string | null {
    const [customer, date, value] = fields as [string, string, string];
    const { date: dateColumn, value: valueColumn, dateFormat, decimal } = this.#source;
    const day = this.#dayOf(date);
    if (day === null) {
      const expected = dateFormat ?? 'like 2026-11-30, 20261130 or 30.11.2026';
      return `column ${dateColumn}: expected a date (${expected}), got "${date}"`;
    }
    const micros = this.#microsOf(value.trim());
    if (micros === null) {
      return `column ${valueColumn}: expected ${expectedAmount(value, decimal)}, got "${value}"`;
    }
    const id = customer.trim();
    if (id === '') this.#withoutCustomer++;
    else if (micros < 0) this.#refunds++;
    else this.#add(id, day, micros);
    return null;
  }

  end(): OrdersRead {
    if (this.#bad > 0) {
      const more = this.#bad > this.#problems.length ? [`and ${this.#bad} such rows in all`] : [];
      throw new ImportError([...this.#problems, ...more].join('\n'));
    }
    return {
      orders: {
        customer: Int32Array.from(this.#customer),
        day: Int32Array.from(this.#day),
        valueMicros: Float64Array.from(this.#valueMicros),
      },
      customers: [...this.#indexOf.keys()],
      counts: {
        rows: this.#rows,
        withoutCustomer: this.#withoutCustomer,
        refunds: this.#refunds,
      },
    };
  }

  #add(id: string, day: number, micros: number): void {
    let index = this.#indexOf.get(id);
    if (index === undefined) {
      index = this.#indexOf.size;
      if (index === CUSTOMERS_MAX) {
        throw new ImportError(`more than ${CUSTOMERS_MAX} customers: take a sample of them`);
      }
      this.#indexOf.set(id, index);
    }
    this.#customer.push(index);
    this.#day.push(day);
    this.#valueMicros.push(micros);
  }

  #reject(row: TextRow, problem: string): void {
    this.#bad++;
    if (this.#problems.length === PROBLEMS_SHOWN) return;
    this.#problems.push(`${basename(this.#source.file)}:${row.line}: ${problem.slice(0, 300)}`);
  }
}

function expectedAmount(value: string, decimal: '.' | ','): string {
  const other = decimal === '.' ? ',' : '.';
  const isOther = decimalReader(other)(value.trim()) !== null;
  return `an amount like 12${decimal}50${isOther ? ` (or say --decimal ${other})` : ''}`;
}

/** No text is a date in two of these. */
const UNMISTAKABLE = ['iso', 'yyyyMMdd', 'dd.MM.yyyy', 'dd.MM.yyyy HH:mm', 'dd.MM.yyyy HH:mm:ss'];
const ZONE_FROM_MS = Date.UTC(1995, 0, 1);
const ZONE_TO_MS = Date.UTC(2040, 0, 1);

function dayReader({ dateFormat, timeZone }: OrdersSource): (text: string) => number | null {
  const zone = buildZone(timeZone, ZONE_FROM_MS, ZONE_TO_MS);
  const formats = dateFormat === undefined ? UNMISTAKABLE : [dateFormat];
  const readers: readonly TimeReader[] = formats.map((format) => timeReader(format, zone));
  return (text) => {
    for (const read of readers) {
      const ms = read(text);
      if (ms !== null) return localDay(zone, ms);
    }
    return null;
  };
}
