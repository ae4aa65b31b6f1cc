/** A preview of a segment as a marketer reads it. */
import { formatMicros } from '../proto/micros.ts';
import type { SampleCustomer } from '../segmenter/preview/preview-segment.ts';
import type { RulePreview } from '../service/preview-rule.ts';
import type { Terminal } from './terminal.ts';

const OVERLAPS_SHOWN = 8;

export function showPreview(preview: RulePreview, currency: string, terminal: Terminal): void {
  const { segment, generation, customers, members, overlaps } = preview;
  const { revenueMicros, revenueOfAllMicros, aovMicros } = preview;
  const money = (micros: number) => `${formatMicros(micros)} ${currency}`;
  terminal.say(
    `${terminal.bold(segment)}: ${members} of ${customers} customers, ${share(members, customers)}${stayingText(preview)}`,
  );
  const aov = aovMicros === null ? 'nobody has paid' : `AOV ${money(toCents(aovMicros))}`;
  terminal.say(
    `  revenue   ${money(revenueMicros)}, ${share(revenueMicros, revenueOfAllMicros)} of all; ${aov}`,
  );
  for (const { segment: other, both } of overlaps.slice(0, OVERLAPS_SHOWN)) {
    terminal.say(`  also in   ${other.padEnd(24)} ${both}, ${share(both, members)}`);
  }
  const show = (what: string, customer: SampleCustomer) =>
    terminal.say(`  ${what} ${sampleLine(customer, money)}`);
  for (const customer of preview.sample) show('member   ', customer);
  const { entering, leaving } = preview;
  if (entering === null || leaving === null) {
    terminal.say(terminal.dim('  no segment of that name serves'));
  } else {
    terminal.say(`  against what serves: ${entering.count} enter, ${leaving.count} leave`);
    for (const customer of entering.sample) show('enters   ', customer);
    for (const customer of leaving.sample) show('leaves   ', customer);
  }
  showTests(preview, terminal);
  for (const { segment: other, error } of preview.stale) {
    terminal.alert('stale', `${other} was looked at as it serves: ${error}`);
  }
  const asOf = new Date(preview.asOfMs).toISOString();
  terminal.say(terminal.dim(`  with the facts of generation ${generation}, as of ${asOf}`));
  if (preview.importedSince) {
    terminal.alert('data', `was imported since; rekindle segment ${preview.shop} brings it in`);
  }
}

function stayingText({ staying }: RulePreview): string {
  return staying === 0 ? '' : `; ${staying} of them stay although the rule no longer holds`;
}

function showTests({ tests }: RulePreview, terminal: Terminal): void {
  const failed = tests.filter(({ passed }) => !passed);
  for (const { at, test, message } of failed) {
    terminal.alert('test', `${at.file}:${at.line} "${test}": ${message}`);
  }
  terminal.say(terminal.dim(`  ${tests.length - failed.length} of ${tests.length} tests passed`));
}

function sampleLine(customer: SampleCustomer, money: (micros: number) => string): string {
  const { customer: id, orders, revenueMicros, lastOrderDaysAgo: days } = customer;
  const last = days === null ? 'no order' : `last ${days} days ago`;
  return `${id.padEnd(16)} ${orders} orders, ${money(revenueMicros)}, ${last}`;
}

function toCents(micros: number): number {
  return Math.round(micros / 10_000) * 10_000;
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;
}
