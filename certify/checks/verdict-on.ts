/** From what was asked to a verdict: by the rules that a check is about, so that one fault is one row. */
import type { Asked, Probe } from '../probe.ts';
import { fail, notApplicable, pass, type Verdict } from '../verdict.ts';

/** Rules without which nothing else can be said. */
const READABLE = ['no-answer', 'status', 'refused', 'body', 'no-bid-form'];

export const NEVER_BID = 'no request got a bid; give one that does with --request';

/** The first fault of these rules, or of those that every answer keeps; undefined when there is none. */
export function faultOf(asked: Asked, rules: readonly string[] = []): string | undefined {
  return asked.faults.find((fault) => {
    const rule = fault.split(':')[0]!;
    return READABLE.includes(rule) || rules.includes(rule);
  });
}

/** `without` is the verdict on an answer without a bid, which kept the rules for want of one. */
export function verdictOn(
  asked: Asked,
  rules: readonly string[],
  without: Verdict = notApplicable('no bid came for it'),
): Verdict {
  const fault = faultOf(asked, rules);
  if (fault !== undefined) return fail(fault, asked.exchange);
  return asked.bids.length > 0 ? pass() : without;
}

/**
 * Of a request that means what the base means: where the base gets a bid, so must this. The base is
 * asked again before a bid is missed, since live bids end at a cap or a budget.
 */
export async function asBase(
  probe: Probe,
  asked: Asked,
  rules: readonly string[] = [],
): Promise<Verdict> {
  const fault = faultOf(asked, rules);
  if (fault !== undefined) return fail(fault, asked.exchange);
  if (asked.bids.length > 0) return pass();
  if (probe.bidding === null) {
    return pass('read without an error; that no bid is lost could not be told: no request got one');
  }
  return (await stillBids(probe))
    ? fail('the bid that the same request gets otherwise is missing', asked.exchange)
    : notApplicable(BIDS_ENDED);
}

export const BIDS_ENDED = 'the request gets no bid any more: a cap or a budget has ended it';

export async function stillBids(probe: Probe): Promise<boolean> {
  return (await probe.askForBid()).bids.length > 0;
}

/** The status alone, which must be one of these. */
export function statusAmong(
  exchange: Asked['exchange'],
  statuses: readonly number[],
  what: string,
): Verdict {
  if (exchange.status === 0) return fail(`${what}: ${exchange.trouble}`, exchange);
  return statuses.includes(exchange.status)
    ? pass()
    : fail(`${what}: ${exchange.status}, expected ${statuses.join(' or ')}`, exchange);
}
