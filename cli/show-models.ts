/** What a build has learned of a shop's customers as a whole, and whether it may be believed. */
import { formatMicros } from '../proto/micros.ts';
import { dayToDate } from '../rules/local-day.ts';
import type { ClvModel, RfmModel, ShopModels } from '../segmenter/build/shop-models.ts';
import type { RfmCuts } from '../segmenter/models/rfm.ts';
import type { ServingModels } from '../segmenter/preview/serving-models.ts';
import { correlationLine, fitLine, MODEL_NAMES, showErrors, showGroups } from './clv-report.ts';
import type { Terminal } from './terminal.ts';

const METHODS: Readonly<Record<RfmModel['method'], string>> = {
  quantiles: 'by fifths of the customers',
  equal_width: 'by five equal steps',
  fixed: 'by fixed limits',
};

export function showServingModels(
  serving: ServingModels,
  currency: string,
  terminal: Terminal,
): void {
  const { generation, models, customers } = serving;
  terminal.say(terminal.bold(`generation ${generation}, ${customers} customers`));
  if (models.rfm === null)
    terminal.say('RFM was not asked for: say rfm: in shop.yaml, or in a rule');
  else showRfm(models.rfm, serving, currency, terminal);
  if (models.clv === null) {
    terminal.say('lifetime value was not asked for: say clv: {} in shop.yaml, or in a rule');
  } else {
    showClv(models.clv, serving, currency, terminal);
  }
}

function showRfm(
  { method, customers, cuts }: RfmModel,
  { scored }: ServingModels,
  currency: string,
  terminal: Terminal,
): void {
  terminal.say(`${terminal.bold('RFM')} ${METHODS[method]}, of ${customers} who have bought`);
  if (cuts === null) return;
  if (cuts.windowDays !== null) terminal.say(`  orders of the last ${cuts.windowDays} days`);
  terminal.say(terminal.dim(`  ${'rank'.padEnd(12)}${[1, 2, 3, 4, 5].map(cell).join('')}`));
  const rows = [
    ['recency', scored.recency, `5 up to ${cuts.recencyDays.join(', ')} days`],
    ['frequency', scored.frequency, `2 above ${cuts.orders.join(', ')} orders`],
    ['monetary', scored.monetary, `2 above ${amounts(cuts)} ${currency}`],
  ] as const;
  for (const [name, people, means] of rows) {
    terminal.say(`  ${name.padEnd(12)}${people.map(cell).join('')}  ${terminal.dim(means)}`);
  }
}

function amounts({ revenueMicros }: RfmCuts): string {
  return revenueMicros.map((micros) => formatMicros(micros)).join(', ');
}

function cell(value: number): string {
  return String(value).padStart(9);
}

function showClv(
  clv: ClvModel,
  { day, scored }: ServingModels,
  currency: string,
  terminal: Terminal,
): void {
  const { settings, fit } = clv;
  const months = Number(settings.horizonMonths.toFixed(1));
  terminal.say(`${terminal.bold('lifetime value')} over ${months} months, in ${currency}`);
  if (fit === null) {
    terminal.say('  nobody has bought yet');
    return;
  }
  const age = day === clv.day ? 'of this build' : `${day - clv.day} days old`;
  const sample = clv.everyCustomer === 1 ? '' : `, to one in ${clv.everyCustomer}`;
  terminal.say(`  fitted ${dayToDate(clv.day)} (${age}) to ${clv.customers} customers${sample}`);
  const purchases = fit.purchases.model === 'bg-nbd' ? MODEL_NAMES.bgNbd : MODEL_NAMES.paretoNbd;
  terminal.say(`  ${terminal.bold(purchases.padEnd(12))} ${fitLine(fit.purchases.fit)}`);
  terminal.say(`  ${terminal.bold(MODEL_NAMES.gammaGamma.padEnd(12))} ${fitLine(fit.spend)}`);
  if (fit.spendCorrelation !== null) terminal.say(correlationLine(fit.spendCorrelation));
  terminal.say(
    `  ${scored.expectedOrders} customers have expected orders, ${scored.value} a value`,
  );
  if (fit.decileCuts !== null) {
    terminal.say(
      `  the top tenth is worth more than ${(fit.decileCuts.at(-1)! / 1_000_000).toFixed(2)}`,
    );
  }
  showHoldout(fit, terminal);
}

function showHoldout({ holdout }: NonNullable<ClvModel['fit']>, terminal: Terminal): void {
  if (holdout === null) {
    terminal.say('  not held against anything: too little time');
    return;
  }
  const { days, purchases, report } = holdout;
  terminal.say(terminal.bold(`  the last ${days} days, foretold from what was before`));
  if (report === null) {
    terminal.say(`  ${fitLine(purchases.fit)}`);
    return;
  }
  showErrors(report, terminal);
  showGroups('decile', report.byDecile, terminal);
}

/** One line a model, for who has just built. */
export function showLearned(models: ShopModels | null, terminal: Terminal): void {
  const { rfm = null, clv = null } = models ?? {};
  if (rfm !== null) {
    terminal.say(terminal.dim(`  RFM ${METHODS[rfm.method]}, of ${rfm.customers}`));
  }
  if (clv !== null) {
    terminal.say(terminal.dim(`  lifetime value: ${clvLine(clv)}; --models shows more`));
  }
}

function clvLine({ fit, day }: ClvModel): string {
  if (fit === null) return 'nobody has bought yet';
  const { purchases, spend, holdout } = fit;
  if (purchases.fit.kind !== 'fitted') return fitLine(purchases.fit);
  const ofSpend = spend.kind === 'fitted' ? '' : `; spend ${fitLine(spend)}`;
  const fitted = `fitted ${dayToDate(day)}${ofSpend}`;
  if (holdout === null) return `${fitted}; too little time to hold it against anything`;
  if (holdout.report === null) {
    return `${fitted}; ${holdout.days} days ago ${fitLine(holdout.purchases.fit)}`;
  }
  const { actual, expected } = holdout.report;
  return `${fitted}, expected ${expected.toFixed(0)} of ${actual} orders of the last ${holdout.days} days`;
}
