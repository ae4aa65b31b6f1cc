/**
 * Rows that could not be read: the first ones and the counts by reason in memory, every one with
 * its raw text in a CSV beside the shop's data, so that nothing is lost.
 */
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface RejectedRow {
  /** Name of the imported file, without its folder. */
  readonly file: string;
  readonly line: number;
  /** Column in the file; '' when the row as a whole could not be split. */
  readonly column: string;
  readonly reason: string;
  /** The cell as it stands in the file, cut to 80 characters. */
  readonly value: string;
}

export interface RejectSummary {
  readonly count: number;
  readonly byReason: Readonly<Record<string, number>>;
  /** The first REJECTS_SHOWN_MAX. */
  readonly first: readonly RejectedRow[];
  /** Where all of them are; null when there are none. */
  readonly report: string | null;
}

const REJECTS_SHOWN_MAX = 100;
const REASONS_MAX = 50;
const VALUE_CHARS = 80;
const BUFFER_CHARS = 1 << 16;
/** A file system takes 255, with the time and the ending. */
const NAME_CHARS_MAX = 200;

export class RejectLog implements Disposable {
  readonly #file: string;
  readonly #report: string;
  readonly #first: RejectedRow[] = [];
  readonly #byReason = new Map<string, number>();
  #count = 0;
  #handle: number | null = null;
  #buffer = '';

  /** `folder` is made with the first rejected row. */
  constructor(file: string, folder: string, nowMs: number) {
    this.#file = basename(file);
    const time = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, '');
    const name = safeName(this.#file).slice(0, NAME_CHARS_MAX);
    this.#report = unusedReport(join(folder, `${time}-${name}`));
  }

  add(row: Omit<RejectedRow, 'file'>, raw: string): void {
    this.#count++;
    if (this.#first.length < REJECTS_SHOWN_MAX) {
      const value = row.value.slice(0, VALUE_CHARS);
      this.#first.push({ ...row, file: this.#file, value });
    }
    const known = this.#byReason.has(row.reason) || this.#byReason.size < REASONS_MAX;
    const reason = known ? row.reason : 'other reasons';
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + 1);
    if (this.#handle === null) this.#open();
    this.#buffer += `${row.line},${cell(row.column)},${cell(row.reason)},${cell(raw)}\n`;
    if (this.#buffer.length > BUFFER_CHARS) this.#flush();
  }

  summary(): RejectSummary {
    this.#flush();
    return {
      count: this.#count,
      byReason: Object.fromEntries(this.#byReason),
      first: this.#first,
      report: this.#count === 0 ? null : this.#report,
    };
  }

  [Symbol.dispose](): void {
    this.#flush();
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  #open(): void {
    mkdirSync(join(this.#report, '..'), { recursive: true });
    this.#handle = openSync(this.#report, 'w');
    this.#buffer = 'line,column,reason,row\n';
  }

  #flush(): void {
    if (this.#handle !== null && this.#buffer !== '') writeSync(this.#handle, this.#buffer);
    this.#buffer = '';
  }
}

/** A file's name as a report has it. */
export function safeName(file: string): string {
  return file.replaceAll(/[^A-Za-z0-9._-]/g, '_');
}

/** Files of one import may be of one name, or of letters that a name keeps none of. */
export function unusedReport(stem: string): string {
  let report = `${stem}.rejected.csv`;
  for (let i = 2; existsSync(report); i++) report = `${stem}-${i}.rejected.csv`;
  return report;
}

function cell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
