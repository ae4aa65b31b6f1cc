import { expect, it } from 'vitest';
import type { AffinityKind, AffinityTest } from '../../rules/affinity.ts';
import { plainSegment } from '../../rules/segment.contract.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { Duck } from '../duck.ts';
import { previewSegment } from '../preview/preview-segment.ts';
import { shopFiles } from '../shop-data.ts';
import { keptTable, readKept } from './kept-generation.ts';
import { AS_OF_MS, at, TestShop, SEGMENTS as USUAL } from './test-shop.contract.ts';

const ORDERS = `order,customer,time,product,quantity,price,status
1,anna,2026-05-01,p1,1,10,paid
1,anna,2026-05-01,p2,2,2.50,paid
2,anna,2026-05-02,p3,1,5,in_progress
2,anna,2026-05-02,gone,1,900,in_progress
3,boris,2026-05-02,p1,1,5,cancelled
4,boris,2026-05-03,p3,1,5,paid
5,vera,2026-05-03,p1,1,5,paid
5,vera,2026-05-03,p3,1,5,paid
6,lost,2026-05-03,gone,1,5,paid
7,vera,2026-05-04,p4,1,90,paid
`;
const FEED = `id,title,price,link,image_link,product_type,brand
p1,One,10.00 EUR,https://shop.test/1,https://shop.test/1.png,tea,Acme
p2,Two,4.00 EUR,https://shop.test/2,https://shop.test/2.png,tea,"O'Tea & Co"
p3,Three,5.00 EUR,https://shop.test/3,https://shop.test/3.png,cups,
p4,Four,90.00 EUR,https://shop.test/4,https://shop.test/4.png,,
`;

