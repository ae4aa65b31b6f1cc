import { expect, it } from 'vitest';
import { Stopwatch } from './stopwatch.ts';

it('gives each lap the time since the one before', () => {
  let monotonicMs = 100;
  const watch = new Stopwatch<'one' | 'two'>({ nowMs: () => 0, monotonicMs: () => monotonicMs });
  monotonicMs = 100.5;
  watch.lap('one');
  monotonicMs = 103;
  watch.lap('two');
  expect(watch.laps).toEqual([
    { name: 'one', ms: 0.5 },
    { name: 'two', ms: 2.5 },
  ]);
});
