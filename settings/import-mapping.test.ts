import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importMappingSchema } from './import-mapping.ts';

const columns = { order: 'id', customer: 'client', time: 'at', revenue: 'sum' };
const orders = { columns, status: { column: 'status' } };

function check(mapping: unknown, complaint: RegExp | null): void {
  const parsed = importMappingSchema.safeParse(mapping);
  if (complaint === null) expect(parsed.error).toBeUndefined();
  else expect(parsed.success ? 'accepted' : z.prettifyError(parsed.error)).toMatch(complaint);
}

describe('import mapping', () => {
  it('takes whole orders', () => check({ orders }, null));
  it('takes order lines', () =>
    check(
      {
        orders: {
          ...orders,
          columns: { order: 'a', customer: 'b', time: 'c', quantity: 'q', unit_price: 'p' },
          status: { column: 'a', prefixes: { C: 'cancelled' }, otherwise: 'paid' },
          time_format: 'dd.MM.yyyy HH:mm',
        },
      },
      null,
    ));
  it('takes an empty mapping', () => check({}, null));
  it('wants one source of money', () =>
    check(
      { orders: { ...orders, columns: { ...columns, unit_price: 'p' } } },
      /exactly one of unit_price, line_total and revenue/,
    ));
  it('refuses a time pattern it cannot read', () =>
    check({ orders: { ...orders, time_format: 'dd-MMM-yy' } }, /yyyy, MM, dd/));
  it('refuses unknown keys', () =>
    check({ orders: { ...orders, colums: {} } }, /Unrecognized key: "colums"/));
  it('takes what joins customers', () => {
    const columns = { customer: 'id', email: 'email', phone: 'tel' };
    const customers = { columns, join_by: ['email', 'phone'], phone_region: 'RU' };
    check({ customers }, null);
    check({ customers: { ...customers, join_by: ['name'] } }, /expected one of "email"\|"phone"/);
    check({ customers: { ...customers, phone_region: 'XX' } }, /ISO 3166 code of a country/);
    check(
      { customers: { ...customers, columns: { customer: 'id' } } },
      /column for each of join_by/,
    );
    expect(importMappingSchema.parse({ customers: { columns } }).customers?.join_by).toEqual([]);
  });
  it('takes devices with one space', () =>
    check({ devices: { columns: { customer: 'c', value: 'v' }, space: 'exchange:demo' } }, null));
  it('refuses an unknown space', () =>
    check(
      { devices: { columns: { customer: 'c', value: 'v' }, space: 'fax' } },
      /expected cookie, ifa/,
    ));
  it('wants a space from somewhere', () =>
    check(
      { devices: { columns: { customer: 'c', value: 'v' } } },
      /either space or columns\.space/,
    ));
});
