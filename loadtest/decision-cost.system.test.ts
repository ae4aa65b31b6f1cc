import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { measureDecisionCost } from './decision-cost.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-decision-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('times decisions for people of both demos', async () => {
  const module: { measureDecisionCost: typeof measureDecisionCost } = await import(
    pathToFileURL(resolve('dist/loadtest/decision-cost.js')).href
  );
  const { env } = process;
  const options = { dir, seed: 42, env, campaigns: [20, 200], requests: 300 } as const;
  const cost = await module.measureDecisionCost(options);
  expect(cost.campaigns).toEqual([20, 200]);
  for (const us of cost.usPerDecision) expect(us).toBeGreaterThan(0.1);
  for (const share of cost.bidShare) expect(share).toBeGreaterThan(0.5);
  expect(cost.ratio).toBeGreaterThan(0);
});
