/**
 * Single orders and events of the person of a test beside a rule:
 *
 *   orders: [ { days_ago: 3, revenue: 30 USD, products: [tea], attributes: { channel: app } } ]
 *   events: [ { days_ago: 0, name: cart, product: tea, category: drinks, value: 5 USD } ]
 *
 * `days_ago` counts from the test's `today`. An order is paid where it does not say its `status`.
 */
import type { ConfigPath, ConfigProblem, ConfigSource } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import { parseMicros } from '../proto/micros.ts';
import { EVENT_KINDS } from '../rules/aggregate.ts';
import type { AttributeValue } from '../rules/attribute.ts';
import {
  type CustomerEvent,
  type CustomerOrder,
  STATUS,
  STATUS_GROUPS,
} from '../rules/customer.ts';
import { DAYS_MAX, parseLiteral } from './operand-parser.ts';
import { readDate } from './window-parser.ts';

export interface TestReading {
  readonly source: ConfigSource;
  readonly currency: string;
  readonly problems: ConfigProblem[];
  readonly today: number | null;
}

const ORDER_KEYS = [
  ...['days_ago', 'status', 'revenue', 'margin', 'products', 'categories', 'brands', 'attributes'],
];
const EVENT_KEYS = [
  ...['days_ago', 'kind', 'name', 'product', 'category', 'brand', 'value', 'attributes'],
];

/** The orders of a person; what is wrong with them is among the problems. */
export function testOrders(
  value: unknown,
  path: ConfigPath,
  reading: TestReading,
): readonly CustomerOrder[] {
  return rowsAt(value, ORDER_KEYS, { path, reading }).map(
    (row): CustomerOrder => ({
      day: row.day(),
      status: row.word('status', STATUS_GROUPS) ?? STATUS.paid,
      revenueMicros: row.money('revenue') ?? 0,
      marginMicros: row.money('margin', 'margin'),
      products: row.names('products'),
      categories: row.names('categories'),
      brands: row.names('brands'),
      attributes: row.attributes(),
    }),
  );
}

export function testEvents(
  value: unknown,
  path: ConfigPath,
  reading: TestReading,
): readonly CustomerEvent[] {
  return rowsAt(value, EVENT_KEYS, { path, reading }).map(
    (row): CustomerEvent => ({
      day: row.day(),
      kind: EVENT_KINDS[row.word('kind', EVENT_KINDS) ?? 0]!,
      name: row.text('name') ?? '',
      valueMicros: row.money('value'),
      products: [row.text('product') ?? []].flat(),
      categories: [row.text('category') ?? []].flat(),
      brands: [row.text('brand') ?? []].flat(),
      attributes: row.attributes(),
    }),
  );
}

type Section = Readonly<Record<string, unknown>>;

interface Place {
  readonly path: ConfigPath;
  readonly reading: TestReading;
}

function rowsAt(value: unknown, known: readonly string[], { path, reading }: Place): TestRow[] {
  const { source, problems } = reading;
  if (!Array.isArray(value)) {
    problems.push(source.problem(path, 'expected a list, such as [ { days_ago: 3 } ]'));
    return [];
  }
  return value.flatMap((one: unknown, i) => {
    const inner = [...path, i];
    if (!isSection(one)) {
      problems.push(source.problem(inner, `expected facts such as { days_ago: 3 }`));
      return [];
    }
    for (const key of Object.keys(one)) {
      if (known.includes(key)) continue;
      const message = `unknown fact; known: ${known.join(', ')}`;
      problems.push(source.keyProblem([...inner, key], message, closest(key, known)));
    }
    return [new TestRow(one, { path: inner, reading })];
  });
}

/** One order or event: its facts by name, null where it does not say. */
class TestRow {
  readonly #facts: Section;
  readonly #place: Place;

  constructor(facts: Section, place: Place) {
    this.#facts = facts;
    this.#place = place;
  }

  day(): number {
    const days = this.#facts['days_ago'];
    if (Number.isInteger(days) && (days as number) >= 0 && (days as number) <= DAYS_MAX) {
      return (this.#place.reading.today ?? 0) - (days as number);
    }
    this.#refuse('days_ago', `expected whole days from 0 to ${DAYS_MAX}`);
    return 0;
  }

  /** Its ordinal among the words. */
  word(key: string, words: readonly string[]): number | null {
    const text = this.text(key);
    if (text === null) return null;
    if (!words.includes(text)) {
      this.#refuse(key, `expected ${words.join(', ')}, got "${text}"`, closest(text, words));
    }
    return words.indexOf(text);
  }

  text(key: string): string | null {
    const value = this.#facts[key];
    if (typeof value === 'string') return value;
    if (value !== undefined) this.#refuse(key, 'expected a text');
    return null;
  }

  money(key: string, type: 'money' | 'margin' = 'money'): number | null {
    const value = this.#facts[key];
    if (value === undefined) return null;
    const micros = parseLiteral(type, value, this.#place.reading.currency);
    if (typeof micros === 'number') return micros;
    this.#refuse(key, micros.message, micros.suggestion);
    return null;
  }

  names(key: string): readonly string[] {
    const { path, reading } = this.#place;
    return namesAt(this.#facts[key] ?? [], [...path, key], reading);
  }

  attributes(): readonly AttributeValue[] {
    const { path, reading } = this.#place;
    const { attributes = {} } = this.#facts;
    if (!isSection(attributes)) {
      this.#refuse('attributes', 'expected attributes such as { channel: app }');
      return [];
    }
    return Object.entries(attributes).flatMap(([name, value]) =>
      attributeValues(name, { value, path: [...path, 'attributes', name] }, reading),
    );
  }

  #refuse(key: string, message: string, suggestion?: string): void {
    const { path, reading } = this.#place;
    reading.problems.push(reading.source.problem([...path, key], message, suggestion));
  }
}

export function namesAt(
  value: unknown,
  path: ConfigPath,
  { source, problems }: TestReading,
): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  problems.push(source.problem(path, 'expected a list of names'));
  return [];
}

/** A number, a date or a text each; several in a list. */
export function attributeValues(
  name: string,
  { value, path }: { readonly value: unknown; readonly path: ConfigPath },
  { source, problems }: TestReading,
): AttributeValue[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => {
    const day = readDate(one);
    const numberMicros = typeof one === 'number' ? parseMicros(String(one)) : null;
    const text = typeof one === 'string' && day === null ? one : null;
    if (text !== null || numberMicros !== null || day !== null) {
      return [{ name, text, numberMicros, day }];
    }
    problems.push(source.problem(path, 'expected a number, a text, a date, or a list of these'));
    return [];
  });
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
