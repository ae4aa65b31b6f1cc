import { afterEach, beforeEach, expect, it } from 'vitest';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { AS_OF_MS, TestShop } from './test-shop.contract.ts';

const EVENTS = { columns: { time: 'at', customer: 'user_id', name: 'event' } };
const events = 'at,user_id,event\n2026-11-01T10:00,u1,visit\n2026-11-02T10:00,u1,visit\n';

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

it('says of events alone that nobody names people, and what it says to do is enough', async () => {
  await shop.import({ events }, importMappingSchema.parse({ events: EVENTS }));
  await expect(shop.build()).rejects.toThrow(
    'there are events in the imported data (2), but no customer and no order that names people: import ' +
      'customers or orders too. The file of events may be read as one of customers: say ' +
      'customers: { columns: { customer: user_id } } below import: in shop.yaml',
  );
  const customers = { columns: { customer: 'user_id' } };
  await shop.import(
    { customers: events },
    importMappingSchema.parse({ events: EVENTS, customers }),
  );
  expect(await shop.build({ asOfMs: AS_OF_MS + 1 })).toMatchObject({ customers: 1, profiles: 1 });
});

it('says that nobody has consented, or that there is nobody', async () => {
  const devices = 'customer,space,value\nanna,cookie,c1\n';
  await shop.import({ devices });
  await expect(shop.build()).rejects.toThrow(
    'there is no customer in the imported data: run rekindle import test with customers or orders',
  );
  const consent = { ads: { column: 'ads' } };
  const mapping = importMappingSchema.parse({
    customers: { columns: { customer: 'id' }, consent },
  });
  await shop.import({ customers: 'id,ads\nanna,no\nboris,\n' }, mapping);
  await expect(shop.build()).rejects.toThrow(
    'no customer in the imported data has consented to ads (of 2)',
  );
  await shop.import({ customers: 'id,ads\nanna,yes\n' }, mapping);
  const first = await shop.build();
  expect(first).toMatchObject({ customers: 1, profiles: 1, links: 2 });
  await shop.import({ customers: 'id,ads\nanna,no\n' }, mapping);
  const asOfMs = AS_OF_MS + 1;
  await expect(shop.build({ asOfMs })).rejects.toThrow('if that is right, run again with --force');
  const emptied = await shop.build({ asOfMs, force: true });
  expect(emptied).toMatchObject({ customers: 0, profiles: 0, links: 0 });
  expect(await shop.store.generations.serving('test')).toMatchObject({
    generation: emptied.generation,
  });
  await shop.import({ customers: 'id,ads\nanna,yes\n' }, mapping);
  expect(await shop.build({ asOfMs: AS_OF_MS + 2 })).toMatchObject({ customers: 1, links: 2 });
});
