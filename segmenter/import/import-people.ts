/** Customers and their devices. */
import { statSync } from 'node:fs';
import { isEmailHash, namesNobody } from '../../proto/identity-value.ts';
import type { ZoneOffsets } from '../../rules/local-day.ts';
import {
  type CustomersMapping,
  type DevicesMapping,
  isIdentitySpace,
  type OrdersMapping,
  type TextSettings,
} from '../../settings/import-mapping.ts';
import { type KnownName, knownFile } from '../../settings/known-headers.ts';
import type { Duck } from '../duck.ts';
import type { DuckTable } from '../duck-table.ts';
import { attributeColumns, attributesReader } from './attribute-cells.ts';
import { consentColumns, consentSigns, isRefusal } from './consent-cells.ts';
import { type Contacts, contactsOf } from './contacts.ts';
import type { TextRow } from './csv-rows.ts';
import { hashDevices } from './hash-cells.ts';
import type { ImportContext } from './import-context.ts';
import { requiredColumns } from './merge-mode.ts';
import { numberByUpdate, numberByVersion } from './newest-rows.ts';
import { openRows } from './open-rows.ts';
import type { CellProblem } from './order-columns.ts';
import { type RejectedRow, RejectLog, type RejectSummary } from './reject-log.ts';
import { rowNumbers, rowsOf } from './row-parts.ts';
import { sightingReader } from './sighting-cells.ts';
import { type TimeReader, timeReader } from './time-reader.ts';

export interface PeopleReport {
  readonly file: string;
  readonly linesRead: number;
  readonly linesLoaded: number;
  readonly rejected: RejectSummary;
}

/** A row as typed values and the devices that it names beside them, or why it is none. */
type Parsed =
  | { readonly row: readonly string[]; readonly devices?: Contacts['devices'] }
  | CellProblem;

interface PeopleFile {
  readonly file: string;
  /** The rows go to stage_<kind>. */
  readonly kind: 'customers' | 'buyers' | 'devices';
  readonly columns: readonly string[];
  readonly text: TextSettings & { readonly like?: KnownName };
  /** Columns of the staging table, in the order parse() gives them. */
  readonly table: readonly string[];
  /** Table of the devices that rows name. */
  readonly contacts?: string;
  parse(cells: readonly string[]): Parsed;
  /** The row that remains of one that is rejected: whose opt-out it is. Null when it is none. */
  refusal?(cells: readonly string[]): readonly string[] | null;
}

/**
 * Leaves the tables stage_customers (row_no, customer_id, email, phone, consent as in consent-cells.ts,
 * attributes) and stage_contacts.
 */
export async function importCustomers(
  context: ImportContext,
  mapping: CustomersMapping,
  file: string,
): Promise<PeopleReport> {
  using rejects = new RejectLog(file, context.files.imports, context.nowMs);
  const people = { ...peopleOf(mapping, context.zone), file, text: mapping };
  const linesRead = await stage(
    context,
    { ...people, kind: 'customers', contacts: 'stage_contacts' },
    (problem, raw) => rejects.add(problem, raw),
  );
  await numberByUpdate(context.duck, mapping);
  const rejected = rejects.summary();
  return { file, linesRead, linesLoaded: linesRead - rejected.count, rejected };
}

/**
 * Reads what a known file of orders says of who ordered: leaves the tables stage_buyers (as stage_customers)
 * and stage_buyer_contacts. Rows that cannot be read were reported with the orders.
 */
export async function stageBuyers(
  context: ImportContext,
  mapping: OrdersMapping,
  file: string,
): Promise<void> {
  const people = mapping.like === undefined ? undefined : knownFile(mapping.like).people;
  if (people === undefined) return;
  const columns: CustomersMapping['columns'] = { ...people, customer: mapping.columns.customer };
  const read = { ...peopleOf({ columns }, context.zone), file, text: mapping };
  await stage(context, { ...read, kind: 'buyers', contacts: 'stage_buyer_contacts' }, () => {});
  await numberByVersion(context, mapping);
}

export type PeopleReader = Pick<PeopleFile, 'columns' | 'table' | 'parse' | 'refusal'>;

export function peopleOf(
  {
    columns: named,
    attributes = {},
    consent = {},
    time_format: timeFormat = 'iso',
  }: Pick<CustomersMapping, 'columns'> & Partial<CustomersMapping>,
  zone: ZoneOffsets,
): PeopleReader {
  const { customer, email, phone, cookies, email_md5, phone_md5, updated } = named;
  const columns = [customer, email, phone, cookies, email_md5, phone_md5, updated].filter(
    (column) => column !== undefined,
  );
  const asked = consentColumns(consent);
  const before = columns.length + asked.length;
  const places = Object.keys(attributes).map((_, i) => before + i);
  const readAttributes = attributesReader(attributes, zone);
  const signsOf = (cells: readonly string[]) =>
    consentSigns(consent, cells.slice(columns.length, before));
  const readUpdated = updatedReader(updated, timeReader(timeFormat, zone));
  const cellOf = (cells: readonly string[], column: string | undefined) =>
    column === undefined ? '' : cells[columns.indexOf(column)]!;
  return {
    columns: [...columns, ...asked, ...Object.values(attributes).map(({ column }) => column)],
    table: [
      ...['customer_id', 'email', 'phone', 'consent'],
      ...(updated === undefined ? [] : ['updated_ms']),
      ...attributeColumns(attributes),
    ],
    parse(cells) {
      const id = customerId(cells[0]!);
      if (id === null)
        return { column: customer, reason: 'expected a customer id', value: cells[0]! };
      const texts = readAttributes(cells, places);
      if ('reason' in texts) return texts;
      const changed = readUpdated(cellOf(cells, updated));
      if ('reason' in changed) return changed;
      const hashes = hashDevices(named, (column) => cellOf(cells, column));
      if ('reason' in hashes) return hashes;
      const { devices, ...contacts } = contactsOf(
        cellOf(cells, email),
        cellOf(cells, phone),
        cellOf(cells, cookies),
      );
      const { email: first, phone: number } = contacts;
      return {
        row: [id, first, number, signsOf(cells), ...changed, ...texts],
        devices: [...devices, ...hashes],
      };
    },
    refusal(cells) {
      const [id, signs] = [customerId(cells[0]!), signsOf(cells)];
      if (id === null || !isRefusal(signs)) return null;
      const changed = readUpdated(cellOf(cells, updated));
      // A no whose time cannot be read counts as the newest word.
      const when = 'reason' in changed ? [String(Number.MAX_SAFE_INTEGER)] : changed;
      return [id, '', '', signs, ...when, ...places.map(() => '')];
    },
  };
}