function segment(name: string, by: AffinityKind, expects: AffinityTest) {
  return plainSegment(name, { kind: 'affinity', by, expects, at });
}
/** Customer, kind and name with the share, by customer. */
async function shares(shop: TestShop, generation: string): Promise<unknown[][]> {
  const files = shopFiles(shop.dir, 'test');
  const options = { memoryMb: 64, threads: 1, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  return await duck.rows(`SELECT c.customer_id, a.* EXCLUDE (person)
    FROM ${keptTable(files, readKept(files, generation)!, 'affinities')} a
      JOIN '${files.customers}' c ON c.person = a.person ORDER BY c.customer_id, kind, place`);
}

const share = (name: string, op: 'gte' | 'lt', sharePpm: number) =>
  ({ kind: 'share', name, op, sharePpm }) as const;
const SEGMENTS = [
  segment('tea', 'category', share('tea', 'gte', 750_000)),
  segment('little_tea', 'category', share('tea', 'lt', 750_000)),
  segment('cups', 'category', { kind: 'favourite', quantifier: 'any_of', names: ['cups'] }),
  segment('acme', 'brand', share('Acme', 'gte', 666_666)),
];

it('shares what a person has spent out among categories and brands that are known', async () => {
  await using shop = await TestShop.open();
  await shop.import({ orders: ORDERS });
  const feed = shop.write('feed.csv', FEED);
  const { generation, segments } = await shop.build({ feed, segments: SEGMENTS });
  expect(await shares(shop, generation)).toEqual([
    ['anna', 'brand', 'Acme', 666_666, 1],
    ['anna', 'brand', "O'Tea & Co", 333_333, 2],
    ['anna', 'category', 'tea', 750_000, 1],
    ['anna', 'category', 'cups', 250_000, 2],
    ['boris', 'category', 'cups', 1_000_000, 1],
    ['vera', 'brand', 'Acme', 1_000_000, 1],
    ['vera', 'category', 'cups', 500_000, 1],
    ['vera', 'category', 'tea', 500_000, 2],
  ]);
  expect(segments.map(({ segment: name, members }) => [name, members])).toEqual([
    ['tea', 1],
    ['little_tea', 2],
    ['cups', 2],
    ['acme', 2],
  ]);
});

it('answers the same in a preview, whether or not a rule of the build asked', async () => {
  await using shop = await TestShop.open();
  await shop.import({ orders: ORDERS });
  const feed = shop.write('feed.csv', FEED);
  // In the second somebody's two best are equal.
  const [, little, cups] = SEGMENTS;
  const { dir, models, timeZone, currency, memoryMb, threads } = shop.request();
  for (const segments of [[], SEGMENTS.slice(2)]) {
    const { generation } = await shop.build({ feed, segments });
    const serving = { generation, asOfMs: AS_OF_MS, timeZone, segments };
    const common = { dir, models, currency, memoryMb, threads, serving };
    for (const tried of [little!, cups!]) {
      const asked = { ...common, shop: 'test', segment: tried, segments: [tried] };
      expect((await previewSegment(asked)).members).toBe(2);
    }
  }
});

const MONEY = { money: { currency: 'EUR', rates: {} } };
const METRICA = importMappingSchema.parse({ orders: { like: 'metrica_orders' } });
const WHOLE = 'id,client_uniq_id,client_type,create_date_time,order_status,revenue,products\n';
const anna = (products: string) => `1,anna,CONTACT,2026-05-01,PAID,10,"${products}"\n`;
const OTHERS = `2,anna,CONTACT,2026-05-02,IN_PROGRESS,5,p3:1
3,boris,CONTACT,2026-05-03,PAID,7,p1:1
4,boris,CONTACT,2026-05-04,CANCELLED,90,p3:9
`;
const WITH_TEA = plainSegment('with_tea', {
  ...{ kind: 'aggregate', rows: 'orders', measure: 'count', op: 'gte', value: 1, window: null, at },
  where: [{ on: 'category', quantifier: 'any_of', texts: ['tea'] }],
});

it('shares what a whole order was worth out by its pieces, and rules see its products', async () => {
  await using shop = await TestShop.open();
  const orders = WHOLE + OTHERS;
  await shop.import({ orders: orders + anna('p1:1,p2:3,p4:1') }, METRICA, MONEY);
  const segments = [SEGMENTS[0]!, WITH_TEA, ...USUAL.slice(-1)];
  const built = { feed: shop.write('feed.csv', FEED), segments };
  const { generation, segments: counts } = await shop.build(built);
  expect(await shares(shop, generation)).toEqual([
    ['anna', 'brand', "O'Tea & Co", 750_000, 1],
    ['anna', 'brand', 'Acme', 250_000, 2],
    ['anna', 'category', 'tea', 615_384, 1],
    ['anna', 'category', 'cups', 384_615, 2],
    ['boris', 'brand', 'Acme', 1_000_000, 1],
    ['boris', 'category', 'tea', 1_000_000, 1],
  ]);
  expect(counts.map(({ segment: name, members }) => [name, members])).toEqual([
    ['tea', 1],
    ['with_tea', 2],
    ['p1p2', 1],
  ]);
  expect((await shop.profileOf(generation, 'anna')).products).toEqual(['p3', 'p1', 'p2', 'p4']);

  // As many orders and products, and other pieces of them.
  await shop.import({ orders: WHOLE + anna('p1:3,p2:1,p4:1') }, METRICA, MONEY);
  const next = await shop.build({ ...built, asOfMs: AS_OF_MS + 1 });
  expect(next.mode).toMatchObject({ kind: 'incremental' });
  expect((await shares(shop, next.generation))[0]).toEqual(['anna', 'brand', 'Acme', 750_000, 1]);
  const unasked = await shop.build({ ...built, segments: [WITH_TEA] });
  const acme = SEGMENTS[3]!;
  const { dir, models, timeZone, currency, memoryMb, threads } = shop.request();
  const shown = await previewSegment({
    ...{ dir, models, currency, memoryMb, threads, shop: 'test', segment: acme, segments: [acme] },
    serving: { generation: unasked.generation, asOfMs: AS_OF_MS, timeZone, segments: [WITH_TEA] },
  });
  expect(shown.members).toBe(2);
});
