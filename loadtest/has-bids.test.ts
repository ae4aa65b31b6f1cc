import { describe, expect, it } from 'vitest';
import { encodeNoBidProtobuf } from '../bidder/openrtb/encode-bid-protobuf.ts';
import { encodeNoBid } from '../bidder/openrtb/encode-bid-response.ts';
import { openrtbProto, toProtobuf } from '../bidder/openrtb/openrtb-proto.contract.ts';
import { hasBids, OPENING_BYTES } from './has-bids.ts';
import { ResponseReader } from './response-reader.ts';

const bid = { id: 'b', impid: '1', price: 1.5, adm: '<a>' };
const response = { id: 'r', bidid: 'b', cur: 'USD', seatbid: [{ bid: [bid] }] };
const inProtobuf = (json: object) =>
  Buffer.from(toProtobuf(openrtbProto(false), 'BidResponse', json));

describe('an answer holds bids', () => {
  it.each([
    ['JSON', Buffer.from(JSON.stringify(response))],
    ['JSON of a seat first', Buffer.from('{"seatbid":[{"seat":"s","bid":[{"impid":"1"}]}]}')],
    ['protobuf', inProtobuf(response)],
    ['a body too long for none', Buffer.alloc(OPENING_BYTES, '{')],
    ['an echo', Buffer.from('hello')],
  ])('as %s', (_, body) => expect(hasBids(body)).toBe(true));

  const ids = ['r', 'x'.repeat(256), '"impid"', '\u0012\u0012', '\u0001'.repeat(256)];
  it.each(ids)('or none, in JSON and protobuf, for a request %j', (id) => {
    expect(hasBids(Buffer.from(encodeNoBid(id, 2)))).toBe(false);
    expect(hasBids(Buffer.from(encodeNoBidProtobuf(id, 2)))).toBe(false);
    expect(hasBids(inProtobuf({ id, cur: 'USD', nbr: 300 }))).toBe(false);
    expect(hasBids(inProtobuf({ ...response, id }))).toBe(true);
    expect(hasBids(Buffer.from(JSON.stringify({ ...response, id })))).toBe(true);
  });

  it('or none when it is empty or cut off before them', () => {
    expect(hasBids(Buffer.alloc(0))).toBe(false);
    const cut = inProtobuf(response).subarray(0, 3);
    expect(hasBids(cut.subarray(0, 1))).toBe(false);
    expect(hasBids(cut)).toBe(false);
  });
});

it('is told of a response however it is cut, and of the one after it', () => {
  for (const [body, isBid] of [
    [Buffer.from(JSON.stringify(response)), true],
    [Buffer.from(encodeNoBid('r', 2)), false],
    [inProtobuf(response), true],
    [Buffer.from(encodeNoBidProtobuf('r', 2)), false],
  ] as const) {
    const bytes = Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
    ]);
    const reader = new ResponseReader();
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(reader.read(bytes.subarray(0, cut))).toBe(false);
      expect(reader.read(bytes.subarray(cut))).toBe(true);
      expect(reader.isBid).toBe(isBid);
    }
    expect(reader.read(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toBe(true);
    expect(reader.isBid).toBe(false);
  }
});
