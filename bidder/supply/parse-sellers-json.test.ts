import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseSellersJson, SELLER } from './parse-sellers-json.ts';

const sellers = (...entries: unknown[]) => parseSellersJson(JSON.stringify({ sellers: entries }));

it('reads who sells, and as what', () =>
  expect(
    sellers(
      { seller_id: '00001', seller_type: 'PUBLISHER', name: 'A', domain: 'A.example' },
      { seller_id: '2', seller_type: 'intermediary', is_passthrough: 1 },
      { seller_id: '3', seller_type: 'BOTH', is_confidential: 1 },
    ),
  ).toEqual({
    sellers: [
      {
        id: '00001',
        type: SELLER.PUBLISHER,
        domain: 'a.example',
        isConfidential: false,
        isPassthrough: false,
      },
      {
        id: '2',
        type: SELLER.INTERMEDIARY,
        domain: '',
        isConfidential: false,
        isPassthrough: true,
      },
      { id: '3', type: SELLER.BOTH, domain: '', isConfidential: true, isPassthrough: false },
    ],
    malformed: 0,
  }));

it('takes a number for an id and an unknown type for either, and counts entries without an id', () => {
  const read = sellers({ seller_id: 17, seller_type: 'constructor' }, { name: 'x' }, null, 'x');
  expect(read?.sellers.map(({ id, type }) => [id, type])).toEqual([['17', SELLER.BOTH]]);
  expect(read?.malformed).toBe(3);
});

it('is null for what is no sellers.json', () => {
  for (const text of ['', '<html>', '[]', 'null', '{}', '{"sellers":{}}'])
    expect(parseSellersJson(text)).toBeNull();
  expect(parseSellersJson('\ufeff{"sellers":[]}')).toEqual({ sellers: [], malformed: 0 });
});

it('never throws', () => {
  const entry = fc.record({ seller_id: fc.jsonValue(), seller_type: fc.jsonValue() });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.array(entry)), (value) => {
      parseSellersJson(JSON.stringify({ sellers: value }));
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseSellersJson(text)));
});
