/** An exchange that seals its prices, added and given new keys while the service runs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { priceKeys, sealPrice } from '../tracker/sealed-price.contract.ts';
import { RunningService } from './running-service.contract.ts';

const PRICES = 'rekindle_notice_prices_total';
const MACRO = '${AUCTION_PRICE:SEALED}';
const FIRST = pairOf('first');
const SECOND = pairOf('second');

let service: RunningService;
let seed = 0;
beforeAll(async () => {
  service = await RunningService.create({ customers: 300, env: { REKINDLE_WORKERS: '2' } });
  await service.start();
  await service.until(
    'metrics are shown',
    10_000,
    async () => (await service.counter(PRICES)) === 0,
  );
});
afterAll(() => service.remove());

function pairOf(name: string) {
  const [encryption, integrity] = ['e', 'i'].map((kind) => Buffer.alloc(32, `${name}-${kind}`));
  return { encryption: encryption!, integrity: integrity! };
}

function writeKeys(...pairs: readonly (typeof FIRST)[]): void {
  const keys = pairs.map(({ encryption, integrity }) => ({
    encryption_key: encryption.toString('base64'),
    integrity_key: integrity.toString('base64url'),
  }));
  writeFileSync(join(service.dir, 'exchanges/seals.keys.json'), JSON.stringify({ keys }));
}

/** Asks until there is a bid; the address of its win notice. */
async function bid(): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const body = service.run('sample', '--json', '--seed', String(seed++));
    const answer = await fetch(`${service.open}/bid/seals`, { method: 'POST', body });
    if (answer.status !== 200) continue;
    const { seatbid } = (await answer.json()) as { seatbid: { bid: { nurl: string }[] }[] };
    return seatbid[0]!.bid[0]!.nurl;
  }
  throw new Error('no sample got a bid');
}

async function notify(nurl: string, { encryption, integrity }: typeof FIRST): Promise<void> {
  expect(nurl).toContain(`&p=${MACRO}&m=`);
  const keys = priceKeys(encryption, integrity);
  const sealed = sealPrice({ micros: 1n, atMs: Date.now(), keys });
  expect((await fetch(nurl.replace(MACRO, sealed))).status).toBe(204);
}

const counted = (form: string) => service.counter(PRICES, { exchange: 'seals', form });

async function winUntil(form: string, pair: typeof FIRST): Promise<void> {
  const before = await counted(form);
  await service.until(`prices are ${form}`, 20_000, async () => {
    await notify(await bid(), pair);
    return (await counted(form)) > before;
  });
}

it('opens prices with the keys of the file as it is now, and shows none of them', async () => {
  writeKeys(FIRST);
  writeFileSync(
    join(service.dir, 'exchanges/seals.yaml'),
    `exchange: seals\ncurrencies: [USD, EUR]\nbilling: nurl\nprice:\n  codec: google-hmac\n  keys_file: seals.keys.json\n  macro: ${MACRO}\n`,
  );
  await winUntil('known', FIRST);
  expect(await counted('forged')).toBe(0);
  await notify(await bid(), SECOND);
  expect(await counted('forged')).toBe(1);

  writeKeys(SECOND, FIRST);
  await winUntil('known', SECOND);
  await winUntil('known', FIRST);

  writeKeys(SECOND);
  await winUntil('forged', FIRST);
  await winUntil('known', SECOND);

  const nurl = await bid();
  const known = await counted('known');
  writeFileSync(join(service.dir, 'exchanges/seals.keys.json'), '{"keys": [');
  await service.until('the broken file is refused', 10_000, async () =>
    service.printed.includes('exchanges/seals.keys.json:1:'),
  );
  await notify(nurl, SECOND);
  expect(await counted('known')).toBe(known + 1);
  const { encryption, integrity } = SECOND;
  for (const key of [encryption.toString('base64'), integrity.toString('base64url')])
    expect(service.printed).not.toContain(key.slice(0, 12));
});
