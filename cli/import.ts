/** `rekindle import <shop>`: reads CRM files by the mapping in shop.yaml. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Failure } from '../platform/failure.ts';
import { formatMicros } from '../proto/micros.ts';
import type { ImportReport } from '../segmenter/import/import-report.ts';
import type { RepeatedEvents } from '../segmenter/import/merge-events.ts';
import { MERGE_MODES, type MergeMode } from '../segmenter/import/merge-mode.ts';
import type { RejectSummary } from '../segmenter/import/reject-log.ts';
import { importShop, shopNamed, undoInShop } from '../service/shop-jobs.ts';
import { EVENT_KINDS, FILE_KINDS, type FileKind } from '../settings/event-mapping.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { ofColumn, showPreview } from './import-preview.ts';
import { withoutRateLine } from './orders-left-out.ts';
import type { Terminal } from './terminal.ts';

const REJECTS_SHOWN = 5;

interface ImportOptions extends CommonOptions {
  readonly customers?: string;
  readonly orders?: string;
  readonly devices?: string;
  readonly events?: string;
  readonly conversions?: string;
  readonly calls?: string;
  readonly force?: boolean;
  readonly preview?: boolean;
  readonly merge?: MergeMode;
  readonly dryRun?: boolean;
  readonly undo?: number;
}

export function addImport(program: Command): void {
  withCommon(
    program
      .command('import')
      .argument('<shop>', 'folder name below shops/')
      .description(
        'read CRM files (CSV, JSON, NDJSON, Parquet; .gz too) by the mapping in shop.yaml',
      ),
    'rekindle import demo --orders orders.csv --customers customers.ndjson',
  )
    .option('--customers <file>', 'customers with their e-mails and phones', oneFile)
    .option('--orders <file>', 'orders, or lines of orders', oneFile)
    .option('--devices <file>', 'cookies, device ids and exchange ids of customers', oneFile)
    .option('--events <file>', 'what people did, each with any further columns', oneFile)
    .option('--conversions <file>', 'offline conversions of visitors and of clicks', oneFile)
    .option('--calls <file>', 'calls of visitors', oneFile)
    .option('--force', 'import although more than 1 % of the rows cannot be read')
    .addOption(
      new Option(
        '--merge <mode>',
        'what becomes of fields that a record does not say and of several values (docs/uploads.md)',
      ).choices(MERGE_MODES),
    )
    .option('--dry-run', 'read, count and report everything, and change nothing')
    .addOption(
      new Option('--undo <id>', 'take back an upload, the last one first (docs/uploads.md)')
        .argParser(uploadId)
        .conflicts([...FILE_KINDS, 'force', 'merge', 'dryRun', 'preview']),
    )
    .option('--preview', 'show how columns are understood, and import nothing')
    .action(importCommand);
}

function oneFile(file: string, before: string | undefined): string {
  if (before === undefined) return file;
  throw new InvalidArgumentError('one file of a kind is imported at a time');
}

function uploadId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected the number of an upload');
}

async function importCommand(name: string, options: ImportOptions): Promise<void> {
  if (options.undo !== undefined) return undo(name, options.undo, terminalOf(options));
  const files: Partial<Record<FileKind, string>> = {};
  for (const kind of FILE_KINDS) {
    const file = options[kind];
    if (file !== undefined) files[kind] = file;
  }
  if (Object.keys(files).length === 0) {
    throw new Failure('usage', `nothing to import: name a file with --${FILE_KINDS.join(', --')}`);
  }
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  if (options.preview === true) return showPreview(shop, files, terminal);
  const progress = terminal.progress();
  const report = await importShop(config, shop, {
    files,
    force: options.force ?? false,
    dryRun: options.dryRun ?? false,
    ...(options.merge !== undefined && { merge: options.merge }),
    onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
  }).finally(() => progress.end());
  terminal.data({ v: 1, ...report });
  showReport(report, shop.currency, terminal);
}

async function undo(name: string, upload: number, terminal: Terminal): Promise<void> {
  const config = serviceConfig();
  const report = await undoInShop(config, shopNamed(config, name), upload);
  terminal.data({ v: 1, ...report });
  const what = report.undone.length === 1 ? 'upload' : 'uploads';
  const how = report.changed ? 'the data is what it was before' : 'it had changed nothing';
  terminal.say(`${terminal.good('✓')} ${what} ${report.undone.join(', ')} undone: ${how}`);
}

function showReport(report: ImportReport, currency: string, terminal: Terminal): void {
  const { orders, held } = report;
  const repeated: Partial<Record<FileKind, RepeatedEvents>> = report.repeated;
  if (orders !== null) showOrders(orders, { staleOrders: report.staleOrders, currency }, terminal);
  for (const kind of ['customers', 'devices', ...EVENT_KINDS] as const) {
    const people = report[kind];
    if (people === null) continue;
    const { file, linesRead, linesLoaded, rejected } = people;
    terminal.say(
      `${terminal.good('✓')} ${file}: ${linesRead} lines, ${linesLoaded} loaded, ${rejected.count} rejected`,
    );
    showRepeated(repeated[kind], terminal);
    showRejected(rejected, terminal);
  }
  if (report.dryRun) terminal.say('  a dry run: nothing of this is in place');
  if (!report.changed) terminal.say('  all of it is held already: nothing changed');
  if (report.joined !== null) showJoined(report.joined, terminal);
  showSuppressed(report, terminal);
  for (const { purpose, allowed, refused, unreadable } of report.consent) {
    const unread = unreadable === 0 ? '' : `, ${unreadable} cells say neither and count as a no`;
    terminal.say(`  consent to ${purpose}: ${allowed} yes, ${refused} no${unread}`);
  }
  terminal.say(
    `  ${report.shop} ${report.dryRun ? 'would have' : 'now has'} ${held.customers} customers, ${held.orders} orders, ${held.devices} devices, ${held.events} events`,
  );
}

function showOrders(
  orders: NonNullable<ImportReport['orders']>,
  { staleOrders, currency }: { readonly staleOrders: number; readonly currency: string },
  terminal: Terminal,
): void {
  const { linesRead, linesLoaded, linesWithoutCustomer } = orders;
  terminal.say(
    `${terminal.good('✓')} ${orders.file}: ${linesRead} lines, ${linesLoaded} loaded, ${linesWithoutCustomer} without a customer, ${orders.rejected.count} rejected`,
  );
  terminal.say(`  ${orders.orders} orders of ${orders.customers} customers`);
  for (const { status, group, lines, orders: count, revenueMicros } of orders.byStatus) {
    const what = group ?? 'NOT MAPPED in shop.yaml, does not count';
    terminal.say(
      `  ${status.padEnd(16)} ${what.padEnd(12)} ${count} orders, ${lines} lines, ${formatMicros(revenueMicros)} ${currency}`,
    );
  }
  if (staleOrders > 0) {
    terminal.say(`  ${staleOrders} orders were held with a newer status and left as they were`);
  }
  for (const left of orders.withoutRate) terminal.warn(`  ${withoutRateLine(left)}`);
  showRejected(orders.rejected, terminal);
}

function showRepeated(repeated: RepeatedEvents | undefined, terminal: Terminal): void {
  const { inFile = 0, held = 0 } = repeated ?? {};
  const again = [
    ...(inFile > 0 ? [`${inFile} said again by a later line`] : []),
    ...(held > 0 ? [`${held} held already`] : []),
  ];
  if (again.length > 0) terminal.say(`  ${again.join(', ')}: an event counts once`);
}

function showSuppressed({ suppressed }: ImportReport, terminal: Terminal): void {
  const left = Object.entries(suppressed).filter(([, rows]) => rows > 0);
  if (left.length === 0) return;
  const rows = left.map(([kind, count]) => `${count} ${kind}`).join(', ');
  terminal.say(`  left out, because they were forgotten: ${rows}`);
}

function showJoined(joined: NonNullable<ImportReport['joined']>, terminal: Terminal): void {
  const { joinedCustomers, joinedPersons, quarantined, refused } = joined;
  if (joinedCustomers > 0) {
    const persons = joinedPersons === 1 ? 'one person' : `${joinedPersons} persons`;
    terminal.say(`  ${joinedCustomers} customers are ${persons} by what they share`);
  }
  for (const { kind, values } of quarantined) {
    terminal.warn(`  ${kind}: ${values} values are of too many customers and join nobody`);
  }
  if (refused > 0) terminal.warn(`  ${refused} customers not joined: a person would be too large`);
}

function showRejected(rejected: RejectSummary, terminal: Terminal): void {
  for (const { file, line, column, reason } of rejected.first.slice(0, REJECTS_SHOWN)) {
    terminal.warn(`  ${file}:${line}  ${ofColumn(column)}${reason}`);
  }
  if (rejected.report !== null) terminal.warn(`  all rejected rows: ${rejected.report}`);
}
