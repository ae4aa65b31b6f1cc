import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepCounters, rebuildStore } from '../store/keep-store.ts';
import { anyStep, BareService, countsOf, restOf, type Step } from './bare-service.contract.ts';

const SILENT_MS = 120_000;

interface Outcome {
  readonly before: unknown;
  readonly after: unknown;
}

/** Runs `steps` with a copy begun after the first `copyAfter`, cuts the power, starts again. */
async function cutPowerAfter(steps: readonly Step[], copyAfter: number): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), 'power-cut-'));
  let boot = 1;
  let uptimeMs = 3_600_000;
  const machine = { bootId: () => `boot-${boot}`, uptimeMs: () => uptimeMs };
  const options = { url: '', dir, machine };
  try {
    const service = await BareService.open(dir, machine);
    let copying: Promise<unknown> = Promise.resolve();
    for (const [i, next] of steps.entries()) {
      // Not waited for: what happens meanwhile is in the copy whole or not at all.
      if (i === copyAfter) copying = keepCounters(service.store);
      await service.take(next);
    }
    await copying;
    const before = await countsOf(service);
    await service.end();
    // What the disk has: the log, the copy, a file of which nothing can be believed, and the note.
    writeFileSync(join(dir, 'store', 'store.lmdb'), Buffer.alloc(100_000, 0xee));
    writeFileSync(join(dir, 'store', 'in-use'), 'boot-1');
    boot = 2;
    uptimeMs = 0;
    await rebuildStore(options, SILENT_MS);
    const again = await BareService.open(dir, machine);
    await again.replay();
    expect(await restOf(again.store, 0)).toBe(0);
    uptimeMs = SILENT_MS;
    const after = await countsOf(again);
    expect(await again.replay()).toMatchObject({ events: 0, damaged: [] });
    await again.end();
    return { before, after };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

describe('promise 1, promise 2 and promise 4 over a power cut', () => {
  it(
    'law: caps, money and live facts are what they were, whenever the last copy was made',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }),
          fc.nat(60),
          async (steps, copyAfter) => {
            const { before, after } = await cutPowerAfter(steps, copyAfter);
            expect(after).toEqual(before);
          },
        ),
        { numRuns: 40 },
      ),
    120_000,
  );
});
