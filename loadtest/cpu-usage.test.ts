import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { childrenCpuMs, cpuMs, cpuMsOf, processTree } from './cpu-usage.ts';

const reason = existsSync('/proc/self/stat') ? '' : ' (skipped: no /proc on this system)';

it.skipIf(reason !== '')(`sees the CPU time of its own process${reason}`, () => {
  const before = cpuMs(process.pid)!;
  const started = process.cpuUsage();
  let sum = 0;
  while (process.cpuUsage(started).user < 200_000) sum += Math.sqrt(sum + 1);
  const used = process.cpuUsage(started);
  expect(cpuMs(process.pid)! - before).toBeGreaterThan(180);
  expect(cpuMs(process.pid)! - before).toBeLessThan((used.user + used.system) / 1000 + 400);
});

/** Node and nothing else: a machine may have no sleep. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)']);
  child.once('spawn', () => console.log('ready'));
`;

it.skipIf(reason !== '')(
  `finds children of children, and misses who is gone${reason}`,
  async () => {
    const parent = spawn(process.execPath, ['-e', PARENT]);
    await once(parent.stdout, 'data');
    const tree = processTree(parent.pid!);
    expect(tree[0]).toBe(parent.pid);
    expect(tree).toHaveLength(2);
    for (const pid of tree.toReversed()) process.kill(pid);
    await once(parent, 'exit');
    expect(processTree(parent.pid!)).toEqual([]);
    expect(() => cpuMsOf([parent.pid!])).toThrow(`process ${parent.pid} ended`);
  },
);

it.skipIf(reason !== '')(`adds up what processes that have ended took${reason}`, () => {
  const before = childrenCpuMs();
  const busy = 'while (process.cpuUsage().user < 200_000) Math.sqrt(2)';
  spawnSync(process.execPath, ['-e', busy]);
  expect(childrenCpuMs() - before).toBeGreaterThan(180);
  expect(childrenCpuMs() - before).toBeLessThan(2000);
});
