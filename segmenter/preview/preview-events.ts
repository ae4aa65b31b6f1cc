/** Events as a preview reads them: nothing is worked out that no rule asks. */
import { existsSync } from 'node:fs';
import type { AskedEvents } from '../build/asked-rows.ts';
import { type EventReading, eventAttributesSql, eventsSql } from '../build/event-rows.ts';
import type { Duck } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

export interface PreviewEvents extends Pick<EventReading, 'timeZone' | 'currency' | 'asOfMs'> {
  /** Null where no rule asks. */
  readonly asked: AskedEvents | null;
  /** Whether whatever there is to know of an event will be read, but of few of them. */
  readonly ofOnePerson: boolean;
}

const NO_EVENTS = `(SELECT '' AS person, 0 AS event_no, 0 AS day, '' AS kind, '' AS name, '' AS product,
  '' AS category, '' AS brand, 0 AS value_micros WHERE FALSE)`;
const NO_ATTRIBUTES = `(SELECT 0 AS event_no, '' AS name, '' AS text, 0 AS number_micros, 0 AS day WHERE FALSE)`;

/**
 * Makes `events` and `event_attributes` of rules/rule-sql.ts. What one condition asks streams through a view;
 * several read a table.
 */
export async function createPreviewEvents(
  duck: Duck,
  files: ShopFiles,
  { asked, ofOnePerson, ...reading }: PreviewEvents,
): Promise<void> {
  const isThere = asked !== null && existsSync(files.events);
  const goods = asked?.goods === true ? 'kept_goods' : null;
  const events = isThere ? await eventsSql(duck, files, { ...reading, asked, goods }) : NO_EVENTS;
  const attributes = isThere ? eventAttributesSql(files, asked) : null;
  const isRepeated = isThere && asked.conditions > 1 && !ofOnePerson;
  const number = asked?.attributes.length === 0 ? [] : ['event_no'];
  const columns = isRepeated ? ['person', 'day', ...number, ...asked.columns].join(', ') : '*';
  await duck.run(
    `CREATE ${isRepeated ? 'TABLE' : 'VIEW'} events AS SELECT ${columns} FROM ${events}`,
  );
  await duck.run(`CREATE VIEW event_attributes AS FROM ${attributes ?? NO_ATTRIBUTES}`);
}
