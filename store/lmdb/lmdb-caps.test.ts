import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXPOSURE_BYTES } from '../../proto/exposure-log.ts';
import { imp } from '../caps.contract.ts';
import { LmdbCaps } from './lmdb-caps.ts';
import { LmdbEnv } from './lmdb-env.ts';

const NOW = 1_790_000_000_000;
let dir: string;
let env: LmdbEnv;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-caps-'));
  env = new LmdbEnv({ dir, clock: { nowMs: () => NOW, monotonicMs: () => 0 } });
});

afterEach(async () => {
  await env.close();
  rmSync(dir, { recursive: true });
});

type Outcome = { person: string; granted: readonly boolean[]; failed: boolean };

/** Asks for all in one turn; resolves with the answers in the order they came. */
function reserveAll(persons: readonly string[]): Promise<readonly Outcome[]> {
  const caps = new LmdbCaps(env);
  const outcomes: Outcome[] = [];
  return new Promise((resolve) => {
    for (const person of persons) {
      caps.reserve({ shop: 'shop', person, nowMs: NOW }, [imp()], {
        reserved(granted, failed) {
          outcomes.push({ person, granted: [...granted], failed });
          if (outcomes.length === persons.length) resolve(outcomes);
        },
      });
    }
  });
}

describe('reservations of one turn', () => {
  it('share one transaction and are answered in the order they came', async () => {
    const write = vi.spyOn(env, 'write');
    // The rule of imp() is two an hour.
    expect(await reserveAll(['anna', 'boris', 'anna', 'anna'])).toEqual([
      { person: 'anna', granted: [true], failed: false },
      { person: 'boris', granted: [true], failed: false },
      { person: 'anna', granted: [true], failed: false },
      { person: 'anna', granted: [false], failed: false },
    ]);
    await nextTurn();
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('leave each person with their own log', async () => {
    await reserveAll(['anna', 'boris', 'clara', 'boris']);
    const logs = ['anna', 'boris', 'clara'].map(
      (person) => env.get(env.exposures, `shop/${person}`)!,
    );
    expect(logs.map((log) => log.length / EXPOSURE_BYTES)).toEqual([1, 2, 1]);
    expect(new Set(logs.map((log) => log.toString('hex').slice(0, 48))).size).toBe(3);
  });

  it('fail together when the environment is closed, and grant nothing', async () => {
    await env.close();
    const outcomes = await reserveAll(['anna', 'boris']);
    expect(outcomes.every(({ granted, failed }) => failed && granted[0] === false)).toBe(true);
  });
});
