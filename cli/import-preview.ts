/** `rekindle import --preview`: how each column was understood, before anything is imported. */
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import type { ImportError } from '../segmenter/import/import-error.ts';
import type { FilePreview, PreviewRequest } from '../segmenter/import/preview-files.ts';
import type { ShopSettings } from '../settings/workspace.ts';
import type { Terminal } from './terminal.ts';

const REFUSED_SHOWN = 5;
const TAKEN_CHARS = 18;

/** Throws Failure when one of the files could not be imported at all. */
export async function showPreview(
  shop: ShopSettings,
  files: PreviewRequest['files'],
  terminal: Terminal,
): Promise<void> {
  const { timeZone, imports: mapping, statuses } = shop;
  const nowMs = systemClock.nowMs();
  // With DuckDB, which no other command has to load.
  const { previewFiles } = await import('../segmenter/import/preview-files.ts');
  const money = { currency: shop.currency, rates: shop.rates };
  const previews = await previewFiles({ timeZone, mapping, statuses, money, files, nowMs }).catch(
    (error: ImportError) => {
      if (error.name !== 'ImportError') throw error;
      throw new Failure('failed-check', error.message, { cause: error });
    },
  );
  terminal.data({ v: 1, shop: shop.shop, files: previews });
  for (const preview of previews) showFile(preview, terminal);
  const problems = previews.map(({ problem }) => problem).filter((problem) => problem !== '');
  if (problems.length > 0) throw new Failure('failed-check', problems.join('\n'));
  terminal.say('nothing was imported: this is how the files would be read');
}

function showFile(preview: FilePreview, terminal: Terminal): void {
  const { file, kind, columns, problem } = preview;
  terminal.say(`${terminal.bold(file)}: ${kind}, ${formatOf(preview)}`);
  const width = Math.max(...columns.map(({ column }) => column.length), 'column'.length);
  terminal.say(
    terminal.dim(`  ${'column'.padEnd(width)}  ${'taken as'.padEnd(TAKEN_CHARS)}  samples`),
  );
  for (const { column, as, samples, problems } of columns) {
    const taken =
      as.length === 0 ? terminal.dim('-'.padEnd(TAKEN_CHARS)) : as.join(', ').padEnd(TAKEN_CHARS);
    terminal.say(`  ${column.padEnd(width)}  ${taken}  ${samples.join(' · ')}`);
    for (const { reason, rows } of problems) {
      terminal.say(`  ${terminal.bad('!')} ${column}: ${reason} (${rows} of the rows)`);
    }
  }
  if (problem === '') showRows(preview, terminal);
}

function formatOf({ format, gzip, delimiter, encoding, like }: FilePreview): string {
  const parts: string[] = [FORMATS[format]];
  if (delimiter !== '')
    parts.push(`separated by ${delimiter === '\t' ? 'tabs' : `"${delimiter}"`}`);
  if (encoding !== '') parts.push(encoding);
  if (gzip) parts.push('gzip');
  if (like !== null) parts.push(`read as ${like}`);
  return parts.join(', ');
}

/** Before the reason why a row is refused: '' is the row as a whole. */
export function ofColumn(column: string): string {
  return column === '' ? '' : `${column}: `;
}

const FORMATS = { csv: 'CSV', json: 'a JSON list', ndjson: 'JSON lines', parquet: 'Parquet' };

function showRows(preview: FilePreview, terminal: Terminal): void {
  const { file, rowsRead, rowsLoaded, rowsWithoutCustomer, rowsRefused } = preview;
  terminal.say(
    `  of the first ${rowsRead} rows ${rowsLoaded} would be loaded, ${rowsWithoutCustomer} have no customer, ${rowsRefused} would be refused`,
  );
  for (const { line, column, reason, value } of preview.refused.slice(0, REFUSED_SHOWN)) {
    terminal.say(`  ${file}:${line}  ${ofColumn(column)}${reason}, got ${JSON.stringify(value)}`);
  }
  for (const { status, group, rows } of preview.statuses) {
    const what = group ?? 'NOT MAPPED in shop.yaml, does not count';
    terminal.say(`  ${status.padEnd(16)} ${what.padEnd(12)} ${rows} rows`);
  }
}
