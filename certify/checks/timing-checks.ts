/** Deadlines as an exchange holds them: `tmax` includes the network (OpenRTB 2.6, 3.2.1). */
import { keepAliveAgent } from '../exchange.ts';
import type { Asked, Probe } from '../probe.ts';
import { type Check, fail, pass, type Verdict, worst } from '../verdict.ts';
import { faultOf, verdictOn } from './verdict-on.ts';

const area = 'timing';
const TMAX_MS = [80, 120, 200, 1000];
const TOO_SHORT_MS = [1, 0, -5];
const CONNECTIONS = 8;
const LATE_SHARE_MAX = 0.02;
const WARM_UP = 4 * CONNECTIONS;

export const TIMING_CHECKS: readonly Check[] = [
  { id: 'deadlines', area, title: 'no more than 2 % of answers are late', run: deadlines },
  { id: 'short-tmax', area, title: 'a tmax that is too short is no error', run: shortTmax },
];

interface Timed {
  readonly tmaxMs: number;
  readonly asked: Asked;
}

async function deadlines(probe: Probe): Promise<Verdict> {
  const { timedRequests, url } = probe.options;
  const agent = keepAliveAgent(url, CONNECTIONS);
  const timed: Timed[] = [];
  const failedMax = timedRequests * LATE_SHARE_MAX;
  let next = -WARM_UP;
  // A bidder that is dead or asleep is not waited for five hundred times.
  const isDecided = () => timed.filter(isLate).length > failedMax;
  const askOn = async (): Promise<void> => {
    while (next < timedRequests && !isDecided()) {
      const number = next++;
      const tmaxMs = TMAX_MS[Math.abs(number) % TMAX_MS.length]!;
      const asked = await probe.ask((request) => ({ ...request, tmax: tmaxMs }), { agent });
      // An exchange's connections are open before the auction.
      if (number >= 0) timed.push({ tmaxMs, asked });
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
  } finally {
    agent.destroy();
  }
  return lateness(timed);
}

const isLate = ({ tmaxMs, asked }: Timed) =>
  asked.exchange.tookMs > tmaxMs || faultOf(asked) !== undefined;

function lateness(timed: readonly Timed[]): Verdict {
  const late = timed.filter(isLate);
  const counts = TMAX_MS.map((tmaxMs) => {
    return `${tmaxMs} ms: ${late.filter((each) => each.tmaxMs === tmaxMs).length}`;
  });
  const said = `${late.length} of ${timed.length} late or failed (${counts.join(', ')})`;
  const worstOne = late.toSorted((a, b) => b.asked.exchange.tookMs - a.asked.exchange.tookMs)[0];
  return worstOne !== undefined && late.length > timed.length * LATE_SHARE_MAX
    ? fail(said, worstOne.asked.exchange)
    : pass(said);
}

async function shortTmax(probe: Probe): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const tmax of TOO_SHORT_MS) {
    const asked = await probe.ask((request) => ({ ...request, tmax }));
    verdicts.push(verdictOn(asked, ['id-echo'], pass()));
  }
  return worst(verdicts);
}
