import { expect, it } from 'vitest';
import { customerPersonId } from '../../proto/ids.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { key, TestShop } from '../build/test-shop.contract.ts';
import { refusedPerson } from './person-consent.ts';

const customers = `id,email,ads
anna,a@example.com,yes
boris,b@example.com,yes
boris-2,b@example.com,no
`;

it('knows who refused by any of the customers they are, and by the hashed id', async () => {
  const columns = { customer: 'id', email: 'email' };
  const mapping = importMappingSchema.parse({
    customers: { columns, join_by: ['email'], consent: { ads: { column: 'ads' } } },
  });
  await using shop = await TestShop.open();
  const { dir, memoryMb, threads } = shop.request();
  const refused = (asked: string) => {
    const person = customerPersonId(key, 'test', asked);
    return refusedPerson({
      ...{ dir, shop: 'test', memoryMb, threads },
      ...{ person, customer: asked },
    });
  };
  await shop.import({ customers: 'id,email\nanna,\n' });
  expect(await refused('anna')).toBeNull();
  await shop.import({ customers }, mapping);
  const person = customerPersonId(key, 'test', 'boris');
  expect(await Promise.all(['anna', 'boris', 'boris-2', 'nobody'].map(refused))).toEqual([
    ...[null, person, person, null],
  ]);
  const byHash = { person, customer: 'whoever' };
  expect(await refusedPerson({ dir, shop: 'test', memoryMb, threads, ...byHash })).toBe(person);
});
