/** promise 1 through the whole service: one budget, several workers and processes, bids that win. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { RunningService } from './running-service.contract.ts';

const DEMO_MAIN = new URL('../dist/segmenter/demo-main.js', import.meta.url).pathname;
const CAMPAIGN = 'prospecting';
const BUDGET_NANOS = 600_000_000;
/** Each connection is one worker's: with so many, no worker is left without. */
const CONNECTIONS = 48;
/** Rounds without a bid, each longer than a third of the time after which a dry worker asks again. */
const SILENT_ROUNDS = 10;
const ROUND_MS = 400;
/** Every so many bids one is lost, and its money bid again. */
const LOST_EVERY = 5;

export interface ManyWorkers {
  readonly processes: number;
  readonly workers: number;
  readonly node?: string;
  /** '' is the embedded store. */
  readonly storeUrl: () => Promise<string>;
  readonly backend: string;
}

interface Bid {
  readonly id: string;
  readonly price: number;
  readonly burl: string;
  readonly lurl: string;
}

/** Somebody nobody knows, so that no cap is in the way of the money. */
const REQUEST = JSON.stringify({
  id: 'many-workers',
  imp: [{ id: '1', banner: { format: [{ w: 300, h: 250 }] }, bidfloor: 0.05 }],
  site: { domain: 'news.example', page: 'https://news.example/' },
  device: { devicetype: 2, geo: { country: 'USA' } },
});

export function describeManyWorkers(name: string, options: ManyWorkers): void {
  describe(`one budget, ${options.processes} × ${options.workers} workers, ${name}`, () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    let service: RunningService;
    let storeUrl = '';
    beforeAll(async () => {
      storeUrl = await options.storeUrl();
      service = await RunningService.create({
        customers: 300,
        ...(options.node && { node: options.node }),
        env: {
          REKINDLE_PROCESSES: String(options.processes),
          REKINDLE_WORKERS: String(options.workers),
          REKINDLE_STORE_URL: storeUrl,
        },
      });
      execFileSync(process.execPath, [DEMO_MAIN, service.dir, '300', '6', '1']);
      onlyProspecting(service.dir);
      await service.start();
    });
    afterAll(async () => {
      agent.destroy();
      await service?.remove();
    });

    const send = (method: string, path: string, body = '') =>
      answerOf({ agent, port: service.port, method, path, body });

    async function bids(): Promise<Bid[]> {
      const asked = Array.from({ length: CONNECTIONS }, () =>
        send('POST', '/bid/generic', REQUEST),
      );
      const answers = (await Promise.all(asked)).filter(({ status }) => status === 200);
      return answers.map(({ text }) => JSON.parse(text).seatbid[0].bid[0] as Bid);
    }

    /** Billed at its full price, which is the worst that may come, or lost; nanos spent. */
    async function outcome({ price, burl, lurl }: Bid, lost: boolean): Promise<number> {
      const { pathname, search } = new URL(
        (lost ? lurl : burl).replace('${AUCTION_PRICE}', `${price}`),
      );
      expect((await send('GET', pathname + search)).status).toBe(204);
      return lost ? 0 : Math.round(price * 1e6);
    }

    let seen = 0;
    const settle = (round: readonly Bid[]) =>
      Promise.all(round.map((bid) => outcome(bid, ++seen % LOST_EVERY === 0)));

    it('spends the budget and nothing beyond it, whoever bid', { timeout: 120_000 }, async () => {
      await service.until('every worker listens', 20_000, async () =>
        service.printed.includes(`workers on ${options.backend}`),
      );
      const { bidders, spentNanos, won } = await spendAll(bids, settle);
      expect(bidders).toBe(options.processes * options.workers);
      expect(spentNanos).toBeLessThanOrEqual(BUDGET_NANOS);
      // What is left is less than a bid for each worker.
      expect(spentNanos).toBeGreaterThan(BUDGET_NANOS * 0.95);
      await service.until('every billing is in the ledger', 10_000, async () => {
        const counted = { kind: 'billing', result: 'counted' };
        return (await service.counter('rekindle_notices_applied_total', counted)) === won;
      });
      expect(await ledger()).toMatchObject({
        amountNanos: BUDGET_NANOS,
        settledNanos: spentNanos,
        lateNanos: 0,
      });
      expect(await service.counter('rekindle_bid_errors_total')).toBe(0);
    });

    it('ends in good order', async () => {
      expect(await service.stop()).toBe(0);
    });

    async function ledger() {
      await using store = await openStore({ url: storeUrl, dir: service.dir });
      return store.budgets.read({ campaign: `demo/${CAMPAIGN}`, period: 'flight' });
    }
  });
}

/** Bids until there is no money left, also for those who ask again. */
async function spendAll(
  ask: () => Promise<readonly Bid[]>,
  settle: (round: readonly Bid[]) => Promise<readonly number[]>,
): Promise<{ bidders: number; spentNanos: number; won: number }> {
  const bidders = new Set<string>();
  const billedNanos: number[] = [];
  let silent = 0;
  while (silent < SILENT_ROUNDS && sum(billedNanos) <= BUDGET_NANOS) {
    const round = await ask();
    for (const { id } of round) bidders.add(id.split('-')[0]!);
    billedNanos.push(...(await settle(round)).filter((nanos) => nanos > 0));
    silent = round.length === 0 ? silent + 1 : 0;
    if (silent > 0) await sleep(ROUND_MS);
  }
  return { bidders: bidders.size, spentNanos: sum(billedNanos), won: billedNanos.length };
}

/** Of the demo's campaigns the one that wants everybody, with a small budget and without caps. */
function onlyProspecting(dir: string): void {
  const folder = join(dir, 'shops/demo/campaigns');
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), 'utf8');
    const changed = text
      .replace(/^active: .*$/m, `active: ${file === `${CAMPAIGN}.yaml`}`)
      .replace(/^budget: .*$/m, `budget: { amount: ${BUDGET_NANOS / 1e9} USD, per: flight }`)
      .replace(/^frequency: .*$/m, 'frequency: []');
    writeFileSync(join(folder, file), changed);
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, one) => total + one, 0);

interface Sent {
  readonly agent: Agent;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

function answerOf({ body, ...options }: Sent): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Length': Buffer.byteLength(body) };
    const asked = httpRequest({ host: '127.0.0.1', headers, ...options }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
