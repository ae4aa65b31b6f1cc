import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type RebuildEnd, Rebuilds } from './rebuilds.ts';

interface Wish {
  readonly shop: string;
  readonly rules: number;
}

/** Builds that take until they are let go, put off or stopped; `told` is what happened, in order. */
function fake() {
  const told: string[] = [];
  let letGo = (_: RebuildEnd) => {};
  const rebuilds = new Rebuilds<Wish>(async ({ shop, rules }, stop, isAgain) => {
    told.push(`begins ${shop} ${rules}${isAgain ? ' again' : ''}`);
    const how = await new Promise<RebuildEnd>((resolve) => {
      letGo = resolve;
      stop.addEventListener('abort', () => resolve('ended'));
    });
    told.push(`${stop.aborted ? 'is stopped' : ENDS[how]} ${shop} ${rules}`);
    return how;
  });
  const end = async (how: RebuildEnd = 'ended') => {
    letGo(how);
    await turn();
  };
  return { rebuilds, told, end };
}

const ENDS = { ended: 'ends', locked: 'is put off', away: 'is put off' };

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

it('runs what was put off again with the settings of then, until it ends, and nothing else', async () => {
  const { rebuilds, told, end } = fake();
  const again = (rules: number) => rebuilds.again(['a', 'b'].map((shop) => ({ shop, rules })));
  rebuilds.want({ shop: 'a', rules: 1 });
  again(1);
  await end('locked');
  again(2);
  again(2);
  await end('locked');
  again(3);
  await end();
  again(4);
  await end();
  expect(told).toEqual([
    ...['begins a 1', 'is put off a 1', 'begins a 2 again', 'is put off a 2'],
    ...['begins a 3 again', 'ends a 3'],
  ]);
});

it('fills a store that takes nothing less and less often', async () => {
  const { rebuilds, told, end } = fake();
  const looks: number[] = [];
  rebuilds.want({ shop: 'a', rules: 1 });
  for (let look = 0; look < 600; look++) {
    rebuilds.again([{ shop: 'a', rules: 1 }]);
    if (told.at(-1)?.startsWith('begins')) looks.push(look);
    await end('away');
  }
  expect(looks).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 406, 557]);
});
