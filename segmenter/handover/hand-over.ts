/**
 * `rekindle export`: a segment as a platform takes it, hashed as it wants it. People without consent are
 * left out, and a list that is too small to hide a person in is not written.
 */

import type { KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { renameDurably } from '../../platform/durable-file.ts';
import type { Generations } from '../../store/ports.ts';
import type { Duck } from '../duck.ts';
import { openShopData } from '../open-shop-data.ts';
import { addressees } from './addressees.ts';
import { draftOf, dropDrafts, noteHandover } from './handover-ledger.ts';
import { HandoverRefused, type HandoverReport, type HandoverRequest } from './handover-request.ts';
import { PLATFORM_FILES, type PlatformFile } from './platform-files.ts';
import { selectMembers } from './select-members.ts';

/** Throws HandoverRefused, ImportError for another key than the data's, FileLocked, StoreUnavailable. */
export async function handOver(
  request: HandoverRequest,
  ports: { readonly key: KeyObject; readonly generations: Generations },
): Promise<HandoverReport> {
  const { shop, segment, to, out, nowMs } = request;
  const file = PLATFORM_FILES[to];
  await using source = await openShopData(request, ports.key);
  const { duck, files } = source;
  dropDrafts(files);
  const selected = await selectMembers(source, ports.generations, request);
  const unaddressable = await loadRows(duck, file);
  const [rows, persons] = await duck.numbers(
    `SELECT (SELECT count(*) FROM (SELECT DISTINCT ${cellsOf(file)} FROM export_rows)),
      (SELECT count(DISTINCT person) FROM export_rows)`,
  );
  const people = Math.min(rows!, persons!);
  if (people < file.rowsMin) {
    throw new HandoverRefused(
      `${segment} has ${people} people for ${to}, and at least ${file.rowsMin} are needed so that the list ` +
        `tells of nobody in particular (${selected.members} members, ${selected.withoutConsent} without ` +
        `consent, ${unaddressable} without e-mail or phone); no file was written`,
    );
  }
  // Before the file: what was handed over must be known of, what was not does no harm.
  noteHandover(files, { atMs: nowMs, file: out, to, segment, generation: selected.generation });
  await writeFile(duck, file, out);
  return { shop, segment, to, file: out, ...selected, unaddressable, rows: rows! };
}

/** Makes the table export_rows: person and the file's cells; returns for how many people there are none. */
async function loadRows(duck: Duck, file: PlatformFile): Promise<number> {
  const cells = file.columns.map((_, i) => [`c${i}`, 'text'] as const);
  const table = await duck.createTable('export_rows', {
    person: 'text',
    ...Object.fromEntries(cells),
  });
  for await (const addressee of addressees(duck)) {
    const row = file.row(addressee);
    if (row !== null) table.add([addressee.person, ...row]);
  }
  await table.close();
  const [unaddressable] = await duck.numbers(
    'SELECT count(DISTINCT person) FROM addressees WHERE person NOT IN (SELECT person FROM export_rows)',
  );
  return unaddressable!;
}

function cellsOf({ columns }: PlatformFile): string {
  return columns.map((_, i) => `c${i}`).join(', ');
}

/** Two customers with one e-mail and phone are one row. In the order of hashed persons: the same each time. */
async function writeFile(duck: Duck, file: PlatformFile, out: string): Promise<void> {
  const draft = draftOf(out);
  const handle = openDraft(draft);
  try {
    writeSync(handle, `${file.columns.join(',')}\n`);
    const query = `SELECT ${cellsOf(file)} FROM export_rows GROUP BY ${cellsOf(file)} ORDER BY min(person)`;
    for await (const chunk of duck.chunks(query)) {
      const columns = file.columns.map((_, i) => chunk.texts(i));
      let text = '';
      for (let i = 0; i < chunk.rowCount; i++) {
        text += `${columns.map((column) => csvCell(column[i]!)).join(',')}\n`;
      }
      writeSync(handle, text);
    }
    fsyncSync(handle);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  renameDurably(draft, out);
}

function openDraft(draft: string): number {
  try {
    // One that is there may be readable by others.
    rmSync(draft, { force: true });
    return openSync(draft, 'wx', 0o600);
  } catch (error) {
    throw new HandoverRefused(`${draft} cannot be written: ${(error as Error).message}`);
  }
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
