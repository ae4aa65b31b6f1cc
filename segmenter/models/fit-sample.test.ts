import { expect, it } from 'vitest';
import { fitSample } from './fit-sample.ts';

const numbers = Int32Array.from({ length: 10 }, (_, i) => i);
const histories = {
  customer: numbers,
  repeats: numbers,
  recencyDays: numbers,
  ageDays: numbers,
  meanValue: Float64Array.from(numbers),
};

it('takes all customers while they are few', () => {
  expect(fitSample(histories, 10)).toEqual({ histories, every: 1 });
});

it('takes every n-th of many, whole', () => {
  const { histories: sample, every } = fitSample(histories, 4);
  expect(every).toBe(3);
  for (const column of Object.values(sample)) expect([...column]).toEqual([0, 3, 6, 9]);
});
