import { expect, it } from 'vitest';
import { Pulse } from './pulse.ts';

it('beats on while answers come, and for as many beats as may be missed', () => {
  const pulse = new Pulse(2);
  for (let i = 0; i < 5; i++) {
    expect(pulse.beats()).toBe(true);
    pulse.answered();
  }
  expect([pulse.beats(), pulse.beats(), pulse.beats()]).toEqual([true, true, false]);
});

it('takes a late answer for one', () => {
  const pulse = new Pulse(1);
  expect([pulse.beats(), pulse.beats()]).toEqual([true, false]);
  pulse.answered();
  expect(pulse.beats()).toBe(true);
});
