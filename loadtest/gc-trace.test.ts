import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { allocatedBytes } from './gc-trace.ts';

const MEGABYTE = 2 ** 20;

it('adds up what each isolate allocated between its collections, whatever else is printed', () => {
  const trace = [
    'rekindle  node 20.20.2',
    '[7:0x1a]       27 ms: Scavenge 4.5 (4.5) -> 3.5 (5.5) MB, 0.70 / 0.00 ms  (average mu = 1.000, current mu = 1.000) allocation failure; ',
    '[7:0x2b]       28 ms: Scavenge 100.0 (4.5) -> 50.0 (5.5) MB, 0.70 / 0.00 ms ',
    '[7:0x1a]       30 ms: Scavenge 6.5 (7.0) -> 4.0 (7.0) MB, 0.70 / 0.00 ms ',
    '[7:0x1a]       31 ms: Mark-Compact (reduce) 5.0 (7.0) -> 1.0 (7.0) MB, 0.70 / 0.00 ms ',
    '[7:0x2b]       32 ms: Scavenge (during sweeping) 51.0 (4.5) -> 50.0 (5.5) MB, 0.70 / 0.00 ms ',
    '',
  ].join('\n');
  expect(allocatedBytes(trace)).toBe((3 + 1 + 1) * MEGABYTE);
  expect(allocatedBytes('')).toBe(0);
});

it('reads what this node prints', () => {
  const program = 'for (let i = 0; i < 5e6; i++) globalThis.last = { i, more: [i] };';
  const { stdout } = spawnSync(process.execPath, ['--trace-gc', '-e', program], {
    encoding: 'utf8',
    env: {},
  });
  // An object of two fields and an array of one, at least 60 bytes, less what no collection saw.
  expect(allocatedBytes(stdout)).toBeGreaterThan(200 * MEGABYTE);
  expect(allocatedBytes(stdout)).toBeLessThan(2000 * MEGABYTE);
});
