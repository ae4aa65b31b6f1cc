/** What a devices file says of when, and how, an identifier was seen with its customer. */
import type { ZoneOffsets } from '../../rules/local-day.ts';
import type { DevicesMapping } from '../../settings/import-mapping.ts';
import type { CellProblem } from './order-columns.ts';
import { timeReader } from './time-reader.ts';

/** What files may say; what a sync proves is known to the store alone. */
const SAID_EVIDENCE = ['login', 'order', 'upload', 'click'];

interface SightingReader {
  readonly columns: readonly string[];
  /** `cells` belong to `columns`; evidence, seen_ms and revoked_ms as DEVICE_COLUMNS has them. */
  read(cells: readonly string[]): { readonly row: readonly string[] } | CellProblem;
}

export function sightingReader(
  { columns: { time, evidence, revoked_at: revokedAt }, time_format: format }: DevicesMapping,
  zone: ZoneOffsets,
): SightingReader {
  const columns = [time, evidence, revokedAt].filter((column) => column !== undefined);
  const readTime = timeReader(format, zone);
  const readers = new Map([
    [time, (cell: string) => textOf(readTime(cell))],
    [revokedAt, (cell: string) => textOf(readTime(cell))],
    [evidence, (cell: string) => SAID_EVIDENCE.find((one) => one === cell.toLowerCase()) ?? null],
  ]);
  return {
    columns,
    read(cells) {
      const said = new Map<string, string>();
      for (const [i, column] of columns.entries()) {
        const cell = cells[i]!.trim();
        const read = cell === '' ? '' : readers.get(column)!(cell);
        if (read === null) return { column, reason: reasonFor(column === evidence), value: cell };
        said.set(column, read);
      }
      const of = (column: string | undefined) => (column && said.get(column)) ?? '';
      return { row: [of(evidence) || 'upload', of(time), of(revokedAt)] };
    },
  };
}

function textOf(ms: number | null): string | null {
  return ms === null ? null : String(ms);
}

function reasonFor(isEvidence: boolean): string {
  return isEvidence
    ? `expected ${SAID_EVIDENCE.join(', ')} or nothing`
    : 'expected a time or nothing';
}
