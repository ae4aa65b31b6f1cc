import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cpuMs, cpuMsOf, processTree } from './cpu-usage.ts';

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

it.skipIf(reason !== '')(
  `finds children of children, and misses who is gone${reason}`,
  async () => {
    const shell = spawn('sh', ['-c', 'sleep 30 & echo ready; wait']);
    await once(shell.stdout, 'data');
    const tree = processTree(shell.pid!);
    expect(tree[0]).toBe(shell.pid);
    expect(tree).toHaveLength(2);
    for (const pid of tree.toReversed()) process.kill(pid);
    await once(shell, 'exit');
    expect(processTree(shell.pid!)).toEqual([]);
    expect(() => cpuMsOf([shell.pid!])).toThrow(`process ${shell.pid} ended`);
  },
);
