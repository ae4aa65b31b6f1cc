import { formatUs, threeDigits } from './latency.ts';
import { bidShare, type OverloadRun } from './overload.ts';

/** The shortest tmax of the corpus (request-corpus.ts). */
const TMAX_US = 100_000;
const LATENCY_FACTOR_MAX = 2;
/** What the neighbours on a shared machine do to a p99. */
const LATENCY_SLACK_US = 2000;
const BID_SHARE_LOSS_MAX = 0.02;

/** What promise 9 demands and this run did not show, in words. */
export function overloadFaults(run: OverloadRun): string[] {
  const { before, overload, overloaded, after } = run;
  const faults: string[] = [];
  const phases = { before, overload, 'the first second after': run.firstSecond, after };
  for (const [name, { serverErrors, errors, non2xx, unsent }] of Object.entries(phases))
    if (serverErrors + errors + non2xx + unsent > 0)
      faults.push(
        `${name}: ${serverErrors} 5xx, ${non2xx} not 2xx, ${errors} errors, ${unsent} unsent`,
      );
  if (overload.bids === 0) faults.push('overload: nothing was bid on');
  if (overload.bidLatency.p99Us > TMAX_US)
    faults.push(`overload: p99 of bids is ${formatUs(overload.bidLatency.p99Us)}, over the tmax`);
  if (overload.noBidLatency.p99Us > TMAX_US)
    faults.push(`overload: p99 of 204s is ${formatUs(overload.noBidLatency.p99Us)}, over the tmax`);
  if (!(overloaded > 0)) faults.push('overload: nothing was answered 204 for it');
  const lost = bidShare(before) - bidShare(after);
  if (lost > BID_SHARE_LOSS_MAX)
    faults.push(`afterwards ${threeDigits(lost * 100)} % of the requests get no bid any more`);
  const limitUs = before.latency.p99Us * LATENCY_FACTOR_MAX + LATENCY_SLACK_US;
  if (after.latency.p99Us > limitUs)
    faults.push(
      `afterwards p99 is ${formatUs(after.latency.p99Us)}, before ${formatUs(before.latency.p99Us)}`,
    );
  return faults;
}
