/** `rekindle import <shop>`: reads CRM files by the mapping in shop.yaml. */
import type { Command } from 'commander';
import { Failure } from '../platform/failure.ts';
import { formatMicros } from '../proto/micros.ts';
import type { ImportReport } from '../segmenter/import/import-report.ts';
import type { RejectSummary } from '../segmenter/import/reject-log.ts';
import { importShop, shopNamed } from '../service/shop-jobs.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { showPreview } from './import-preview.ts';
import { withoutRateLine } from './orders-left-out.ts';
import type { Terminal } from './terminal.ts';

const REJECTS_SHOWN = 5;

interface ImportOptions extends CommonOptions {
  readonly customers?: string;
  readonly orders?: string;
  readonly devices?: string;
  readonly force?: boolean;
  readonly preview?: boolean;
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
    .option('--customers <file>', 'customers with their e-mails and phones')
    .option('--orders <file>', 'orders, or lines of orders')
    .option('--devices <file>', 'cookies, device ids and exchange ids of customers')
    .option('--force', 'import although more than 1 % of the rows cannot be read')
    .option('--preview', 'show how columns are understood, and import nothing')
    .action(importCommand);
}

async function importCommand(name: string, options: ImportOptions): Promise<void> {
  const { customers, orders, devices } = options;
  if (customers === undefined && orders === undefined && devices === undefined) {
    throw new Failure(
      'usage',
      'nothing to import: name a file with --orders, --customers or --devices',
    );
  }
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  const files = {
    ...(customers && { customers }),
    ...(orders && { orders }),
    ...(devices && { devices }),
  };
  if (options.preview === true) return showPreview(shop, files, terminal);
  const progress = terminal.progress();
  const report = await importShop(config, shop, {
    files,
    force: options.force ?? false,
    onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
  }).finally(() => progress.end());
  terminal.data({ v: 1, ...report });
  showReport(report, shop.currency, terminal);
}

function showReport(report: ImportReport, currency: string, terminal: Terminal): void {
  const { orders, customers, devices, held } = report;
  if (orders !== null) {
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
    if (report.staleOrders > 0) {
      terminal.say(
        `  ${report.staleOrders} orders were held with a newer status and left as they were`,
      );
    }
    for (const left of orders.withoutRate) terminal.warn(`  ${withoutRateLine(left)}`);
    showRejected(orders.rejected, terminal);
  }
  for (const people of [customers, devices]) {
    if (people === null) continue;
    const { file, linesRead, linesLoaded, rejected } = people;
    terminal.say(
      `${terminal.good('✓')} ${file}: ${linesRead} lines, ${linesLoaded} loaded, ${rejected.count} rejected`,
    );
    showRejected(rejected, terminal);
  }
  showSuppressed(report, terminal);
  for (const { purpose, allowed, refused, unreadable } of report.consent) {
    const unread = unreadable === 0 ? '' : `, ${unreadable} cells say neither and count as a no`;
    terminal.say(`  consent to ${purpose}: ${allowed} yes, ${refused} no${unread}`);
  }
  terminal.say(
    `  ${report.shop} now has ${held.customers} customers, ${held.orders} orders, ${held.devices} devices`,
  );
}

function showSuppressed({ suppressed }: ImportReport, terminal: Terminal): void {
  const { customers, orders, devices } = suppressed;
  if (customers + orders + devices === 0) return;
  terminal.say(
    `  left out, because they were forgotten: ${customers} customers, ${orders} orders, ${devices} devices`,
  );
}

function showRejected(rejected: RejectSummary, terminal: Terminal): void {
  for (const { file, line, column, reason } of rejected.first.slice(0, REJECTS_SHOWN)) {
    terminal.warn(`  ${file}:${line}  ${column}: ${reason}`);
  }
  if (rejected.report !== null) terminal.warn(`  all rejected rows: ${rejected.report}`);
}
