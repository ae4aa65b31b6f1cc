import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type SeededRandom, seededRandom } from '../platform/seeded-random.ts';
import { AS_OF_MS, key, TestShop } from './build/test-shop.contract.ts';
import { type Killer, KillRounds, type Step } from './kill-rounds.contract.ts';

const compiled = resolve('dist/segmenter/run-job.js');
const { runBuild } = (await import(pathToFileURL(compiled).href)) as typeof import('./run-job.ts');

/** Many more are for who has the time: REKINDLE_TEST_KILLS=50. */
const KILLS = Number(process.env['REKINDLE_TEST_KILLS'] ?? 18);
/** Of each round. */
const KILLS_OF: Readonly<Record<Step, number>> = { import: 2, build: 4 };
const SEED = Number(process.env['REKINDLE_TEST_SEED'] ?? 20_261_130);
const TIMEOUT_MS = 120_000 + KILLS * 20_000;

/** What an undisturbed step does, and how long that takes from the first it says of itself. */
interface Course {
  readonly workMs: number;
  readonly phases: readonly string[];
}

async function undisturbed(rounds: KillRounds, step: Step, round: number): Promise<Course> {
  const phases: string[] = [];
  let startMs = 0;
  await rounds.run(step, round, {
    started: () => {},
    progress: ({ phase }) => {
      if (phases.length === 0) startMs = performance.now();
      if (phases.at(-1) !== phase) phases.push(phase);
    },
  });
  return { workMs: performance.now() - startMs, phases };
}

/** Kills at a moment of the whole work, or a few moments after a phase of it has begun. */
function killer(random: SeededRandom, { workMs, phases }: Course): Killer & { spare(): void } {
  const phase = random.chance(0.5) ? null : random.pick(phases);
  const delayMs = phase === null ? random.next() * workMs * 1.05 : random.next() * 40;
  let pid = 0;
  let timer: NodeJS.Timeout | null = null;
  const killLater = () => {
    timer ??= setTimeout(() => kill(pid), delayMs);
  };
  return {
    started: (started) => {
      pid = started;
    },
    progress: (progress) => {
      if (phase === null || progress.phase === phase) killLater();
    },
    spare: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had finished.
  }
}

/** Imports and builds, killed again and again, until both have come to their end; how many kills met. */
async function killedRound(
  rounds: KillRounds,
  round: number,
  { random, courses }: { random: SeededRandom; courses: Readonly<Record<Step, Course>> },
): Promise<number> {
  const steps: Step[] = ['import', 'build'];
  const kills = { import: 0, build: 0 };
  while (steps.length > 0) {
    const step = steps[0]!;
    const threat = kills[step] < KILLS_OF[step] ? killer(random, courses[step]) : undefined;
    const ended = await rounds.run(step, round, threat);
    threat?.spare();
    await rounds.checkServing(round);
    if (ended) steps.shift();
    else kills[step]++;
    // Whoever does not know how far it came begins anew.
    if (!ended && step === 'build' && random.chance(0.3)) steps.unshift('import');
  }
  return kills.import + kills.build;
}

describe('promise 3: builds: jobs in a process of their own', () => {
  it(
    `leave what serves whole at each of ${KILLS} kills, and end in the bytes of an undisturbed run`,
    async () => {
      await using calm = await KillRounds.open();
      await using killed = await KillRounds.open();
      const random = seededRandom(SEED);
      let [kills, rounds] = [0, 0];
      for (; kills < KILLS; rounds++) {
        const courses = {
          import: await undisturbed(calm, 'import', rounds),
          build: await undisturbed(calm, 'build', rounds),
        };
        kills += await killedRound(killed, rounds, { random, courses });
        const [found, expected] = [await killed.everything(), await calm.everything()];
        expect(found, `seed ${SEED}, round ${rounds}`).toEqual(expected);
      }
      process.stdout.write(`${kills} kills in ${rounds} rounds, seed ${SEED}\n`);
    },
    TIMEOUT_MS,
  );

  it('name the fault of the world that ended them', async () => {
    await using shop = await TestShop.open();
    await expect(runBuild(shop.request(), accessOf(shop))).rejects.toMatchObject({
      name: 'JobFailed',
      reason: 'BuildRefused',
    });
  });

  it('end within a second when they are told to, and say so; the next build goes on', async () => {
    await using shop = await TestShop.open();
    await shop.import({ orders: orders(20_000) });
    const stop = new AbortController();
    let stoppedMs = 0;
    const progress = ({ phase }: { phase: string }) => {
      if (phase !== 'writing profiles' || stop.signal.aborted) return;
      stoppedMs = performance.now();
      stop.abort();
    };
    const options = { progress, stop: stop.signal };
    const stopped = runBuild(shop.request(), accessOf(shop), options);
    await expect(stopped).rejects.toMatchObject({ name: 'JobFailed', reason: 'BuildStopped' });
    expect(performance.now() - stoppedMs).toBeLessThan(1500);
    const next = await runBuild(shop.request(), accessOf(shop));
    expect(next).toMatchObject({ resumed: true, profiles: CUSTOMERS });
  });

  it('are compiled', () => expect(existsSync(compiled)).toBe(true));
});

const CUSTOMERS = 4000;

function orders(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const time = new Date(AS_OF_MS - ((i * 7919) % 9000) * 3_600_000).toISOString();
    return `${i},c${i % CUSTOMERS},${time},p${i % 97},1,${(i % 500) / 10},paid\n`;
  });
  return `order,customer,time,product,quantity,price,status\n${rows.join('')}`;
}

function accessOf({ dir }: TestShop) {
  return { key, store: { url: '', dir } };
}
