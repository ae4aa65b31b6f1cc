/** Deadlines as an exchange holds them: `tmax` includes the network (OpenRTB 2.6, 3.2.1). */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { keepAliveAgent } from '../exchange.ts';
import type { Asked, Probe } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { faultOf, verdictOn } from './verdict-on.ts';

const area = 'timing';
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
  const { url, timed: plan } = probe.options;
  const agent = keepAliveAgent(url, CONNECTIONS);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const timed: Timed[] = [];
  let next = -WARM_UP;
  // A bidder that is dead or asleep is not waited for five hundred times.
  const isDecided = () => lateBy(timed, stillMs(loop)).length > plan.requests * LATE_SHARE_MAX;
  const askOn = async (): Promise<void> => {
    while (next < plan.requests && !isDecided()) {
      const number = next++;
      const tmaxMs = plan.tmaxMs[Math.abs(number) % plan.tmaxMs.length]!;
      const asked = await probe.ask((request) => ({ ...request, tmax: tmaxMs }), { agent });
      // An exchange's connections are open before the auction.
      if (number >= 0) timed.push({ tmaxMs, asked });
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
  } finally {
    agent.destroy();
    loop.disable();
  }
  return lateness(timed, plan.tmaxMs, stillMs(loop));
}

/** The longest that this process itself stood still, in ms. */
const stillMs = (loop: IntervalHistogram) => Math.max(0, loop.max / 1e6);

/** What was later than its tmax by more than the slack, and what failed. */
function lateBy(timed: readonly Timed[], slackMs: number): Timed[] {
  return timed.filter(({ tmaxMs, asked }) => {
    return asked.exchange.tookMs > tmaxMs + slackMs || faultOf(asked) !== undefined;
  });
}

/** A machine that stands still makes answers late that were not: what only that explains is not judged. */
function lateness(timed: readonly Timed[], tmaxsMs: readonly number[], ownMs: number): Verdict {
  const late = lateBy(timed, 0).toSorted(
    (a, b) => b.asked.exchange.tookMs - a.asked.exchange.tookMs,
  );
  const counts = tmaxsMs.map((tmaxMs) => {
    return `${tmaxMs} ms: ${late.filter((each) => each.tmaxMs === tmaxMs).length}`;
  });
  const said = `${late.length} of ${timed.length} late or failed (${counts.join(', ')})`;
  const most = timed.length * LATE_SHARE_MAX;
  if (late.length <= most) return pass(said);
  return lateBy(timed, ownMs).length > most
    ? fail(said, late[0]!.asked.exchange)
    : notApplicable(`${said}, but this process itself stood still for ${ownMs.toFixed(0)} ms`);
}

async function shortTmax(probe: Probe): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const tmax of TOO_SHORT_MS) {
    const asked = await probe.ask((request) => ({ ...request, tmax }));
    verdicts.push(verdictOn(asked, ['id-echo'], pass()));
  }
  return worst(verdicts);
}
