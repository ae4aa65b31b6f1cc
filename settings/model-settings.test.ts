import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readShop } from './read-shop.ts';

const dir = mkdtempSync(join(tmpdir(), 'model-settings-'));
mkdirSync(join(dir, 'shops/demo'), { recursive: true });
afterAll(() => rmSync(dir, { recursive: true }));

function read(lines: string, currency = 'EUR') {
  writeFileSync(
    join(dir, 'shops/demo/shop.yaml'),
    `shop: demo
title: Demo
currency: ${currency}
time_zone: Europe/Sofia
domains: [demo.example]
allowed_hosts: [demo.example]
economics: { click_rate: 0.01, conversion_rate: 0.01, margin: 0.3, new_order_value: 9 ${currency} }
statuses: {}
${lines}`,
  );
  const { settings, problems } = readShop(dir, 'demo');
  return {
    models: settings?.value.models,
    problems: problems.map((one) => `${one.line}:${one.column} ${one.path} ${one.message}`),
  };
}

it('is asked for by its section alone, and has defaults where a rule asks', () => {
  expect(read('').models).toEqual({
    rfm: { method: 'quantiles' },
    clv: { model: 'bg-nbd', horizonMonths: 12, monthlyDiscount: 0.01 },
    asked: { rfm: false, clv: false },
  });
  expect(read('clv: {}\nrfm: { method: equal_width }\n').models).toMatchObject({
    rfm: { method: 'equal_width' },
    asked: { rfm: true, clv: true },
  });
});

it('reads a model, a horizon in months or days, and a discount', () => {
  const clv = (text: string) => read(`clv: ${text}\n`).models?.clv;
  expect(clv('{ model: pareto_nbd, horizon: 6mo, discount: 0 }')).toEqual({
    ...{ model: 'pareto-nbd', horizonMonths: 6, monthlyDiscount: 0 },
  });
  expect(clv('{ horizon: 365d }')!.horizonMonths).toBeCloseTo(12.0007, 4);
});

it('takes the published limits, and those that a shop says itself', () => {
  const published = read('rfm: { method: fixed }\n', 'RUB').models?.rfm;
  expect(published).toEqual({
    method: 'fixed',
    limits: {
      recencyDays: [15, 30, 60, 90],
      orders: [2, 3, 4, 6],
      revenueMicros: [2.5e9, 5e9, 10e9, 20e9],
    },
  });
  const own = `rfm:
  method: fixed
  limits: { recency: [7d, 14d, 28d, 56d], monetary: [25 EUR, 50 EUR, 100 EUR, 200 EUR] }
`;
  expect(read(own).models?.rfm).toMatchObject({
    limits: {
      recencyDays: [7, 14, 28, 56],
      orders: [2, 3, 4, 6],
      revenueMicros: [25e6, 50e6, 1e8, 2e8],
    },
  });
});

it.each([
  [
    'rfm: { method: fixed }',
    '9:16 rfm.method the published limits of money are roubles; expected limits: { monetary: [25 EUR, 50 EUR, 100 EUR, 200 EUR] }',
  ],
  [
    'rfm: { method: quantile }',
    '9:16 rfm.method expected method: quantiles, equal_width or fixed, got "quantile"',
  ],
  [
    'rfm: { method: fixed, limits: { monetary: [25 EUR, 50 USD, 100 EUR, 200 EUR] } }',
    "9:52 rfm.limits.monetary.1 expected an amount in the shop's currency EUR, got USD",
  ],
  [
    'rfm: { method: fixed, limits: { frequency: [2, 4, 4, 6] } }',
    '9:44 rfm.limits.frequency expected four limits, each above the one before, got [2,4,4,6]',
  ],
  [
    'rfm: { method: fixed, limits: { recency: [12h, 1d, 2d, 3d] } }',
    '9:43 rfm.limits.recency.0 expected whole days such as 30d, got "12h"',
  ],
  [
    'clv: { horizon: 12 }',
    '9:17 clv.horizon expected months or days such as 12mo or 365d, at most 120mo, got 12',
  ],
  [
    'clv: { horizon: 11y }',
    '9:17 clv.horizon expected months or days such as 12mo or 365d, at most 120mo, got "11y"',
  ],
])('refuses %s', (line, problem) => {
  expect(read(`${line}\n`).problems).toEqual([problem]);
});
