/** `rekindle start`: from an empty folder to a serving bidder, saying what it does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { PortInUse } from '../platform/http/http-port.ts';
import { assertPortFree } from '../platform/http/port-free.ts';
import { createLog } from '../platform/log.ts';
import { onShutdown } from '../platform/shutdown.ts';
import { isDemoUnfinished, writeDemoWorkspace } from '../segmenter/demo/write-demo-workspace.ts';
import { seenFiles } from '../service/folder-signature.ts';
import { Service } from '../service/service.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import { REKINDLE_FILE } from '../settings/service-config.ts';
import { readShopSegments } from '../settings/shop-segments.ts';
import type { ServiceConfig, Workspace } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { busyPolling, thisMachine } from './busy-polling.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { count } from './count.ts';
import { prepareShops } from './prepare-shops.ts';
import { prepareStore } from './prepare-store.ts';
import { type Sample, sampleFor } from './sample.ts';
import type { Terminal } from './terminal.ts';

const DEMO_SEED = 42;
const DRAIN_MS = 8000;
const STOP_MS = 15_000;

interface StartOptions extends CommonOptions {
  readonly demoCustomers: number;
  readonly demoCampaigns: number;
}

export function addStart(program: Command): void {
  withCommon(
    program
      .command('start', { isDefault: true })
      .description('serve; makes a demo shop first when there is no workspace'),
    'REKINDLE_PORT=9000 rekindle start',
  )
    .option('--demo-customers <n>', 'size of the demo, when it has to be made', Number, 20_000)
    .option('--demo-campaigns <n>', 'campaigns of the demo, when it has to be made', Number, 6)
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  // Of what a signal may find, only store and service need time to end. Told from the beginning: a
  // container's first process ignores the signals it has no handler for.
  let drain = async (): Promise<void> => {};
  onShutdown(
    async () => {
      terminal.say('\nstopping …');
      await drain();
    },
    STOP_MS,
    (reason, error) => terminal.warn(`${reason}${error === undefined ? '' : `: ${String(error)}`}`),
  );
  const version = `node ${process.versions.node}`;
  terminal.say(`${terminal.bold('rekindle')}  ${version} · workspace ${config.dir}`);
  await assertPorts(config);
  await makeDemo(options, config, terminal);
  const workspace = loadWorkspace(config.dir);
  const seen = seenFiles(workspace);
  const store = await prepareStore(config, workspace, terminal);
  drain = async () => store[Symbol.asyncDispose]();
  const putOff = await prepareShops(workspace, { config, store, terminal });
  const log = createLog({ level: 'info', service: 'supervisor' });
  const service = new Service({
    ...{ config, workspace, store, clock: systemClock, log, seen, putOff },
  });
  drain = async () => {
    await service.drain(DRAIN_MS);
    await store[Symbol.asyncDispose]();
    terminal.say('drained');
  };
  const startedMs = performance.now();
  const backend = await service.start();
  const { processes, workers } = config;
  terminal.step(
    'bidder',
    `${processes} × ${workers} workers on ${backend}, ${store.description}`,
    startedMs,
  );
  const polling = busyPolling(config, thisMachine());
  if (!polling.ok) terminal.alert('busy polling', polling.detail);
  await welcome(workspace, { config, store, terminal });
}

async function assertPorts(config: ServiceConfig): Promise<void> {
  const ports = [
    ['REKINDLE_PORT', '0.0.0.0', config.port],
    ['REKINDLE_ADMIN_PORT', '127.0.0.1', config.adminPort],
  ] as const;
  for (const [name, host, port] of ports) {
    try {
      await assertPortFree(host, port);
    } catch (error) {
      if (!(error instanceof PortInUse)) throw error;
      const message = `port ${port} is in use by another program; stop it, or choose another with ${name}`;
      throw new Failure('dependency-unreachable', message, { cause: error });
    }
  }
}

async function makeDemo(
  options: StartOptions,
  config: ServiceConfig,
  terminal: Terminal,
): Promise<void> {
  const taken = [REKINDLE_FILE, 'shops'].some((name) => existsSync(join(config.dir, name)));
  if (taken && !isDemoUnfinished(config.dir)) return;
  const startedMs = performance.now();
  const progress = terminal.progress();
  const demo = await writeDemoWorkspace({
    dir: config.dir,
    customers: options.demoCustomers,
    campaigns: options.demoCampaigns,
    seed: DEMO_SEED,
    nowMs: systemClock.nowMs(),
    onProgress: (share) => progress.update('demo', Math.round(share * 100), 100),
  });
  progress.end();
  const made = `${count(demo.customers)} customers, ${count(demo.orders)} orders, ${count(demo.products)} products`;
  terminal.step('demo shop', made, startedMs);
}

/** One sample request with its priced answer, the URLs, and what to try. */
async function welcome(
  workspace: Workspace,
  { config, store, terminal }: { config: ServiceConfig; store: Store; terminal: Terminal },
): Promise<void> {
  const exchange = workspace.exchanges[0]?.exchange ?? 'generic';
  const bidUrl = `http://127.0.0.1:${config.port}/bid/${exchange}`;
  const admin = `http://127.0.0.1:${config.adminPort}`;
  const exchanges = workspace.exchanges.map((e) => e.exchange).join(',');
  terminal.say();
  terminal.say(`  Bids     POST http://127.0.0.1:${config.port}/bid/{${exchanges}}`);
  terminal.say(`  Metrics  ${admin}/metrics`);
  terminal.say();
  const answer = await sampleFor({ size: '300x250', exchange, seed: 1 }, { config, store })
    .then((sample) => sampleAnswer(bidUrl, sample))
    .catch((error: Error) => `  ${error.message}`);
  terminal.say(answer);
  terminal.say();
  const segment = dearestSegment(workspace.shops[0]!);
  terminal.say(`  Try:  npx rekindle sample${segment === null ? '' : ` --segment ${segment}`}`);
  terminal.say('        npx rekindle sample --json | npx rekindle explain --request -');
  terminal.say(
    `        edit ${join(config.dir, 'shops', workspace.shops[0]!.shop, 'segments')}: it is taken over at once`,
  );
  terminal.data({ v: 1, bid: bidUrl, admin, shops: workspace.shops.map(({ shop }) => shop) });
}

