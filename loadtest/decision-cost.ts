/** The decision alone, measured by the service's own program over two demos that differ in campaigns. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './latency.ts';
import { writeLoadDemo } from './load-demo.ts';
import { type Environment, runBuilt, startService } from './service-process.ts';

const CUSTOMERS = 5000;
const EXCHANGE = 'generic';

/** Of each pair the first demo's comes first. */
export interface DecisionCost {
  readonly campaigns: readonly number[];
  /** Medians over the rounds. */
  readonly usPerDecision: readonly number[];
  readonly bidShare: readonly number[];
  /** Median of the paired ratios, the second to the first. */
  readonly ratio: number;
}

/** As service/decision-main.ts prints it. */
interface Measured {
  readonly campaigns: readonly number[];
  readonly bidShare: readonly number[];
  readonly rounds: readonly (readonly number[])[];
}

export interface DecisionCostOptions {
  readonly dir: string;
  readonly seed: number;
  readonly env: Environment;
  readonly campaigns: readonly [number, number];
  readonly requests: number;
}

/** Writes to `dir`, which must exist. */
export async function measureDecisionCost(options: DecisionCostOptions): Promise<DecisionCost> {
  const { dir, seed, env } = options;
  const requestsFile = join(dir, 'decision-requests.json');
  const workspaces: string[] = [];
  let bodies: string[] = [];
  for (const campaigns of options.campaigns) {
    const workspace = join(dir, `campaigns-${campaigns}`);
    mkdirSync(workspace, { recursive: true });
    const demo = writeLoadDemo(workspace, { customers: CUSTOMERS, campaigns, seed, env });
    // To start is to import and to build.
    await (await startService(workspace, { ...env, REKINDLE_STORE_URL: '' }, [])).stop();
    // The same people in each.
    bodies = await demo.bodies({ count: options.requests, exchange: EXCHANGE });
    workspaces.push(workspace);
  }
  writeFileSync(requestsFile, JSON.stringify(bodies));
  const printed = runBuilt('service/decision-main.js', [requestsFile, ...workspaces], env);
  const { campaigns, bidShare, rounds }: Measured = JSON.parse(printed);
  return {
    campaigns,
    usPerDecision: [0, 1].map((at) => median(rounds.map((round) => round[at]!))),
    bidShare,
    ratio: median(rounds.map(([first, second]) => second! / first!)),
  };
}
