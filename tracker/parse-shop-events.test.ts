import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS } from '../rules/customer.ts';
import { parseShopEvents } from './parse-shop-events.ts';

const SHOP = {
  currency: 'USD',
  statuses: { Delivered: 'paid', 'Not collected': 'returned' },
} as const;
const parse = (body: unknown) => parseShopEvents(Buffer.from(JSON.stringify(body)), SHOP);

function order(fields: object): object {
  const given = { id: 'A', status: 'paid', revenue: '1', ...fields };
  return { event: 'order', ids: { customer: 'c' }, order: given };
}

function check(fields: object, expected: object | string): void {
  const body = parse(order(fields));
  if (typeof body === 'string') throw new Error(body);
  if (typeof expected === 'string') expect(body.errors[0]?.error).toContain(expected);
  else expect(body.events[0]?.order).toMatchObject(expected);
}

describe('posted orders', () => {
  it.each([
    ['12.50', 12_500_000],
    [12.5, 12_500_000],
    [8.41, 8_410_000],
    [0.000001, 1],
    [1e-7, '"order.revenue"'],
    [9_007_199_254.740_993, '"order.revenue"'],
    ['0.000001', 1],
    [0, 0],
    ['1e3', '"order.revenue"'],
    [-1, '"order.revenue"'],
    [1.1234567, '"order.revenue"'],
    [1e21, '"order.revenue"'],
    [null, '"order.revenue"'],
  ])('revenue %j', (revenue, expected) =>
    check({ revenue }, typeof expected === 'number' ? { revenueMicros: expected } : expected),
  );

  it.each([
    ['Delivered', STATUS.paid],
    ['Not collected', STATUS.returned],
    ['in_progress', STATUS.inProgress],
    ['spam', STATUS.spam],
    ['delivered', 'must be one of Delivered, Not collected, in_progress'],
    ['constructor', '"order.status" must be one of'],
    ['', '"order.status" must be text'],
  ])('status %j', (status, expected) =>
    check({ status }, typeof expected === 'number' ? { status: expected } : expected),
  );

  it('refuses another currency and an order without an id', () => {
    check({ currency: 'EUR' }, '"order.currency" must be USD');
    check({ id: '' }, '"order.id" must be text');
    check({ id: 1001 }, { id: '1001' });
  });
});

describe('posted identities', () => {
  const idsOf = (ids: object) => {
    const body = parse({ event: 'view', item: 'a', ids });
    return typeof body === 'string' ? body : (body.events[0]?.identities ?? body.errors[0]?.error);
  };

  it('are ordered by trust and written one way', () =>
    expect(idsOf({ ifa: 'AB-C', cookie: 'X', email_sha256: 'A'.repeat(64), customer: 7 })).toEqual([
      { space: 'customer', value: '7' },
      { space: 'email_sha256', value: 'a'.repeat(64) },
      { space: 'cookie', value: 'X' },
      { space: 'ifa', value: 'ab-c' },
    ]));

  it('must name somebody', () => {
    expect(idsOf({})).toContain('"ids" must hold one of customer');
    expect(idsOf({ ifa: '00000000-0000-0000-0000-000000000000' })).toContain('"ids" must hold');
    expect(idsOf({ email_sha256: 'anna@example.com' })).toContain('64 hexadecimal digits');
  });
});

it('law: whatever JSON is posted, the answer is events and errors, or a refusal', () =>
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.boolean(), (value, wrapped) => {
      const body = parse(wrapped ? { events: [value] } : value);
      expect(typeof body === 'string' || body.events.length + body.errors.length <= 50).toBe(true);
    }),
  ));