/** The one that raises a bid most: its people are worth a look. Null for a shop without segments. */
function dearestSegment(shop: Workspace['shops'][number]): string | null {
  const { segments } = readShopSegments(shop);
  const dearest = segments.toSorted((a, b) => b.effect.multiplier - a.effect.multiplier);
  return dearest[0]?.segment ?? null;
}

async function sampleAnswer(bidUrl: string, { person, request }: Sample): Promise<string> {
  const startedMs = performance.now();
  const answer = await fetch(bidUrl, { method: 'POST', body: JSON.stringify(request) });
  const ms = (performance.now() - startedMs).toFixed(1);
  const who = `customer ${person.customer} (${person.segments.join(', ') || 'no segment'}), 300x250`;
  const asked = `  Sample   ${who}\n           ${JSON.stringify(request)}`;
  if (answer.status !== 200) return `${asked}\n           no bid (${answer.status}) in ${ms} ms`;
  const body = (await answer.json()) as SampleAnswer;
  const bid = body.seatbid[0]!.bid[0]!;
  return `${asked}\n           → ${bid.price} ${body.cur} CPM, creative ${bid.crid}, campaign ${bid.cid}, ${bid.adm.length} bytes of banner, in ${ms} ms`;
}

interface SampleAnswer {
  readonly cur: string;
  readonly seatbid: readonly { readonly bid: readonly SampleBid[] }[];
}

interface SampleBid {
  readonly price: number;
  readonly crid: string;
  readonly cid: string;
  readonly adm: string;
}
