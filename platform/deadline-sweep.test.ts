import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Clock } from './clock.ts';
import { DeadlineSweep } from './deadline-sweep.ts';

interface Item {
  id: number;
  done: boolean;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function sweepAt(): { sweep: DeadlineSweep<Item>; expired: number[]; pass: (ms: number) => void } {
  let nowMs = 0;
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const expired: number[] = [];
  const sweep = new DeadlineSweep<Item>(clock, ({ id }) => expired.push(id));
  const pass = (ms: number) => {
    for (let i = 0; i < ms; i++) {
      nowMs += 1;
      vi.advanceTimersByTime(1);
    }
  };
  return { sweep, expired, pass };
}

it('expires an item at its deadline and not before', () => {
  const { sweep, expired, pass } = sweepAt();
  sweep.add({ id: 1, done: false }, 5);
  pass(4);
  expect(expired).toEqual([]);
  pass(1);
  expect(expired).toEqual([1]);
});

it('never tells of an item that is done', () => {
  const { sweep, expired, pass } = sweepAt();
  const item = { id: 1, done: false };
  sweep.add(item, 5);
  item.done = true;
  pass(10);
  expect(expired).toEqual([]);
  expect(sweep.size).toBe(0);
});

it('has a timer only while somebody waits', () => {
  const { sweep, pass } = sweepAt();
  expect(vi.getTimerCount()).toBe(0);
  sweep.add({ id: 1, done: false }, 2);
  sweep.add({ id: 2, done: false }, 2);
  expect(vi.getTimerCount()).toBe(1);
  pass(3);
  expect(vi.getTimerCount()).toBe(0);
  sweep.add({ id: 3, done: false }, 9);
  expect(vi.getTimerCount()).toBe(1);
});

it('does not keep a process that has nothing else to wait for', () => {
  const { sweep } = sweepAt();
  const timeouts = vi.spyOn(globalThis, 'setTimeout').mockClear();
  sweep.add({ id: 1, done: true }, 5000);
  expect(timeouts.mock.results.map(({ value }) => value.hasRef())).toEqual([false]);
});

it('goes off no more often than once in a delay while items are done in time', () => {
  const { sweep, expired, pass } = sweepAt();
  const timeouts = vi.spyOn(globalThis, 'setTimeout').mockClear();
  for (let ms = 0; ms < 1000; ms++) {
    const item = { id: ms, done: false };
    sweep.add(item, ms + 50);
    item.done = true;
    pass(1);
  }
  expect(timeouts.mock.calls.length).toBeLessThanOrEqual(1000 / 50 + 1);
  expect(expired).toEqual([]);
});

it('holds on to none that is done when a new one comes', () => {
  const { sweep, expired, pass } = sweepAt();
  for (let ms = 0; ms < 200; ms++) {
    const item = { id: ms, done: false };
    sweep.add(item, ms + 2000);
    expect(sweep.size).toBe(1);
    item.done = true;
    pass(1);
  }
  sweep.add({ id: 200, done: false }, 2200);
  pass(1999);
  expect(expired).toEqual([]);
  pass(1);
  expect(expired).toEqual([200]);
});

it('takes a new item from inside onExpired', () => {
  const clock: Clock = { nowMs: () => 10, monotonicMs: () => 10 };
  const expired: number[] = [];
  const sweep: DeadlineSweep<Item> = new DeadlineSweep(clock, ({ id }) => {
    expired.push(id);
    if (id < 3) sweep.add({ id: id + 1, done: false }, 10);
  });
  sweep.add({ id: 1, done: false }, 10);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual([1, 2, 3]);
});

it('expires every item that is not done exactly once, in order, over any growth', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 400 }), (steps) => {
      const { sweep, expired, pass } = sweepAt();
      const expected: number[] = [];
      let nowMs = 0;
      steps.forEach(([waitMs, done], id) => {
        pass(waitMs);
        nowMs += waitMs;
        sweep.add({ id, done }, nowMs + 50);
        if (!done) expected.push(id);
      });
      pass(51);
      expect(expired).toEqual(expected);
      expect(sweep.size).toBe(0);
    }),
    { numRuns: 30 },
  );
});
