import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../settings/exchange.ts';
import { campaign, snapshotOf } from '../auction/shop.contract.ts';
import { type Answer, type Bench, bidRequest, EXCHANGE, openBench } from '../bidder.contract.ts';
import { fromProtobuf, openrtbProto, toProtobuf } from '../openrtb/openrtb-proto.contract.ts';

const everybody = snapshotOf([campaign('open')]);
const root = openrtbProto(false);

function open(exchange: Partial<Exchange>): Promise<Bench> {
  return openBench(everybody, { exchange: { ...EXCHANGE, ...exchange } });
}

// biome-ignore lint/suspicious/noExplicitAny: a parsed answer, looked into by tests.
const json = (answer: Answer): any => JSON.parse(answer.body);
// biome-ignore lint/suspicious/noExplicitAny: the same.
const decoded = (answer: Answer): any => fromProtobuf(root, 'BidResponse', answer.bytes);

/** Nothing that the reader would take as a number or a flag of another type. */
const asProtobuf = (more: object = {}): Uint8Array =>
  toProtobuf(root, 'BidRequest', {
    ...bidRequest('anna', { ...more }, { secure: true }),
  });

describe('an exchange that speaks JSON', () => {
  it('is answered in the version it asked in', async () => {
    await using bench = await open({});
    const answer = bench.post(bidRequest('anna'), 'demo', { 'x-openrtb-version': '2.4' });
    expect(answer.headers).toEqual({
      'Content-Type': 'application/json',
      'x-openrtb-version': '2.4',
    });
    expect(json(answer).id).toBe('req-1');
  });

  it('is answered as the media type that it wants', async () => {
    const contentType = 'application/json; charset=utf-8';
    await using bench = await open({ contentType });
    expect(bench.post(bidRequest('anna')).headers['Content-Type']).toBe(contentType);
  });

  it('may pack its requests, also without saying so', async () => {
    await using bench = await open({});
    const packed = gzipSync(JSON.stringify(bidRequest('anna')));
    for (const headers of [{ 'content-encoding': 'gzip' }, {}]) {
      const answer = bench.post(packed, 'demo', headers);
      expect([answer.status, answer.headers['Content-Encoding']]).toEqual([200, undefined]);
    }
  });

  it.each([
    [400, 'gzip', 'gzip-unreadable', Buffer.from('{}')],
    [413, 'gzip', 'unpacked-too-large', gzipSync(Buffer.alloc(2 ** 21))],
    [415, 'br', 'coding-not-accepted', Buffer.from('{}')],
  ])('is told %d of a body that claims %s and is %s', async (status, coding, reason, body) => {
    await using bench = await open({});
    const answer = bench.post(body, 'demo', { 'content-encoding': coding });
    expect([answer.status, answer.body]).toEqual([status, '']);
    expect(answer.headers['Accept-Encoding']).toBe(status === 415 ? 'gzip' : undefined);
    const { metrics } = bench;
    expect(metrics.snapshot()[metrics.slot('rekindle_nobid_total', reason)]).toBe(1);
  });

  it('gets answers packed when its profile says so and the request accepts it', async () => {
    await using bench = await open({ gzip: true });
    const accepted = { 'accept-encoding': 'br, gzip' };
    const answer = bench.post(bidRequest('anna'), 'demo', accepted);
    expect(answer.headers['Content-Encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.bytes).toString()).id).toBe('req-1');
    expect(bench.post(bidRequest('anna')).headers['Content-Encoding']).toBeUndefined();
    await using plain = await open({ gzip: false });
    const unpacked = plain.post(bidRequest('anna'), 'demo', accepted);
    expect(unpacked.headers['Content-Encoding']).toBeUndefined();
  });

  it('is told why there is no bid when its profile asks for it', async () => {
    await using bench = await open({ noBid: 'reason' });
    const answer = bench.post(bidRequest('anna', { id: 'quo"ted' }, { bidfloor: 999 }));
    expect([answer.status, json(answer)]).toEqual([200, { id: 'quo"ted', seatbid: [], nbr: 0 }]);
    expect(json(bench.post(bidRequest('anna', { tmax: 1 }))).nbr).toBe(15);
    // What has no id cannot be answered by it, also behind a request that had one.
    expect(bench.post({ imp: [] })).toMatchObject({ status: 204, body: '' });
    expect(bench.post('nonsense')).toMatchObject({ status: 400, body: '' });
    await using silent = await open({});
    expect(silent.post(bidRequest('anna', {}, { bidfloor: 999 }))).toMatchObject({
      status: 204,
      body: '',
    });
  });
});

describe('an exchange that speaks protobuf', () => {
  it('is answered in protobuf with the bid that JSON would get', async () => {
    await using bench = await open({ format: 'protobuf' });
    const answer = bench.post(asProtobuf());
    expect(answer.headers['Content-Type']).toBe('application/x-protobuf');
    const [bid] = decoded(answer).seatbid[0].bid;
    await using other = await open({});
    const [expected] = json(other.post(bidRequest('anna'))).seatbid[0].bid;
    const signed = ['nurl', 'burl', 'lurl', 'adm', 'id'];
    expect(bid).toEqual({ ...expected, ...Object.fromEntries(signed.map((f) => [f, bid[f]])) });
    for (const field of signed) expect(typeof bid[field]).toBe('string');
    expect(bench.errors).toEqual([]);
  });

  it('may pack its requests, and gets answers packed', async () => {
    await using bench = await open({ format: 'protobuf', gzip: true });
    const answer = bench.post(gzipSync(asProtobuf()), 'demo', {
      'content-encoding': 'gzip',
      'accept-encoding': 'gzip',
    });
    const bytes = gunzipSync(answer.bytes);
    expect(fromProtobuf(root, 'BidResponse', bytes)).toMatchObject({ id: 'req-1', cur: 'USD' });
  });

  it('is told why there is no bid, and that JSON is not its format', async () => {
    await using bench = await open({ format: 'protobuf', noBid: 'reason' });
    expect(decoded(bench.post(asProtobuf({ tmax: 1 })))).toEqual({ id: 'req-1', nbr: 15 });
    expect(bench.post(bidRequest('anna')).status).toBe(400);
  });
});
