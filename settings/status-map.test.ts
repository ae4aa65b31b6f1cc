import { expect, it } from 'vitest';
import { STATUS_GROUPS } from '../rules/customer.ts';
import { loadWorkspace } from './load-workspace.ts';
import { statusesSchema } from './status-map.ts';
import { problemsOf, SHOP, workspace } from './workspace.contract.ts';

const STATUSES = "{ done: paid, 'refused at door': cancelled }";

function shopWith(statuses: string): string {
  return workspace({ 'shops/tea/shop.yaml': SHOP.replace(STATUSES, statuses) });
}

it('takes a ready map and lets the entries of the shop win over it', () => {
  const [shop] = loadWorkspace(shopWith('{ like: retailcrm, delivered: paid, gift: other }')).shops;
  expect(shop?.statuses).toMatchObject({
    new: 'in_progress',
    'send-to-delivery': 'in_progress',
    delivered: 'paid',
    complete: 'paid',
    'delyvery-did-not-suit': 'cancelled',
    return: 'returned',
    testdubl: 'spam',
    gift: 'other',
  });
  expect(shop?.statuses).not.toHaveProperty('like');
});

it('knows the status types of Yandex Metrica, and the older spelling of one', () => {
  expect(statusesSchema.parse({ like: 'metrica' })).toEqual({
    IN_PROGRESS: 'in_progress',
    PAID: 'paid',
    CANCELLED: 'cancelled',
    CANCELED: 'cancelled',
    SPAM: 'spam',
    OTHER: 'other',
  });
});

it('has no ready status that is not asked for', () => {
  expect(statusesSchema.parse({ done: 'paid' })).toEqual({ done: 'paid' });
});

it('has none where the shop says nothing of them', () => {
  const dir = workspace({ 'shops/tea/shop.yaml': SHOP.replace(`statuses: ${STATUSES}\n`, '') });
  expect(loadWorkspace(dir).shops[0]?.statuses).toEqual({});
});

it('puts statuses of retailCRM in all groups but other', () => {
  const groups = new Set(Object.values(statusesSchema.parse({ like: 'retailcrm' })));
  expect([...groups].sort()).toEqual(STATUS_GROUPS.filter((group) => group !== 'other').sort());
});

it.each([
  [
    '{ like: retailcmr }',
    'shops/tea/shop.yaml:8:19 statuses.like expected one of retailcrm, metrica, got "retailcmr" → retailcrm',
  ],
  [
    '{ done: payed }',
    'shops/tea/shop.yaml:8:19 statuses.done expected one of in_progress, paid, cancelled, returned, spam, other, got "payed" → paid',
  ],
  [
    `{ ${'x'.repeat(256)}: paid }`,
    `shops/tea/shop.yaml:8:271 statuses.${'x'.repeat(256)} expected a status of 1 to 255 characters`,
  ],
])('refuses %s', (statuses, problem) => {
  expect(problemsOf(shopWith(statuses))).toEqual([expect.stringContaining(problem)]);
});
