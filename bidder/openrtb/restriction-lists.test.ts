import { expect, it } from 'vitest';
import type { BidRequest } from '../auction/bid-request.ts';
import { decodeBidRequest } from './decode-bid-request.ts';

const imp = { id: '1', banner: { w: 300, h: 250 } };

function request(more: object): BidRequest {
  const json = JSON.stringify({ id: 'a', imp: [imp], ...more });
  const decoded = decodeBidRequest(Buffer.from(json), 'x');
  if (decoded.kind === 'rejected') throw new Error(decoded.reason);
  return decoded.request;
}

it('reads a blocked domain however it is written', () => {
  const written = [
    'Shop.Example.',
    'shop.example/',
    'http://shop.example',
    'HTTPS://shop.example./',
    ' shop.example',
    'Shop.example \t',
    '\r\n http://shop.example/ ',
  ];
  for (const badv of written) expect(request({ badv }).blockedDomains).toEqual(['shop.example']);
  const others = ['http.example', 'shop.example/page', 'http://shop.example/page', '/'];
  expect(request({ badv: others }).blockedDomains).toEqual(others);
});

it('reads the names of a list without the blanks around them, but no blank for everybody', () => {
  const sent = [' IAB25', 'IAB26 ', '\tIAB7-39\n', 'a b', ' '];
  const read = ['IAB25', 'IAB26', 'IAB7-39', 'a b', ' '];
  const { blockedCategories, allowedCategories, ...rest } = request({
    bcat: sent,
    acat: sent,
    bseat: sent,
    wseat: sent,
    imp: [{ ...imp, pmp: { deals: [{ id: 'd', wseat: sent }] } }],
  });
  expect([blockedCategories, allowedCategories]).toEqual([read, read]);
  expect([rest.blockedSeats, rest.allowedSeats]).toEqual([read, read]);
  expect(rest.imps[0]!.deals[0]!.allowedSeats).toEqual(read);
});
