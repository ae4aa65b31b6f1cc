import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.ts';

async function* upTo(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i;
}

describe('work in order', () => {
  it('gives results in the order of the items, whichever is ready first', async () => {
    const results: number[] = [];
    const work = async (item: number) => sleep(item % 3 === 0 ? 5 : 1, item);
    for await (const result of inOrder(upTo(10), work, 4)) results.push(result);
    expect(results).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('is never further ahead than it may be', async () => {
    let underWay = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++underWay);
      await sleep(1);
      underWay--;
    };
    for await (const _ of inOrder(upTo(20), work, 3));
    expect(most).toBe(4);
  });

  it('throws what fails in its turn', async () => {
    const results: number[] = [];
    const work = async (item: number) => {
      if (item === 2) throw new Error('two');
      return sleep(3, item);
    };
    const all = async () => {
      for await (const result of inOrder(upTo(5), work, 4)) results.push(result);
    };
    await expect(all()).rejects.toThrow('two');
    expect(results).toEqual([0, 1]);
  });
});
