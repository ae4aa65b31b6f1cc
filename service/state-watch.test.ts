import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../store/ports.ts';
import { StateWatch } from './state-watch.ts';

const AWAY = new StoreUnavailable('away');

/** A watch over a store that serves `g1`; `told` is what happened, in order. */
function fake() {
  const now = { serves: 'g1', settings: 1, fault: null as Error | null, flips: () => {} };
  const told: string[] = [];
  const load = async () => {
    const { serves, settings } = now;
    await turn();
    now.flips();
    if (now.fault !== null) throw now.fault;
    return { pointers: serves, settings };
  };
  const watch = new StateWatch(
    { pointers: 'g1', settings: 1 },
    {
      load,
      pointers: async () => {
        if (now.fault === AWAY) throw AWAY;
        return now.serves;
      },
      took: ({ pointers, settings }, reason) => told.push(`${reason}: ${pointers} ${settings}`),
      kept: (reason, error) => told.push(`${reason}: ${(error as Error).message}`),
    },
  );
  return { now, told, watch };
}

it('loads settings that came while the store was away once it is there again, and broken ones once', async () => {
  const { now, told, watch } = fake();
  Object.assign(now, { fault: AWAY, settings: 2 });
  await watch.want('settings');
  await watch.look();
  expect(told).toEqual(['settings: away']);
  now.fault = null;
  await watch.look();
  await watch.look();
  expect(told.slice(1)).toEqual(['settings: g1 2']);
  now.fault = new Error('not sound');
  await watch.want('settings');
  now.fault = null;
  await watch.look();
  expect(told.slice(2)).toEqual(['settings: not sound']);
  Object.assign(now, { fault: new Error('not sound'), serves: 'g2' });
  await watch.look();
  await watch.look();
  now.fault = null;
  await watch.want('settings');
  await watch.look();
  expect(told.slice(3)).toEqual(['generation: not sound', 'settings: g2 2']);
});

it('loads one at a time and the newest last, and what was flipped while it loaded', async () => {
  const { now, told, watch } = fake();
  now.serves = 'g2';
  now.flips = () => {
    now.serves = 'g3';
  };
  const looking = watch.look();
  await turn();
  now.settings = 2;
  await Promise.all([watch.want('settings'), looking]);
  expect(told).toEqual(['generation: g2 1', 'settings: g3 2']);
  now.serves = 'g4';
  await watch.look();
  await watch.look();
  expect(told.slice(2)).toEqual(['generation: g4 2', 'generation: g3 2']);
});
