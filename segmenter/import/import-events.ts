/** Events, conversions and calls: staged row by row. */
import { statSync } from 'node:fs';
import { type IdentitySpace, identityKey, orderKey } from '../../proto/ids.ts';
import type { EventKind } from '../../settings/event-mapping.ts';
import type { EventsMapping } from '../../settings/import-mapping.ts';
import type { DuckTable } from '../duck-table.ts';
import { type EventRow, eventRowReader } from './event-row.ts';
import { readFileHead } from './file-head.ts';
import type { ImportContext } from './import-context.ts';
import type { PeopleReport } from './import-people.ts';
import { openRows } from './open-rows.ts';
import { RejectLog } from './reject-log.ts';
import { rowNumbers, rowsOf } from './row-parts.ts';
import { timeReader } from './time-reader.ts';

const EVENT_COLUMNS = {
  row_no: 'integer',
  id: 'text',
  customer_id: 'text',
  space: 'text',
  value: 'text',
  identity: 'text',
  time_ms: 'number',
  name: 'text',
  product: 'text',
  value_micros: 'number',
  currency: 'text',
} as const;

const ATTRIBUTE_COLUMNS = { row_no: 'integer', name: 'text', value: 'text' } as const;

type ImportEvents = (
  context: ImportContext,
  mapping: EventsMapping,
  file: string,
) => Promise<PeopleReport>;

/** Reads a file of one kind: leaves the tables stage_<kind> and stage_<kind>_attributes. */
export function importEvents(kind: EventKind): ImportEvents {
  return async (context, mapping, file) => {
    using rejects = new RejectLog(file, context.files.imports, context.nowMs);
    const linesRead = await stageEvents(context, { kind, mapping, file, rejects });
    const rejected = rejects.summary();
    return { file, linesRead, linesLoaded: linesRead - rejected.count, rejected };
  };
}

interface EventFile {
  readonly kind: EventKind;
  readonly mapping: EventsMapping;
  readonly file: string;
  readonly rejects: RejectLog;
}

/** Returns the lines read. */
async function stageEvents(context: ImportContext, input: EventFile): Promise<number> {
  const { duck, zone, progress } = context;
  const { kind, mapping, file, rejects } = input;
  const head = await readFileHead(file, mapping, duck);
  const reader = eventRowReader(mapping, head.columns, timeReader(mapping.time_format, zone));
  const events = await duck.createTable(`stage_${kind}`, EVENT_COLUMNS);
  const attributes = await duck.createTable(`stage_${kind}_attributes`, ATTRIBUTE_COLUMNS);
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onBytes = (done: number) => progress({ phase: `reading ${kind}`, done, total });
  const { delimiter, encoding, like } = mapping;
  const request = { file, columns: reader.columns, delimiter, encoding, like, onBytes };
  let linesRead = 0;
  for await (const part of openRows(request, duck)) {
    const rows = rowsOf(part);
    const numbers = rowNumbers(part, rows);
    linesRead += rows.length;
    for (const [i, { fields, line, problem, raw }] of rows.entries()) {
      const row =
        fields === null ? { column: '', reason: problem, value: raw } : reader.read(fields);
      if ('reason' in row) rejects.add({ line, ...row }, raw);
      else addEvent(context, { row, rowNo: numbers[i]! }, { events, attributes });
    }
  }
  await events.close();
  await attributes.close();
  return linesRead;
}

function addEvent(
  { key, shop }: ImportContext,
  { row, rowNo }: { row: EventRow; rowNo: number },
  tables: { events: DuckTable; attributes: DuckTable },
): void {
  const { id, customer, space, value, timeMs, name, product, valueMicros, currency } = row;
  const identity =
    space === 'order'
      ? orderKey(key, shop, value)
      : identityKey(key, space as IdentitySpace, value);
  const who = [customer, space, value, identity];
  tables.events.add([rowNo, id, ...who, timeMs, name, product, valueMicros, currency]);
  for (const attribute of row.attributes) tables.attributes.add([rowNo, ...attribute]);
}
