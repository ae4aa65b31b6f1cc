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
}

const DAY_MS = 86_400_000;

/**
 * Makes the tables `events_of_all` and `event_attributes_of_all`, by person, with what rules ask about alone;
 * empty when no import brought any.
 */
export async function readEvents(
  duck: Duck,
  files: ShopFiles,
  { events: asked }: AskedRows,
  reading: EventReading,
): Promise<void> {
  await duck.run(`CREATE TABLE events_of_all (person VARCHAR, event_no INTEGER, day INTEGER,
    kind VARCHAR, name VARCHAR, product VARCHAR, category VARCHAR, brand VARCHAR,
    value_micros BIGINT)`);
  await duck.run(`CREATE TABLE event_attributes_of_all (person VARCHAR, event_no INTEGER,
    name VARCHAR, text VARCHAR, number_micros BIGINT, day INTEGER)`);
  if (asked === null || !existsSync(files.events)) return;
  await insertEvents(duck, files, asked, reading);
  await insertAttributes(duck, files, asked);
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

async function insertEvents(
  duck: Duck,
  files: ShopFiles,
  asked: AskedEvents,
  reading: EventReading,
): Promise<void> {
  if (asked.goods) await createItemGoods(duck, reading);
  const goods = asked.goods ? 'item_goods' : null;
  const events = await eventsSql(duck, files, { ...reading, asked, goods });
  // They lie by person, and a join leaves many rows in no order.
  await duck.run(
    `INSERT INTO events_of_all FROM ${events} ${asked.goods ? 'ORDER BY person' : ''}`,
  );
}

/** `goods` is a table of product, category and brand; null where nobody asks by them. */
type EventSource = Pick<EventReading, 'timeZone' | 'currency' | 'asOfMs'> & {
  readonly asked: AskedEvents;
  readonly goods: string | null;
};

/** SQL for the events that are asked about, with the columns of `events_of_all`. */
export async function eventsSql(
  duck: Duck,
  files: ShopFiles,
  { asked, goods, asOfMs, currency, timeZone }: EventSource,
): Promise<string> {
  const file = `read_parquet(${sqlText(files.personEvents)})`;
  const [firstMs] = await duck.numbers(`SELECT COALESCE(min(time_ms), 0) FROM ${file}`);
  const zone = buildZone(timeZone, Math.min(firstMs!, asOfMs) - DAY_MS, asOfMs + DAY_MS);
  const good = (column: string) => (goods === null ? 'NULL' : `NULLIF(i.${column}, '')`);
  return `(SELECT e.person, e.event_no, ${localDaySql('e.time_ms', zone)} AS day, e.kind, e.name,
      NULLIF(e.product, '') AS product, ${good('category')} AS category, ${good('brand')} AS brand,
      CASE WHEN e.currency IN ('', ${sqlText(currency)}) THEN NULLIF(e.value_micros, 0) END AS value_micros
    FROM (FROM ${file} WHERE ${isAsked(asked, asOfMs)}) e
      ${goods === null ? '' : `LEFT JOIN ${goods} i ON i.product = e.product`})`;
}

function isAsked({ names, kinds, firstDay }: AskedEvents, asOfMs: number): string {
  const among = (column: string, texts: readonly string[] | null) =>
    texts === null ? [] : [`${column} IN (${texts.map(sqlText).join(', ')})`];
  // No zone is a day ahead of UTC.
  const since = firstDay === null ? [] : [`time_ms >= ${(firstDay - 1) * DAY_MS}`];
  const conditions = [`time_ms <= ${asOfMs}`, ...since];
  return [...conditions, ...among('name', names), ...among('kind', kinds)].join(' AND ');
}

async function insertAttributes(duck: Duck, files: ShopFiles, asked: AskedEvents): Promise<void> {
  const attributes = eventAttributesSql(files, asked);
  if (attributes === null) return;
  await duck.run(`INSERT INTO event_attributes_of_all
    SELECT e.person, a.* FROM ${attributes} a JOIN events_of_all e ON e.event_no = a.event_no
    ORDER BY e.person`);
}

/**
 * SQL for the attributes that are asked about: event_no, name, text, number_micros, day; null where none are.
 * Nobody said what type a column has: a value is a text, and what it can be read as besides.
 */
export function eventAttributesSql(
  { events, eventAttributes }: ShopFiles,
  { attributes }: Pick<AskedEvents, 'attributes'>,
): string | null {
  if (attributes.length === 0 || !existsSync(eventAttributes)) return null;
  const isNumber = `regexp_full_match(a.value, '-?[0-9]{1,9}([.][0-9]{1,6})?')`;
  const isDate = `regexp_full_match(a.value, '[0-9]{4}-[0-9]{2}-[0-9]{2}')`;
  return `(SELECT CAST(e.file_row_number AS INTEGER) AS event_no, a.name, a.value AS text,
      CASE WHEN ${isNumber} THEN CAST(TRY_CAST(a.value AS DECIMAL(15, 6)) * 1000000 AS BIGINT) END
        AS number_micros,
      CASE WHEN ${isDate} THEN CAST(TRY_CAST(a.value AS DATE) - DATE '1970-01-01' AS INTEGER) END AS day
    FROM read_parquet(${sqlText(eventAttributes)}) a
      JOIN read_parquet(${sqlText(events)}, file_row_number = true) e ON e.event = a.event
    WHERE a.name IN (${attributes.map(sqlText).join(', ')}))`;
}
