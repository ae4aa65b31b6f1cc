import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { measureCpuPairs } from './cpu-pairs.ts';
import type { startEchoProcess } from './echo-process.ts';
import { requestsTo } from './load-result.ts';

const built = resolve('dist/loadtest/echo-process.js');
// The repack of uWebSockets.js carries binaries up to Node 22.
const hasBinary = Number(process.versions.node.split('.')[0]) < 23;
const why = !hasBinary
  ? ' (skipped: no uWebSockets.js binary for this Node)'
  : !existsSync('/proc/self/stat')
    ? ' (skipped: no /proc on this system)'
    : '';

it.skipIf(why !== '')(`an echo costs what an echo costs${why}`, async () => {
  await using one = await startEcho();
  await using other = await startEcho();
  const cost = await measureCpuPairs({
    bidder: sideOf(one),
    echo: sideOf(other),
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

it.skipIf(why !== '')(`an echo that computes costs that much more${why}`, async () => {
  await using echo = await startEcho();
  const cost = await measureCpuPairs({
    bidder: sideOf(echo, '/busy/0/300'),
    echo: sideOf(echo),
    pairs: 3,
    windowSeconds: 0.5,
    connections: 8,
  });
  expect(cost.bidShare).toBe(1);
  // Its clock runs on while the machine is busy with other things.
  expect(cost.bidderCpuUs).toBeGreaterThan(150);
});

async function startEcho() {
  const module: { startEchoProcess: typeof startEchoProcess } = await import(
    pathToFileURL(built).href
  );
  return module.startEchoProcess(500);
}

function sideOf(echo: { pid: number; port: number }, path = '/echo') {
  const target = { host: '127.0.0.1', port: echo.port, path };
  const requests = requestsTo(target, ['{"id":"1"}', '{"id":"2"}']);
  return { target, requests, pids: [echo.pid] };
}
