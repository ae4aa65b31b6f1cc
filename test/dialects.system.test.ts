/** Two exchanges that speak otherwise than the demo's, through the built service. */
import { readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fromProtobuf,
  openrtbProto,
  toProtobuf,
} from '../bidder/openrtb/openrtb-proto.contract.ts';
import { OURS, tcf } from '../privacy/consent-text.contract.ts';
import { RunningService } from './running-service.contract.ts';

const root = openrtbProto(true);
let service: RunningService;
let sample: SampleRequest;

interface SampleRequest {
  readonly imp: readonly { readonly secure: number }[];
  readonly device: Readonly<Record<string, unknown>>;
  readonly user: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

beforeAll(async () => {
  service = await RunningService.create({ customers: 300 });
  await service.start();
  writeFileSync(
    join(service.dir, 'exchanges/packs.yaml'),
    'exchange: packs\ncurrencies: [USD]\nbilling: burl\nformat: protobuf\ngzip: true\nno_bid: reason\n',
  );
  sample = JSON.parse(service.run('sample', '--json'));
  await service.until('the exchange is served', 20_000, async () => {
    return (await post('packs', Buffer.from('x'))).status !== 404;
  });
});
afterAll(() => service.remove());

/** Without a client's kindness: nothing is unpacked or followed. */
function post(
  exchange: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { ...headers, 'content-length': body.length } };
    const sent = httpRequest(`${service.open}/bid/${exchange}`, options, (received) => {
      const chunks: Buffer[] = [];
      received.on('data', (chunk: Buffer) => chunks.push(chunk));
      received.on('end', () =>
        resolve({
          status: received.statusCode!,
          headers: received.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.on('error', reject).end(body);
  });
}

const asJson = (more: object = {}) => Buffer.from(JSON.stringify({ ...sample, ...more }));

function asProtobuf(more: object = {}): Buffer {
  const flags = { dnt: false, lmt: false };
  const imp = sample.imp.map((each) => ({ ...each, secure: each.secure === 1 }));
  const regs = { coppa: false, gdpr: false };
  const json = { ...sample, imp, device: { ...sample.device, ...flags }, regs, test: false };
  return Buffer.from(toProtobuf(root, 'BidRequest', { ...json, ...more }));
}

describe('an exchange that packs protobuf', () => {
  it('gets the bid packed, in its version and with its length', async () => {
    const answer = await post('packs', gzipSync(asProtobuf()), {
      'content-encoding': 'gzip',
      'accept-encoding': 'gzip, zstd',
      'x-openrtb-version': '2.5',
    });
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        'x-openrtb-version': '2.5',
        'content-length': String(answer.body.length),
      },
    });
    const response = fromProtobuf(root, 'BidResponse', gunzipSync(answer.body));
    expect(response).toMatchObject({ cur: 'USD', seatbid: [{ bid: [{ impid: '1', mtype: 1 }] }] });
  });

  it('is told why there is none, and is not answered in another format', async () => {
    const answer = await post('packs', asProtobuf({ tmax: 1 }));
    expect(answer.status).toBe(200);
    expect(fromProtobuf(root, 'BidResponse', answer.body)).toMatchObject({ nbr: 15 });
    expect((await post('packs', asJson())).status).toBe(400);
  });
});

describe('the admin port explains a request', () => {
  const explained = async (query: string, body: Buffer) => {
    const answer = await fetch(`${service.admin}/api/explain?${query}`, { method: 'POST', body });
    return (await answer.json()) as { error?: string; decision?: { reason: string | null } };
  };

  it('in the format that the exchange speaks, or the one that is named', async () => {
    const { decision } = await explained('exchange=packs', asProtobuf());
    expect(decision?.reason).not.toBe('unreadable');
    const named = await explained('exchange=packs&format=json', asJson());
    expect(named.decision?.reason).not.toBe('unreadable');
    const wrong = await explained('exchange=packs', asJson());
    expect(wrong.decision).toMatchObject({ kind: 'no-bid', reason: 'unreadable' });
    expect((await explained('format=xml', asJson())).error).toBe(
      'there is no format "xml"; expected one of: json, protobuf',
    );
  });
});

describe('an exchange that speaks JSON', () => {
  it('may pack it, and is told of bodies that are not read', async () => {
    // A test reserves nothing, so the person may be bid for again.
    const packed = gzipSync(asJson({ test: 1 }));
    expect((await post('generic', packed, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect((await post('generic', packed)).status).toBe(200);
    const bomb = gzipSync(Buffer.alloc(2 ** 21));
    expect((await post('generic', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    const other = await post('generic', packed, { 'content-encoding': 'br' });
    expect([other.status, other.headers['accept-encoding']]).toEqual([415, 'gzip']);
  });

  it('gets a person recognised in Europe once the shop names a vendor that has consent', async () => {
    const geo = { country: 'DEU' };
    const user = { ...sample.user, consent: tcf({}) };
    const body = asJson({ device: { ...sample.device, geo }, user, regs: { gdpr: 1 } });
    const recognisedBy = async () => {
      const explained = await fetch(`${service.admin}/api/explain?exchange=generic`, {
        method: 'POST',
        body,
      });
      const { privacy, recognisedBy: shops } = (await explained.json()) as {
        privacy: string;
        recognisedBy: { space: string | null }[];
      };
      return [privacy, shops[0]?.space ?? null];
    };
    expect(await recognisedBy()).toEqual(['gdpr', null]);
    const file = join(service.dir, 'shops/demo/shop.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nconsent_vendor: ${OURS}\n`);
    await service.until('consent counts', 20_000, async () => {
      const [privacy, space] = await recognisedBy();
      return privacy === 'allowed' && space !== null;
    });
  });
});
