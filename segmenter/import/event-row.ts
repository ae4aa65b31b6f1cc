/** One row of a file of events, conversions or calls as typed values, by the shop's mapping. */
import { namesNobody } from '../../proto/identity-value.ts';
import { EVENT_IDENTIFIER_COLUMNS, EVENT_IDENTIFIERS } from '../../settings/event-mapping.ts';
import type { EventsMapping } from '../../settings/import-mapping.ts';
import { spelling } from '../../settings/known-headers.ts';
import { decimalReader } from './decimal-number.ts';
import type { CellProblem } from './order-columns.ts';
import { expectedTime, type TimeReader } from './time-reader.ts';

export interface EventRow {
  /** '' when the file has no ids of events. */
  readonly id: string;
  readonly customer: string;
  /** Space and value of the identifier; `customer` and its id for an event of a customer alone. */
  readonly space: string;
  readonly value: string;
  readonly timeMs: number;
  readonly name: string;
  readonly product: string;
  /** 0 when it has no value. */
  readonly valueMicros: number;
  /** '' is the shop's. */
  readonly currency: string;
  /** What no column of the mapping names, and identifiers beside the first: column and value. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

export interface EventRowReader {
  /** Columns to ask the file for. */
  readonly columns: readonly string[];
  /** Those of them that become attributes. */
  readonly further: readonly string[];
  /** Never throws: what cannot be read is a CellProblem. */
  read(cells: readonly string[]): EventRow | CellProblem;
}

/** Compiles a mapping once for all rows. `header` is all that the file has. */
export function eventRowReader(
  mapping: EventsMapping,
  header: readonly string[],
  readTime: TimeReader,
): EventRowReader {
  const named = Object.values(mapping.columns);
  const known = new Set(named.map(spelling));
  const further = header.filter((column) => !known.has(spelling(column)));
  const columns = [...new Set([...named, ...further])];
  const spec = { mapping, columns, further, readTime };
  return { columns, further, read: (cells) => readEvent(new EventCells(spec, cells)) };
}

interface EventSpec {
  readonly mapping: EventsMapping;
  readonly columns: readonly string[];
  readonly further: readonly string[];
  readonly readTime: TimeReader;
}

type Field = keyof EventsMapping['columns'];

/** A row by what its columns are taken for. */
class EventCells {
  readonly spec: EventSpec;
  readonly #cells: readonly string[];

  constructor(spec: EventSpec, cells: readonly string[]) {
    this.spec = spec;
    this.#cells = cells;
  }

  /** '' for a field that the mapping has no column for. */
  of(field: Field): string {
    const column = this.spec.mapping.columns[field];
    return column === undefined ? '' : this.in(column);
  }

  in(column: string): string {
    return this.#cells[this.spec.columns.indexOf(column)]!.trim();
  }

  problem(field: Field, reason: string): CellProblem {
    const column = this.spec.mapping.columns[field] ?? '';
    return { column, reason, value: this.of(field) };
  }
}

const TEXT_CHARS_MAX = 255;
const CURRENCY = /^(?:[A-Z]{3})?$/;

function readEvent(cells: EventCells): EventRow | CellProblem {
  const { mapping, readTime } = cells.spec;
  const timeMs = readTime(cells.of('time'));
  if (timeMs === null) return cells.problem('time', expectedTime(mapping.time_format));
  const name = mapping.name ?? cells.of('name');
  if (!isShort(name) || name === '') return cells.problem('name', 'expected the name of an event');
  const valueMicros = moneyOf(cells.of('value'), mapping.decimal);
  if (valueMicros === null) return cells.problem('value', 'expected an amount of money');
  const currency = cells.of('currency');
  if (!CURRENCY.test(currency)) return cells.problem('currency', 'expected a currency (ISO 4217)');
  const [id, product] = [cells.of('id'), cells.of('product')];
  if (!isShort(id)) return cells.problem('id', TOO_LONG);
  if (!isShort(product)) return cells.problem('product', TOO_LONG);
  const who = whoOf(cells);
  if ('reason' in who) return who;
  return { id, name, product, timeMs, valueMicros, currency, ...who };
}

const TOO_LONG = `a text of over ${TEXT_CHARS_MAX} characters`;

function isShort(text: string): boolean {
  return text.length <= TEXT_CHARS_MAX;
}

function moneyOf(text: string, decimal: '.' | ','): number | null {
  return text === '' ? 0 : decimalReader(decimal)(text);
}

type Who = Pick<EventRow, 'customer' | 'space' | 'value' | 'attributes'>;

/** The first identifier counts; the others stay with the event as attributes. */
function whoOf(cells: EventCells): Who | CellProblem {
  const { mapping, further } = cells.spec;
  const customer = cells.of('customer');
  if (!isShort(customer)) return cells.problem('customer', TOO_LONG);
  const named = EVENT_IDENTIFIER_COLUMNS.filter((field) => !namesNobody(cells.of(field)));
  const tooLong = named.find((field) => !isShort(cells.of(field)));
  if (tooLong !== undefined) return cells.problem(tooLong, TOO_LONG);
  const [first, ...others] = named;
  if (first === undefined && customer === '') {
    return cells.problem('customer', 'expected a customer or another identifier');
  }
  const columns = [...others.map((field) => mapping.columns[field]!), ...further];
  const attributes = columns
    .map((column) => [column, cells.in(column)] as const)
    .filter(([, value]) => value !== '');
  return first === undefined
    ? { customer, space: 'customer', value: customer, attributes }
    : { customer, space: EVENT_IDENTIFIERS[first], value: cells.of(first), attributes };
}
