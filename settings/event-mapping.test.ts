import { expect, it } from 'vitest';
import { z } from 'zod';
import { importMappingSchema } from './import-mapping.ts';

function check(events: unknown, complaint: RegExp): void {
  const parsed = importMappingSchema.safeParse({ events });
  expect(parsed.success ? 'accepted' : z.prettifyError(parsed.error)).toMatch(complaint);
}

it('takes a name for all events or a column of names', () => {
  check({ columns: { time: 'at', customer: 'c' }, name: 'visit' }, /^accepted$/);
  check({ columns: { time: 'at', cookie: 'c', name: 'n' } }, /^accepted$/);
});
it('wants one source of names', () => {
  check({ columns: { time: 'at', customer: 'c' } }, /either name or columns\.name/);
  check({ columns: { time: 'at', customer: 'c', name: 'n' }, name: 'x' }, /either name or/);
});
it('wants somebody whom events are of', () =>
  check(
    { columns: { time: 'at' }, name: 'visit' },
    /one of customer, cookie, yclid, gclid, order/,
  ));
