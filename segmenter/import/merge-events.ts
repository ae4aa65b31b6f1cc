/** Staged events joined with what earlier imports left: an event that comes again counts once. */
import type { EventKind } from '../../settings/event-mapping.ts';
import { type ImportContext, loadOld } from './import-context.ts';

/** As events.parquet calls them. */
const KIND_NAMES: Readonly<Record<EventKind, string>> = {
  events: 'event',
  conversions: 'conversion',
  calls: 'call',
};

/** What makes an event itself when it has no id. The lengths keep texts from running into each other. */
const WHOLE = ['customer_id', 'space', 'value', 'name', 'product', 'currency']
  .map((column) => `length(${column}) || ':' || ${column}`)
  .join(` || `);
const TIMES = `CAST(CAST(time_ms AS BIGINT) AS VARCHAR) || ' ' || CAST(CAST(value_micros AS BIGINT) AS VARCHAR)`;

function naturalKey(kind: string): string {
  return `md5(CASE WHEN id <> '' THEN '${kind} id ' || id ELSE '${kind} ' || ${TIMES} || ' ' || ${WHOLE} END)`;
}

/** Events that came more than once, and count once. */
export interface RepeatedEvents {
  /** Lines of the file whose event a later line says too. */
  readonly inFile: number;
  /** Events of the file that were held before. */
  readonly held: number;
}

export type RepeatedByKind = Readonly<Partial<Record<EventKind, RepeatedEvents>>>;

/** Makes merged_events and merged_event_attributes of the kinds that were staged. */
export async function mergeEvents(
  context: ImportContext,
  kinds: readonly EventKind[],
): Promise<RepeatedByKind> {
  const { duck } = context;
  await loadOld(context, 'events');
  await loadOld(context, 'eventAttributes');
  await duck.run(`CREATE TABLE fresh_events AS ${kinds.map(eventsOf).join(' UNION ALL ')}`);
  await duck.run(`CREATE TABLE fresh_event_attributes AS
    ${kinds.map(attributesOf).join(' UNION ALL ')}`);
  const kept = 'event NOT IN (SELECT event FROM fresh_events)';
  await duck.run(`CREATE TABLE merged_events AS
    SELECT * EXCLUDE (row_no) FROM fresh_events UNION ALL SELECT * FROM old_events WHERE ${kept}
    ORDER BY time_ms, event`);
  await duck.run(`CREATE TABLE merged_event_attributes AS
    SELECT * FROM fresh_event_attributes
    UNION ALL SELECT * FROM old_eventAttributes WHERE ${kept}
    ORDER BY event, name, value`);
  const repeated: Partial<Record<EventKind, RepeatedEvents>> = {};
  for (const kind of kinds) repeated[kind] = await repeatedOf(kind, context);
  return repeated;
}

async function repeatedOf(kind: EventKind, { duck }: ImportContext): Promise<RepeatedEvents> {
  const fresh = `FROM fresh_events WHERE kind = '${KIND_NAMES[kind]}'`;
  const [inFile, held] = await duck.numbers(`SELECT
    (SELECT count(*) FROM stage_${kind}) - (SELECT count(*) ${fresh}),
    (SELECT count(*) ${fresh} AND event IN (SELECT event FROM old_events))`);
  return { inFile: inFile!, held: held! };
}

/** Of rows with one key the last. */
function eventsOf(kind: EventKind): string {
  const name = KIND_NAMES[kind];
  return `SELECT ${naturalKey(name)} AS event, '${name}' AS kind, customer_id, space, value,
      identity, CAST(time_ms AS BIGINT) AS time_ms, name, product,
      CAST(value_micros AS BIGINT) AS value_micros, currency, row_no
    FROM stage_${kind}
    QUALIFY row_number() OVER (PARTITION BY event ORDER BY row_no DESC) = 1`;
}

function attributesOf(kind: EventKind): string {
  return `SELECT e.event, a.name, a.value
    FROM stage_${kind}_attributes a JOIN fresh_events e
      ON e.row_no = a.row_no AND e.kind = '${KIND_NAMES[kind]}'`;
}
