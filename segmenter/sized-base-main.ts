/**
 * Writes a demo workspace whose shop has fifty segments and a base of any size, imported already:
 * `sized-base-main <dir> <customers> <orders> [events, default 0]`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import { writeSizedBase } from './demo/sized-base.ts';
import { sizedFeed, sizedSegments } from './demo/sized-shop.ts';
import { writeDemoWorkspace } from './demo/write-demo-workspace.ts';

const PRODUCTS = 5000;

const [dir, ...numbers] = process.argv.slice(2);
const [customers, orders, events = 0] = numbers.map(Number);
if (dir === undefined || ![customers, orders, events].every(Number.isSafeInteger)) {
  process.stderr.write('usage: sized-base-main <dir> <customers> <orders> [events]\n');
  process.exit(2);
}
const nowMs = systemClock.nowMs();
const { shop } = await writeDemoWorkspace({ dir, customers: 10, campaigns: 6, seed: 42, nowMs });
const folder = join(dir, 'shops', shop);
for (const [name, text] of Object.entries(sizedSegments())) {
  writeFileSync(join(folder, 'segments', `${name}.yaml`), text);
}
writeFileSync(join(folder, 'feed.csv'), sizedFeed(PRODUCTS));
const key = loadOrCreateKey(join(dir, 'secret.key'));
await writeSizedBase({
  ...{ dir, shop, key, nowMs, products: PRODUCTS },
  ...{ customers: customers!, orders: orders!, events },
});
