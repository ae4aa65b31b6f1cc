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

async function insertEvents(
  duck: Duck,
  files: ShopFiles,
  asked: AskedEvents,
  reading: EventReading,
): Promise<void> {
  // Only attributes are told by it, and it is long.
  const event = asked.attributes.length === 0 ? 'NULL AS event' : 'event AS event';
  if (asked.goods) await createItemGoods(duck, reading);
  const events = await eventsSql(duck, files, {
    ...reading,
    asked,
    goods: asked.goods ? 'item_goods' : null,
  });
  await duck.run(`INSERT INTO events_of_all SELECT * REPLACE (${event}) FROM ${events}
    ${reading.byPerson ? 'ORDER BY person' : ''}`);
}

/** `goods` is a table of product, category and brand; null where nobody asks by them. */
type EventSource = Pick<EventReading, 'timeZone' | 'currency' | 'asOfMs'> & {
  readonly asked: AskedEvents;
  readonly goods: string | null;
};

/**
 * SQL for the events that are asked about, with the columns of `events_of_all`. An event is its customer's; where it names none that there is, that of whom alone its identifier leads to,
 * or whose order it names. Each join is by one equality: with a condition beside it every pair would be compared.
 */
export async function eventsSql(
  duck: Duck,
  files: ShopFiles,
  { asked, goods, asOfMs, currency, timeZone }: EventSource,
): Promise<string> {
  const file = `read_parquet(${sqlText(files.events)}, file_row_number = true)`;
  const customers = `read_parquet(${sqlText(files.customers)})`;
  const devices = `read_parquet(${sqlText(files.devices)})`;
  const orders = `read_parquet(${sqlText(files.orders)})`;
  const [firstMs, ofOrders] = await duck.numbers(
    `SELECT COALESCE(min(time_ms), 0), count(*) FILTER (space = 'order') FROM ${file}`,
  );
  // A million orders are not worth reading for nobody.
  const hasOrders = ofOrders! > 0;
  const person = `COALESCE(c.person, d.person${hasOrders ? ', o.person' : ''})`;
  const ofOrder = `LEFT JOIN (
      SELECT order_key, person FROM ${orders}
      WHERE order_key IN (SELECT identity FROM ${file} WHERE space = 'order')
    ) o ON o.order_key = CASE WHEN e.space = 'order' THEN e.identity END`;
  const zone = buildZone(timeZone, Math.min(firstMs!, asOfMs) - DAY_MS, asOfMs + DAY_MS);
  return `(SELECT ${person} AS person,
      CAST(e.file_row_number AS INTEGER) AS event_no, e.event, ${localDaySql('e.time_ms', zone)} AS day,
      e.kind, e.name, NULLIF(e.product, '') AS product, ${goods === null ? 'NULL' : "NULLIF(i.category, '')"} AS category,
      ${goods === null ? 'NULL' : "NULLIF(i.brand, '')"} AS brand,
      CASE WHEN e.currency IN ('', ${sqlText(currency)}) THEN NULLIF(e.value_micros, 0) END AS value_micros
    FROM (FROM ${file} WHERE ${isAsked(asked, asOfMs)}) e
      LEFT JOIN ${customers} c ON c.customer_id = e.customer_id
      LEFT JOIN (
        SELECT identity, min(person) AS person FROM ${devices}
        GROUP BY identity HAVING min(person) = max(person)
      ) d ON d.identity = e.identity
      ${hasOrders ? ofOrder : ''}
      ${goods === null ? '' : `LEFT JOIN ${goods} i ON i.product = e.product`}
    WHERE ${person} IS NOT NULL)`;
}

function isAsked({ names, kinds, firstDay }: AskedEvents, asOfMs: number): string {
  const among = (column: string, texts: readonly string[] | null) =>
    texts === null ? [] : [`${column} IN (${texts.map(sqlText).join(', ')})`];
  // No zone is a day ahead of UTC.
  const since = firstDay === null ? [] : [`time_ms >= ${(firstDay - 1) * DAY_MS}`];
  const conditions = [`time_ms <= ${asOfMs}`, ...since];
  return [...conditions, ...among('name', names), ...among('kind', kinds)].join(' AND ');
}

async function insertAttributes(
  duck: Duck,
  files: ShopFiles,
  asked: AskedEvents,
  { byPerson }: EventReading,
): Promise<void> {
  const attributes = eventAttributesSql(files, asked);
  if (attributes === null) return;
  await duck.run(`INSERT INTO event_attributes_of_all
    SELECT e.person, e.event_no, a.* EXCLUDE (event)
    FROM ${attributes} a JOIN events_of_all e ON e.event = a.event
    ${byPerson ? 'ORDER BY e.person' : ''}`);
}

/**
 * SQL for the attributes that are asked about: event, name, text, number_micros, day; null where none are.
 * Nobody said what type a column has: a value is a text, and what it can be read as besides.
 */
export function eventAttributesSql(
  { eventAttributes }: ShopFiles,
  { attributes }: Pick<AskedEvents, 'attributes'>,
): string | null {
  if (attributes.length === 0 || !existsSync(eventAttributes)) return null;
  const isNumber = `regexp_full_match(value, '-?[0-9]{1,9}([.][0-9]{1,6})?')`;
  const isDate = `regexp_full_match(value, '[0-9]{4}-[0-9]{2}-[0-9]{2}')`;
  return `(SELECT event, name, value AS text,
      CASE WHEN ${isNumber} THEN CAST(TRY_CAST(value AS DECIMAL(15, 6)) * 1000000 AS BIGINT) END
        AS number_micros,
      CASE WHEN ${isDate} THEN CAST(TRY_CAST(value AS DATE) - DATE '1970-01-01' AS INTEGER) END AS day
    FROM read_parquet(${sqlText(eventAttributes)})
    WHERE name IN (${attributes.map(sqlText).join(', ')}))`;
}
