/** Writes a demo workspace of any size: `demo-main <dir> <customers> <campaigns> <seed>`. */
import { systemClock } from '../platform/clock.ts';
import { writeDemoWorkspace } from './demo/write-demo-workspace.ts';

const [dir, ...numbers] = process.argv.slice(2);
const [customers, campaigns, seed] = numbers.map(Number);
if (dir === undefined || numbers.length !== 3 || ![customers, campaigns, seed].every(isCount)) {
  process.stderr.write('usage: demo-main <dir> <customers> <campaigns> <seed>\n');
  process.exit(2);
}
const summary = await writeDemoWorkspace({
  dir,
  customers: customers!,
  campaigns: campaigns!,
  seed: seed!,
  nowMs: systemClock.nowMs(),
});
process.stdout.write(`${JSON.stringify(summary)}\n`);

function isCount(n: number | undefined): boolean {
  return Number.isSafeInteger(n) && n! >= 0;
}
