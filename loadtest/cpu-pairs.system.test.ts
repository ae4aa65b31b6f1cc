import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { measureCpuPairs } from './cpu-pairs.ts';
import type { startEchoProcess } from './echo-process.ts';

const built = resolve('dist/loadtest/echo-process.js');
// The repack of uWebSockets.js carries binaries up to Node 22.
const hasBinary = Number(process.versions.node.split('.')[0]) < 23;
const why = !hasBinary
  ? ' (skipped: no uWebSockets.js binary for this Node)'
  : !existsSync('/proc/self/stat')
    ? ' (skipped: no /proc on this system)'
    : '';

it.skipIf(why !== '')(`an echo costs what an echo costs${why}`, async () => {
  const { startEchoProcess: start }: { startEchoProcess: typeof startEchoProcess } = await import(
    pathToFileURL(built).href
  );
  await using one = await start(500);
  await using other = await start(500);
  const cost = await measureCpuPairs({
    bidder: sideOf(one),
    echo: sideOf(other),
    bodies: ['{"id":"1"}', '{"id":"2"}'],
    pairs: 3,
    windowSeconds: 0.5,
    connections: 8,
  });
  expect(cost.pairs.flatMap(({ bidder, echo }) => [bidder.errors, echo.errors])).toEqual([
    0, 0, 0, 0, 0, 0,
  ]);
  expect(cost.bidShare).toBe(1);
  expect(cost.echoCpuUs).toBeGreaterThan(1);
  // Wide, because the machine may be busy with other things; the same program is the same cost.
  expect(cost.ratio).toBeGreaterThan(0.4);
  expect(cost.ratio).toBeLessThan(2.5);
});

function sideOf(echo: { pid: number; port: number }) {
  return { target: { host: '127.0.0.1', port: echo.port, path: '/echo' }, pids: [echo.pid] };
}
