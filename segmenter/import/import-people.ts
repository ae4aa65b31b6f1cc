/** Customers and their devices. */
import { statSync } from 'node:fs';
import { isEmailHash, namesNobody } from '../../proto/identity-value.ts';
import {
  type CustomersMapping,
  type DevicesMapping,
  isIdentitySpace,
  type TextSettings,
} from '../../settings/import-mapping.ts';
import type { ImportContext } from './import-context.ts';
import { openRows } from './open-rows.ts';
import { RejectLog, type RejectSummary } from './reject-log.ts';
import { rowsOf } from './row-parts.ts';

export interface PeopleReport {
  readonly file: string;
  readonly linesRead: number;
  readonly linesLoaded: number;
  readonly rejected: RejectSummary;
}

/** A row as typed values, or why it is none. */
type Parsed = readonly string[] | { column: string; reason: string; value: string };

interface PeopleFile {
  readonly file: string;
  readonly kind: 'customers' | 'devices';
  readonly columns: readonly string[];
  readonly text: TextSettings;
  /** Columns of the staging table, in the order parse() gives them. */
  readonly table: readonly string[];
  parse(cells: readonly string[]): Parsed;
}

/** Leaves the table stage_customers: line, customer_id, email, phone. */
export async function importCustomers(
  context: ImportContext,
  mapping: CustomersMapping,
  file: string,
): Promise<PeopleReport> {
  const { customer, email, phone } = mapping.columns;
  const columns = [customer, email, phone].filter((column) => column !== undefined);
  const emailAt = email === undefined ? -1 : columns.indexOf(email);
  const phoneAt = phone === undefined ? -1 : columns.lastIndexOf(phone);
  return stage(context, {
    file,
    kind: 'customers',
    columns,
    text: mapping,
    table: ['customer_id', 'email', 'phone'],
    parse(cells) {
      const id = customerId(cells[0]!);
      if (id === null)
        return { column: customer, reason: 'expected a customer id', value: cells[0]! };
      return [id, (cells[emailAt] ?? '').trim().toLowerCase(), (cells[phoneAt] ?? '').trim()];
    },
  });
}

/** Leaves the table stage_devices: line, customer_id, space, value. */
export async function importDevices(
  context: ImportContext,
  mapping: DevicesMapping,
  file: string,
): Promise<PeopleReport> {
  const { customer, value, space } = mapping.columns;
  const columns = space === undefined ? [customer, value] : [customer, value, space];
  return stage(context, {
    file,
    kind: 'devices',
    columns,
    text: mapping,
    table: ['customer_id', 'space', 'value'],
    parse(cells) {
      const id = customerId(cells[0]!);
      if (id === null)
        return { column: customer, reason: 'expected a customer id', value: cells[0]! };
      const spaceName = mapping.space ?? cells[2]!.trim();
      if (!isIdentitySpace(spaceName)) {
        const reason = 'expected cookie, ifa, email_sha256, exchange:<name> or eid:<source>';
        return { column: space ?? '', reason, value: spaceName };
      }
      const device = deviceValue(spaceName, cells[1]!.trim());
      if (device === null) {
        return { column: value, reason: 'no identifier of this space', value: cells[1]! };
      }
      return [id, spaceName, device];
    },
  });
}

const ID_CHARS_MAX = 255;

function customerId(cell: string): string | null {
  const id = cell.trim();
  return id === '' || id.length > ID_CHARS_MAX ? null : id;
}

function deviceValue(space: string, cell: string): string | null {
  if (namesNobody(cell) || cell.length > ID_CHARS_MAX) return null;
  if (space !== 'email_sha256') return space === 'ifa' ? cell.toLowerCase() : cell;
  const hash = cell.toLowerCase();
  return isEmailHash(hash) ? hash : null;
}

async function stage(context: ImportContext, input: PeopleFile): Promise<PeopleReport> {
  const { file, kind } = input;
  using rejects = new RejectLog(file, context.files.imports, context.nowMs);
  const columns = Object.fromEntries(input.table.map((name) => [name, 'text'] as const));
  const table = await context.duck.createTable(`stage_${kind}`, { line: 'integer', ...columns });
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onBytes = (done: number) => context.progress({ phase: `reading ${kind}`, done, total });
  const { delimiter, encoding } = input.text;
  const request = { file, columns: input.columns, delimiter, encoding, onBytes };
  let linesRead = 0;
  for await (const part of openRows(request, context.duck)) {
    const rows = rowsOf(part);
    linesRead += rows.length;
    for (const { fields, line, problem, raw } of rows) {
      const parsed =
        fields === null ? { column: '', reason: problem, value: raw } : input.parse(fields);
      if ('reason' in parsed) rejects.add({ line, ...parsed }, raw);
      else table.add([line, ...parsed]);
    }
  }
  await table.close();
  const rejected = rejects.summary();
  return { file, linesRead, linesLoaded: linesRead - rejected.count, rejected };
}
