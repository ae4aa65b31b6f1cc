import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Rebuilds } from './rebuilds.ts';

interface Wish {
  readonly shop: string;
  readonly rules: number;
}

/** Builds that take until they are let go, or stopped; `told` is what happened, in order. */
function fake() {
  const told: string[] = [];
  let letGo = () => {};
  const rebuilds = new Rebuilds<Wish>(async ({ shop, rules }, stop) => {
    told.push(`begins ${shop} ${rules}`);
    await new Promise<void>((resolve) => {
      letGo = resolve;
      stop.addEventListener('abort', () => resolve());
    });
    told.push(`${stop.aborted ? 'is stopped' : 'ends'} ${shop} ${rules}`);
  });
  const end = async () => {
    letGo();
    await turn();
  };
  return { rebuilds, told, end };
}

it('runs one rebuild at a time, in the order of wishes', async () => {
  const { rebuilds, told, end } = fake();
  rebuilds.want({ shop: 'a', rules: 1 });
  rebuilds.want({ shop: 'b', rules: 1 });
  await end();
  await end();
  expect(told).toEqual(['begins a 1', 'ends a 1', 'begins b 1', 'ends b 1']);
  rebuilds.want({ shop: 'a', rules: 2 });
  await end();
  expect(told.slice(4)).toEqual(['begins a 2', 'ends a 2']);
});

it('ends a rebuild of the same shop for a newer wish, and builds the newest once', async () => {
  const { rebuilds, told, end } = fake();
  rebuilds.want({ shop: 'a', rules: 1 });
  rebuilds.want({ shop: 'a', rules: 2 });
  rebuilds.want({ shop: 'a', rules: 3 });
  await turn();
  await end();
  expect(told).toEqual(['begins a 1', 'is stopped a 1', 'begins a 3', 'ends a 3']);
});

it('ends what is under way with the service, and begins nothing any more', async () => {
  const { rebuilds, told } = fake();
  rebuilds.want({ shop: 'a', rules: 1 });
  rebuilds.want({ shop: 'b', rules: 1 });
  await rebuilds.drain();
  rebuilds.want({ shop: 'a', rules: 2 });
  await turn();
  expect(told).toEqual(['begins a 1', 'is stopped a 1']);
});
