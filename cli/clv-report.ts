/** What `rekindle clv` says to people. */
import type {
  ClvHoldout,
  ClvReport,
  FittedModels,
  ModelFits,
} from '../segmenter/clv/clv-request.ts';
import type { TimeUnit } from '../segmenter/models/clv.ts';
import type { HoldoutGroup, HoldoutReport } from '../segmenter/models/holdout.ts';
import type { PurchaseModelName } from '../segmenter/models/lifetime-fit.ts';
import type { ModelFit } from '../segmenter/models/model-fit.ts';
import type { SufficientStatistics } from '../segmenter/models/purchase-history.ts';
import type { Terminal } from './terminal.ts';

export const MODEL_NAMES = {
  bgNbd: 'BG/NBD',
  paretoNbd: 'Pareto/NBD',
  gammaGamma: 'Gamma-Gamma',
} as const;

/** From here on Gamma-Gamma’s first assumption is doubtful. */
const CORRELATION_NOTABLE = 0.3;

export function showReport(
  report: ClvReport,
  asked: { readonly unit: TimeUnit; readonly model: PurchaseModelName },
  terminal: Terminal,
): void {
  const { orders, statistics, spend, holdout } = report;
  terminal.say(
    `${terminal.good('✓')} ${orders.rows} orders read, ${orders.withoutCustomer} without a customer, ${orders.refunds} refunds left out`,
  );
  showStatistics(statistics, asked.unit, terminal);
  showModels(report, terminal);
  const { correlation } = spend;
  if (correlation !== null) terminal.say(correlationLine(correlation));
  if (holdout !== null) showHoldout(holdout, asked.unit, terminal);
}

export function correlationLine(correlation: number): string {
  const doubt =
    Math.abs(correlation) < CORRELATION_NOTABLE
      ? ''
      : ': how often and how much go together, which Gamma-Gamma does not allow for';
  return `  frequency and spend correlate by ${correlation.toFixed(3)}${doubt}`;
}

function showStatistics(of: SufficientStatistics, unit: TimeUnit, terminal: Terminal): void {
  terminal.say(
    `  ${of.customers} customers, ${of.repeaters} bought again, ${of.repeatPurchases} repeat purchases`,
  );
  terminal.say(
    `  Σ t_x ${of.sumRecency.toFixed(6)} ${unit}s, Σ T ${of.sumAge.toFixed(6)} ${unit}s, Σ m ${of.sumMeanValue.toFixed(2)}`,
  );
}

function showModels({ models, everyCustomer }: FittedModels, terminal: Terminal): void {
  if (everyCustomer > 1) terminal.say(`  fitted to one customer in ${everyCustomer}`);
  const names = Object.keys(MODEL_NAMES) as (keyof ModelFits)[];
  for (const name of names) {
    const line = fitLine(models[name]);
    terminal.say(`  ${terminal.bold(MODEL_NAMES[name].padEnd(12))} ${line}`);
  }
}

export function fitLine(fit: ModelFit<object>): string {
  switch (fit.kind) {
    case 'fitted': {
      const parameters = Object.entries(fit.parameters as Record<string, number>);
      const listed = parameters.map(([name, value]) => `${name} ${value.toFixed(4)}`);
      return `${listed.join('  ')}  log-likelihood ${fit.logLikelihood.toFixed(4)}`;
    }
    case 'too-little-data':
      return `not fitted: ${fit.repeaters} repeat customers, ${fit.needed} are needed`;
    case 'not-converged':
      return 'not fitted: no parameters are the likeliest, the search found no end';
    case 'no-better-than-plain':
      return 'not fitted: customers do not differ enough to be told apart';
  }
}

function showHoldout(holdout: ClvHoldout, unit: TimeUnit, terminal: Terminal): void {
  const { statistics, report } = holdout;
  terminal.say(terminal.bold('calibration'));
  showStatistics(statistics, unit, terminal);
  showModels(holdout, terminal);
  if (report === null) {
    terminal.say(`  no holdout report: ${holdout.model} was not fitted`);
    return;
  }
  terminal.say(terminal.bold(`holdout, by ${holdout.model}`));
  showErrors(report, terminal);
  showGroups('repeats', report.byRepeats, terminal);
  showGroups('decile', report.byDecile, terminal);
}

export function showErrors(report: HoldoutReport, terminal: Terminal): void {
  const { actual, expected, ownRateExpected, mae, ownRateMae } = report;
  terminal.say(
    `  ${actual} purchases; expected ${expected.toFixed(1)}, by everybody’s own rate ${ownRateExpected.toFixed(1)}`,
  );
  terminal.say(
    `  mean error a customer ${mae.toFixed(4)}, by everybody’s own rate ${ownRateMae.toFixed(4)}`,
  );
}

export function showGroups(
  title: string,
  groups: readonly HoldoutGroup[],
  terminal: Terminal,
): void {
  terminal.say(terminal.dim(`  ${title.padEnd(8)} customers    actual  expected`));
  for (const { group, customers, actual, expected } of groups) {
    const cells = [
      String(customers).padStart(9),
      actual.toFixed(4).padStart(9),
      expected.toFixed(4).padStart(9),
    ];
    terminal.say(`  ${group.padEnd(8)} ${cells.join(' ')}`);
  }
}
