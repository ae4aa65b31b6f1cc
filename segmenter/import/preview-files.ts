/** `rekindle import --preview`: how files would be read, by their first rows. Changes nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { StatusGroup } from '../../rules/customer.ts';
import { FILE_KINDS, type FileKind } from '../../settings/event-mapping.ts';
import type { ImportMapping, TextSettings } from '../../settings/import-mapping.ts';
import type { KnownName } from '../../settings/known-headers.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import { Duck } from '../duck.ts';
import { type StatusMap, statusGroup } from '../status-groups.ts';
import { type FileHead, readFileHead } from './file-head.ts';
import { ImportError } from './import-error.ts';
import { importZone } from './import-zone.ts';
import { openRows } from './open-rows.ts';
import type { CellProblem } from './order-columns.ts';
import { type ColumnPreview, columnPreviews } from './preview-columns.ts';
import { type PreviewReader, previewReader } from './preview-readers.ts';
import { rowsOf } from './row-parts.ts';
import { wholeMapping } from './whole-mapping.ts';

export interface PreviewRequest {
  /** IANA zone of times that carry none. */
  readonly timeZone: string;
  readonly mapping: ImportMapping;
  readonly statuses: StatusMap;
  readonly money: ShopMoney;
  readonly files: Readonly<Partial<Record<FileKind, string>>>;
  readonly nowMs: number;
}

interface RefusedRow extends CellProblem {
  readonly line: number;
}

export interface FilePreview extends Omit<FileHead, 'columns'> {
  readonly kind: FileKind;
  readonly file: string;
  /** The known file whose columns these are; null when shop.yaml names all of them. */
  readonly like: KnownName | null;
  readonly columns: readonly ColumnPreview[];
  /** Why the file could not be imported at all; '' when it could. */
  readonly problem: string;
  /** Of the file's first rows; read = loaded + withoutCustomer + refused. */
  readonly rowsRead: number;
  readonly rowsLoaded: number;
  readonly rowsWithoutCustomer: number;
  readonly rowsRefused: number;
  /** The first REFUSED_SHOWN. */
  readonly refused: readonly RefusedRow[];
  /** Null is a status that `statuses:` does not map: its orders would not count. */
  readonly statuses: readonly { status: string; group: StatusGroup | null; rows: number }[];
}

const MEMORY_MB = 256;

/** Rejects with ImportError for a file that cannot be read at all. */
export async function previewFiles(request: PreviewRequest): Promise<FilePreview[]> {
  const tempDir = mkdtempSync(join(tmpdir(), 'rekindle-preview-'));
  try {
    const files = Object.values(request.files).map((file) => resolve(file));
    const options = { memoryMb: MEMORY_MB, threads: 1, tempDir, folders: [], files };
    await using duck = await Duck.open(options);
    const previews: FilePreview[] = [];
    for (const kind of FILE_KINDS) {
      const file = request.files[kind];
      if (file !== undefined) previews.push(await previewFile({ request, kind, file }, duck));
    }
    return previews;
  } finally {
    rmSync(tempDir, { recursive: true, force: true });
  }
}

interface Asked {
  readonly request: PreviewRequest;
  readonly kind: FileKind;
  readonly file: string;
}

async function previewFile({ request, kind, file }: Asked, duck: Duck): Promise<FilePreview> {
  const text = request.mapping[kind] ?? {};
  const { columns: header, ...found } = await readFileHead(resolve(file), text, duck);
  let reader: PreviewReader | null = null;
  let problem = '';
  let read = new RowsPreview(request.statuses);
  try {
    const mapping = await wholeMapping(request.mapping, { [kind]: file }, duck);
    const zone = importZone(request.timeZone, request.nowMs);
    reader = previewReader(kind, mapping, { file, zone, money: request.money, header });
    await readFirstRows({ file, text, reader }, read, duck);
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    problem = error.message;
    read = new RowsPreview(request.statuses);
  }
  const samples = await sampleRows(file, { header, text }, duck);
  const columns = columnPreviews(header, { samples, reader, refused: read.byColumn });
  const like = reader?.like ?? null;
  return { kind, file, like, ...found, columns, problem, ...read.summary() };
}

const ROWS_MAX = 1000;

async function readFirstRows(
  { file, text, reader }: { file: string; text: TextSettings; reader: PreviewReader },
  preview: RowsPreview,
  duck: Duck,
): Promise<void> {
  const { columns, like } = reader;
  const { delimiter, encoding } = text;
  const request = { file: resolve(file), columns, delimiter, encoding, like: like ?? undefined };
  for await (const part of openRows(request, duck)) {
    for (const { fields, line, problem, raw } of rowsOf(part)) {
      if (preview.rowsRead === ROWS_MAX) return;
      const row =
        fields === null ? { column: '', reason: problem, value: raw } : reader.read(fields);
      preview.add(row, line);
    }
  }
}

async function sampleRows(
  file: string,
  { header, text }: { header: readonly string[]; text: TextSettings },
  duck: Duck,
): Promise<(readonly string[])[]> {
  const { delimiter, encoding } = text;
  const samples: (readonly string[])[] = [];
  const request = { file: resolve(file), columns: header, delimiter, encoding, shown: true };
  for await (const part of openRows(request, duck)) {
    for (const { fields } of rowsOf(part)) if (fields !== null) samples.push(fields);
    if (samples.length >= ROWS_MAX) break;
  }
  return samples.slice(0, ROWS_MAX);
}

const REFUSED_SHOWN = 20;
const VALUE_CHARS = 80;

/** Counts of the first rows of a file. */
class RowsPreview {
  readonly #statuses: StatusMap;
  readonly #rowsByStatus = new Map<string, number>();
  readonly #refused: RefusedRow[] = [];
  /** Column in the file → reason → rows. */
  readonly byColumn = new Map<string, Map<string, number>>();
  rowsRead = 0;
  #loaded = 0;
  #withoutCustomer = 0;

  constructor(statuses: StatusMap) {
    this.#statuses = statuses;
  }

  add(row: ReturnType<PreviewReader['read']>, line: number): void {
    this.rowsRead++;
    if ('reason' in row) this.#refuse({ ...row, line });
    else if (!row.hasCustomer) this.#withoutCustomer++;
    else {
      this.#loaded++;
      if (row.status === null) return;
      this.#rowsByStatus.set(row.status, (this.#rowsByStatus.get(row.status) ?? 0) + 1);
    }
  }

  #refuse(row: RefusedRow): void {
    const reasons = this.byColumn.get(row.column) ?? new Map<string, number>();
    this.byColumn.set(row.column, reasons.set(row.reason, (reasons.get(row.reason) ?? 0) + 1));
    if (this.#refused.length === REFUSED_SHOWN) return;
    this.#refused.push({ ...row, value: row.value.slice(0, VALUE_CHARS) });
  }

  summary() {
    const statuses = [...this.#rowsByStatus]
      .sort(([, a], [, b]) => b - a)
      .map(([status, rows]) => ({ status, group: statusGroup(status, this.#statuses), rows }));
    return {
      rowsRead: this.rowsRead,
      rowsLoaded: this.#loaded,
      rowsWithoutCustomer: this.#withoutCustomer,
      rowsRefused: this.rowsRead - this.#loaded - this.#withoutCustomer,
      refused: this.#refused,
      statuses,
    };
  }
}
