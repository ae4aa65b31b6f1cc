import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pacedWriter, waitUntilStopped } from './publish-pace.ts';

interface Put {
  readonly atMs: number;
  readonly records: number;
}

const COPIES = [500, 0, 499, 500];
const RANGE = { generation: 'g', from: '', to: null, but: new Set<string>() };

/** A store that takes no time, and a clock that moves by waiting alone. */
function fake(perSecond: number) {
  let nowMs = 1000;
  const puts: Put[] = [];
  const put = async (batch: readonly unknown[]) => {
    puts.push({ atMs: nowMs, records: batch.length });
  };
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const clock = { monotonicMs: () => nowMs };
  const writer = {
    putProfiles: put,
    putLinks: put,
    putBlob: async () => {},
    async *copyProfiles() {
      for (const records of COPIES) {
        puts.push({ atMs: nowMs, records });
        yield records;
      }
    },
  };
  const paced = pacedWriter(writer, { perSecond, clock, wait });
  return { puts, paced, wait };
}

/** From the first of them on. */
function expectBounded(puts: readonly Put[], perSecond: number): void {
  let records = 0;
  for (const put of puts) {
    records += put.records;
    const most = 500 + ((put.atMs - puts[0]!.atMs) / 1000) * perSecond;
    expect(records).toBeLessThanOrEqual(most + 1e-3);
  }
}

const profiles = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ person: `p${i}`, bytes: new Uint8Array() }));

describe('publishing at a pace', () => {
  it('lets all through in order, never more in any time than the rate and one burst', async () => {
    const steps = fc.array(
      fc.record({ records: fc.nat(3000), idleMs: fc.nat(5000), links: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 100_000 }), async (asked, perSecond) => {
        const { puts, paced, wait } = fake(perSecond);
        for (const { records, idleMs, links } of asked) {
          await wait(idleMs);
          if (links)
            await paced.putLinks(
              profiles(records).map(({ person }) => ({ identity: person, person })),
            );
          else await paced.putProfiles(profiles(records));
        }
        const total = asked.reduce((sum, { records }) => sum + records, 0);
        expect(puts.reduce((sum, { records }) => sum + records, 0)).toBe(total);
        for (let i = 0; i < puts.length; i++) expectBounded(puts.slice(i), perSecond);
      }),
    );
  });

  it('wastes no time: full batches take what the rate says', async () => {
    const { puts, paced } = fake(1000);
    await paced.putProfiles(profiles(2000));
    await paced.putProfiles(profiles(500));
    expect(puts.map(({ atMs }) => atMs)).toEqual([1000, 1500, 2000, 2500, 3000]);
  });

  it('lets a generation be copied no faster', async () => {
    const { puts, paced } = fake(1000);
    await paced.putProfiles(profiles(500));
    const copied: number[] = [];
    for await (const some of paced.copyProfiles(RANGE)) copied.push(some);
    await paced.putLinks([{ identity: 'i', person: 'p' }]);
    expect(copied).toEqual(COPIES);
    expect(puts.map(({ atMs }) => atMs)).toEqual([1000, 1500, 2000, 2000, 2499, 2999]);
    for (let i = 0; i < puts.length; i++) expectBounded(puts.slice(i), 1000);
  });

  it('ends its wait when the build is to end', async () => {
    const stop = new AbortController();
    const waiting = waitUntilStopped(stop.signal)(60_000);
    stop.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
  });
});