/** The cells of updated_ms: one, empty where the row does not say; none where there is no such column. */
function updatedReader(
  column: string | undefined,
  readTime: TimeReader,
): (cell: string) => readonly string[] | CellProblem {
  if (column === undefined) return () => [];
  return (cell) => {
    const ms = readTime(cell);
    if (ms === null && cell.trim() !== '') {
      return { column, reason: 'expected a time', value: cell };
    }
    return [ms === null ? '' : String(ms)];
  };
}

/** Leaves the table stage_devices: row_no and DEVICE_COLUMNS. */
export async function importDevices(
  context: ImportContext,
  mapping: DevicesMapping,
  file: string,
): Promise<PeopleReport> {
  using rejects = new RejectLog(file, context.files.imports, context.nowMs);
  const devices: PeopleFile = {
    ...devicesOf(mapping, context.zone),
    file,
    kind: 'devices',
    text: mapping,
  };
  const linesRead = await stage(context, devices, (problem, raw) => rejects.add(problem, raw));
  const rejected = rejects.summary();
  return { file, linesRead, linesLoaded: linesRead - rejected.count, rejected };
}

/** Whose identifier, what says so, and when: Unix ms as texts, '' for the time of the import and for never. */
export const DEVICE_COLUMNS = [
  ...['customer_id', 'space', 'value'],
  ...['source', 'evidence', 'seen_ms', 'revoked_ms'],
];

export function devicesOf(mapping: DevicesMapping, zone: ZoneOffsets): PeopleReader {
  const { customer, value, space } = mapping.columns;
  const seen = sightingReader(mapping, zone);
  const columns = space === undefined ? [customer, value] : [customer, value, space];
  return {
    columns: [...columns, ...seen.columns],
    table: DEVICE_COLUMNS,
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
      const sighting = seen.read(cells.slice(columns.length));
      if ('reason' in sighting) return sighting;
      return { row: [id, spaceName, device, 'devices', ...sighting.row] };
    },
  };
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

/** Returns the lines read. */
async function stage(
  context: ImportContext,
  input: PeopleFile,
  reject: Staging['reject'],
): Promise<number> {
  const { duck, progress } = context;
  const { file, kind, columns, text } = input;
  const table = await openTable(duck, `stage_${kind}`, input.table);
  const contacts =
    input.contacts === undefined
      ? null
      : await openTable(duck, input.contacts, ['customer_id', 'space', 'value']);
  const total = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const onBytes = (done: number) => progress({ phase: `reading ${kind}`, done, total });
  const { delimiter, encoding, like } = text;
  let linesRead = 0;
  const required = requiredColumns(context.merge, columns.slice(0, 1));
  const request = { file, columns, required, delimiter, encoding, like, onBytes };
  for await (const part of openRows(request, duck)) {
    const rows = rowsOf(part);
    const numbers = rowNumbers(part, rows);
    linesRead += rows.length;
    for (const [i, row] of rows.entries()) {
      stageRow({ row, rowNo: numbers[i]! }, input, { table, contacts, reject });
    }
  }
  await table.close();
  await contacts?.close();
  return linesRead;
}

interface Staging {
  readonly table: DuckTable;
  readonly contacts: DuckTable | null;
  reject(problem: Omit<RejectedRow, 'file'>, raw: string): void;
}

function stageRow(
  { row, rowNo }: { readonly row: TextRow; readonly rowNo: number },
  input: PeopleFile,
  { table, contacts, reject }: Staging,
): void {
  const parsed = parsedOf(row, input);
  if ('reason' in parsed) {
    reject({ line: row.line, ...parsed }, row.raw);
    const refusal = row.fields === null ? null : input.refusal?.(row.fields);
    if (refusal) table.add([rowNo, ...refusal]);
    return;
  }
  table.add([rowNo, ...parsed.row]);
  for (const device of parsed.devices ?? []) contacts?.add([rowNo, parsed.row[0]!, ...device]);
}

function parsedOf({ fields, problem, raw }: TextRow, input: PeopleFile): Parsed {
  return fields === null ? { column: '', reason: problem, value: raw } : input.parse(fields);
}

/** A table of a row's number and texts. */
function openTable(duck: Duck, name: string, texts: readonly string[]): Promise<DuckTable> {
  const columns = Object.fromEntries(texts.map((column) => [column, 'text'] as const));
  return duck.createTable(name, { row_no: 'integer', ...columns });
}
