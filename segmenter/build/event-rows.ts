/** Events with their attributes, as rules/rule-sql.ts reads them. */
import { existsSync } from 'node:fs';
import type { Item } from '../../creative/item.ts';
import { buildZone, localDaySql } from '../../rules/local-day.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import type { AskedEvents, AskedRows } from './asked-rows.ts';
import { type Bucket, inBucket } from './buckets.ts';

/** What tells a shop's events from rows of a file. */
export interface EventReading {
  readonly timeZone: string;
  /** Of the shop: in another one the value of an event is not known. */
  readonly currency: string;
  readonly asOfMs: number;
  /** The catalogue's, and brands by their ids. */
  readonly items: readonly Pick<Item, 'id' | 'category'>[];
  readonly brands: ReadonlyMap<string, string>;
  /** Whether the rows of a bucket are to lie together. */
  readonly byPerson: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Makes the tables `events_of_all` and `event_attributes_of_all`, with what rules ask about alone; empty when
 * no import brought any. The file lies by time.
 */
export async function readEvents(
  duck: Duck,
  files: ShopFiles,
  { events: asked }: AskedRows,
  reading: EventReading,
): Promise<void> {
  await duck.run(`CREATE TABLE events_of_all (person VARCHAR, event_no INTEGER, event VARCHAR,
    day INTEGER, kind VARCHAR, name VARCHAR, product VARCHAR, category VARCHAR, brand VARCHAR,
    value_micros BIGINT)`);
  await duck.run(`CREATE TABLE event_attributes_of_all (person VARCHAR, event_no INTEGER,
    name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER)`);
  if (asked === null || !existsSync(files.events)) return;
  await createItemGoods(duck, asked.goods ? reading : { items: [], brands: new Map() });
  await insertEvents(duck, files, asked, reading);
  await insertAttributes(duck, files, asked, reading);
}

/** Makes `events` and `event_attributes` of a bucket. */
export async function createEvents(duck: Duck, bucket: Bucket): Promise<void> {
  for (const table of ['events', 'event_attributes']) {
    await duck.run(`CREATE OR REPLACE VIEW ${table} AS
      SELECT * FROM ${table}_of_all WHERE ${inBucket('person', bucket)}`);
  }
}

async function createItemGoods(
  duck: Duck,
  { items, brands }: Pick<EventReading, 'items' | 'brands'>,
): Promise<void> {
  const columns = { product: 'text', category: 'text', brand: 'text' } as const;
  const table = await duck.createTable('item_goods', columns);
  for (const { id, category } of items) table.add([id, category, brands.get(id) ?? '']);
  await table.close();
}

/**
 * An event is its customer's; where it names none that there is, that of whom alone its identifier leads to, or
 * whose order it names. Each join is by one equality: with a condition beside it every pair would be compared.
 */
async function insertEvents(
  duck: Duck,
  files: ShopFiles,
  asked: AskedEvents,
  reading: EventReading,
): Promise<void> {
  const source = `read_parquet(${sqlText(files.events)}, file_row_number = true)`;
  const customers = `read_parquet(${sqlText(files.customers)})`;
  const devices = `read_parquet(${sqlText(files.devices)})`;
  const orders = `read_parquet(${sqlText(files.orders)})`;
  const [firstMs] = await duck.numbers(`SELECT COALESCE(min(time_ms), 0) FROM ${source}`);
  const { asOfMs, currency } = reading;
  // Only attributes are told by it, and it is long.
  const event = asked.attributes.length === 0 ? 'NULL' : 'e.event';
  const zone = buildZone(reading.timeZone, Math.min(firstMs!, asOfMs) - DAY_MS, asOfMs + DAY_MS);
  await duck.run(`INSERT INTO events_of_all
    SELECT COALESCE(c.person, d.person, o.person) AS person, CAST(e.file_row_number AS INTEGER),
      ${event}, ${localDaySql('e.time_ms', zone)}, e.kind, e.name, NULLIF(e.product, ''),
      NULLIF(i.category, ''), NULLIF(i.brand, ''),
      CASE WHEN e.currency IN ('', ${sqlText(currency)}) THEN NULLIF(e.value_micros, 0) END
    FROM (FROM ${source} WHERE ${isAsked(asked, asOfMs)}) e
      LEFT JOIN ${customers} c ON c.customer_id = e.customer_id
      LEFT JOIN (
        SELECT identity, min(person) AS person FROM ${devices}
        GROUP BY identity HAVING min(person) = max(person)
      ) d ON d.identity = e.identity
      LEFT JOIN ${orders} o ON o.order_key = CASE WHEN e.space = 'order' THEN e.identity END
      LEFT JOIN item_goods i ON i.product = e.product
    WHERE COALESCE(c.person, d.person, o.person) IS NOT NULL ${reading.byPerson ? 'ORDER BY person' : ''}`);
}

function isAsked({ names, kinds, firstDay }: AskedEvents, asOfMs: number): string {
  const among = (column: string, texts: readonly string[] | null) =>
    texts === null ? [] : [`${column} IN (${texts.map(sqlText).join(', ')})`];
  // No zone is a day ahead of UTC.
  const since = firstDay === null ? [] : [`time_ms >= ${(firstDay - 1) * DAY_MS}`];
  const conditions = [`time_ms <= ${asOfMs}`, ...since];
  return [...conditions, ...among('name', names), ...among('kind', kinds)].join(' AND ');
}

/** Nobody said what type a column has: a value is a text, and what it can be read as besides. */
async function insertAttributes(
  duck: Duck,
  files: ShopFiles,
  { attributes }: AskedEvents,
  { byPerson }: EventReading,
): Promise<void> {
  if (attributes.length === 0 || !existsSync(files.eventAttributes)) return;
  const isNumber = `regexp_full_match(a.value, '-?[0-9]{1,9}([.][0-9]{1,6})?')`;
  const isDate = `regexp_full_match(a.value, '[0-9]{4}-[0-9]{2}-[0-9]{2}')`;
  await duck.run(`INSERT INTO event_attributes_of_all
    SELECT e.person, e.event_no, a.name, a.value,
      CASE WHEN ${isNumber} THEN CAST(TRY_CAST(a.value AS DECIMAL(15, 6)) * 1000000 AS BIGINT) END,
      CASE WHEN ${isDate} THEN CAST(TRY_CAST(a.value AS DATE) - DATE '1970-01-01' AS INTEGER) END
    FROM read_parquet(${sqlText(files.eventAttributes)}) a
      JOIN events_of_all e ON e.event = a.event
    WHERE a.name IN (${attributes.map(sqlText).join(', ')})
    ${byPerson ? 'ORDER BY e.person' : ''}`);
}
