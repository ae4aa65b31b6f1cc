import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BidRequest } from '../auction/bid-request.ts';
import { decodeBidRequest } from './decode-bid-request.ts';

const DATA = new URL('../../../shared/data/', import.meta.url);
const hasData = existsSync(DATA);

function decode(value: unknown, exchange = 'demo') {
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  return decodeBidRequest(Buffer.from(json), exchange);
}

const imp = { id: '1', banner: { w: 300, h: 250 } };

function request(more: object = {}, impMore: object = {}): BidRequest {
  const decoded = decode({ id: 'a', imp: [{ ...imp, ...impMore }], ...more });
  if (decoded.kind !== 'request') throw new Error(`rejected: ${decoded.reason}`);
  return decoded.request;
}

function checkRejected(value: unknown, status: 400 | 204, reason: string): void {
  const id = (value as { id?: string }).id ?? '';
  expect(decode(value)).toEqual({ kind: 'rejected', status, reason, id });
}

describe('what is no bid request', () => {
  it('answers 400 to what is no JSON', () => checkRejected('{"id":', 400, 'unreadable'));
  it('answers 400 to an empty body', () => checkRejected('', 400, 'unreadable'));
  it('answers 400 to JSON that is no object', () => checkRejected('[1]', 400, 'not-an-object'));
  it('answers 400 to nesting past the bound', () =>
    checkRejected(`{"id":${'['.repeat(100_000)}`, 400, 'too-deep'));
  it('answers 400 to nesting past the bound where nobody reads', () => {
    const ext = '['.repeat(100) + ']'.repeat(100);
    checkRejected(`{"id":"a","imp":[${JSON.stringify(imp)}],"ext":${ext}}`, 400, 'too-deep');
  });
  it('stays silent without an id', () => checkRejected({ imp: [imp] }, 204, 'no-request-id'));
  it('stays silent without imps', () => checkRejected({ id: 'a', imp: [] }, 204, 'no-imp'));
  it('stays silent when imps are no array', () => checkRejected({ id: 'a', imp }, 204, 'no-imp'));
  it('stays silent without any format', () =>
    checkRejected({ id: 'a', imp: [{ id: '1', video: [] }] }, 204, 'no-format'));
  it('stays silent in a private auction without deals', () =>
    checkRejected(
      { id: 'a', imp: [{ ...imp, pmp: { private_auction: 1 } }] },
      204,
      'private-auction',
    ));
  it('does not cut a block list but passes the request on', () =>
    checkRejected(
      { id: 'a', imp: [imp], badv: new Array(2001).fill('x.com') },
      204,
      'block-list-too-long',
    ));
  it('reads a block of the last of many seats', () => {
    const seats = [...new Array(1999).fill('other'), 'ours'];
    expect(request({ bseat: seats }).blockedSeats.at(-1)).toBe('ours');
    const more = { id: 'a', imp: [imp], bseat: [...seats, 'ours'] };
    checkRejected(more, 204, 'block-list-too-long');
  });
  it('counts brackets inside strings as text', () => {
    expect(request({ ext: { text: '['.repeat(500), quote: '\\"[[[\\\\' } }).id).toBe('a');
  });
});

it('takes the country from the device, else from the user', () => {
  const at = (country: unknown) => ({ geo: { country } });
  expect(request({ device: at('USA'), user: at('CAN') }).country).toBe('USA');
  expect(request({ user: at('CAN') }).country).toBe('CAN');
  expect(request({ device: at('Canada'), user: at('CAN') }).country).toBe('CAN');
  expect(request({ device: at('') }).country).toBe('');
});

describe('imps', () => {
  it('take markup when any of their types is HTML', () => {
    const typed = (...mimes: string[]) => ({ ...imp, banner: { ...imp.banner, mimes } });
    expect(request({}, typed('image/png', 'Text/HTML')).imps).toHaveLength(1);
    const pictures = typed('image/png', 'image/gif');
    checkRejected({ id: 'a', imp: [pictures] }, 204, 'mime-not-accepted');
  });
  it('are passed on when their list of blocks would be cut', () => {
    for (const name of ['battr', 'btype']) {
      const blocking = (count: number) => ({
        banner: { ...imp.banner, [name]: new Array(count).fill(1) },
      });
      expect(request({}, blocking(64)).imps).toHaveLength(1);
      checkRejected({ id: 'a', imp: [{ ...imp, ...blocking(65) }] }, 204, 'block-list-too-long');
    }
  });
  it('drops the broken one and keeps the others', () => {
    const decoded = decode({
      id: 'a',
      imp: [null, { id: '2' }, imp, { ...imp, id: 7 }, { id: '9', banner: [] }],
    });
    expect(decoded.kind === 'request' && decoded.request.imps.map(({ id }) => id)).toEqual([
      '1',
      '7',
    ]);
    expect(decoded.kind === 'request' && decoded.request.dropped).toEqual([
      { id: '', reason: 'broken-imp' },
      { id: '2', reason: 'no-format' },
      { id: '9', reason: 'no-format' },
    ]);
  });
  it('drops all of one name, whichever of them could be bid on', () => {
    const none = { id: 7 };
    const decoded = decode({
      id: 'a',
      imp: [imp, none, { ...imp, id: '2' }, imp, { ...imp, id: '7' }],
    });
    expect(decoded.kind === 'request' && decoded.request.imps.map(({ id }) => id)).toEqual(['2']);
    expect(decoded.kind === 'request' && decoded.request.dropped).toEqual([
      { id: '1', reason: 'broken-imp' },
      { id: '7', reason: 'no-format' },
      { id: '1', reason: 'broken-imp' },
      { id: '7', reason: 'broken-imp' },
    ]);
  });
  it('keeps at most fifty', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ ...imp, id: `${i}` }));
    const decoded = decode({ id: 'a', imp: many });
    expect(decoded.kind === 'request' && decoded.request.imps.length).toBe(50);
  });
  it('joins format and w/h, without the sizes that say nothing', () => {
    const banner = {
      w: 300,
      h: 250,
      format: [{ w: '320', h: 50 }, { w: 300, h: 250 }, { w: 1, h: 1 }, 5],
    };
    const sizes = [
      { w: 320, h: 50 },
      { w: 300, h: 250 },
    ];
    expect(request({}, { banner }).imps[0]!.placements).toMatchObject([{ kind: 'banner', sizes }]);
  });
  it('reads the shapes of flexible places, which are no sizes', () => {
    const format = [{ wratio: '6', hratio: 5, wmin: 200 }, { wratio: 1 }, { w: 320, h: 50 }];
    expect(request({}, { banner: { format } }).imps[0]!.placements).toMatchObject([
      { sizes: [{ w: 320, h: 50 }], shapes: [{ wRatio: 6, hRatio: 5, wMin: 200 }] },
    ]);
  });
  it('reads a floor exactly and in its own currency, USD when it names none', () => {
    const cases = [
      [{ bidfloor: 8.41 }, 8_410_000, 'USD'],
      [{ bidfloor: '1.005', bidfloorcur: 'eur' }, 1_005_000, 'EUR'],
      [{ bidfloor: 0.0000001 }, 1, 'USD'],
      [{ bidfloor: -3 }, 0, 'USD'],
      [{}, 0, 'USD'],
    ] as const;
    for (const [more, micros, currency] of cases) {
      const read = request({}, more).imps[0]!;
      expect([read.floorCpmMicros, read.floorCurrency]).toEqual([micros, currency]);
    }
  });
  it('drops an imp whose floor cannot be read', () =>
    checkRejected({ id: 'a', imp: [{ ...imp, bidfloor: 'much' }] }, 204, 'floor-not-readable'));
  it('keeps a numeric id beyond 2^53 to the digit', () => {
    const json =
      '{"id":8189378542222915032,"imp":[{"id":8189378542222915033,"banner":{"w":300,"h":250}}]}';
    const decoded = decode(json);
    expect(decoded.kind === 'request' && decoded.request.id).toBe('8189378542222915032');
  });
});

describe('identities', () => {
  const user = {
    buyeruid: 'b',
    id: 'u',
    ext: {
      eids: [
        { source: 'Netid.de', uids: [{ id: 'e', atype: 3 }, { id: 7 }] },
        { source: 'x.com', mm: 5, uids: [{ id: 'no' }] },
      ],
    },
  };
  it('come most trusted first', () => {
    expect(request({ user, device: { ifa: 'AB-1' } }).identities).toEqual([
      { space: 'cookie', value: 'b' },
      { space: 'eid:netid.de', value: 'e' },
      { space: 'ifa', value: 'ab-1' },
      { space: 'eid:netid.de', value: '7' },
      { space: 'exchange:demo', value: 'u' },
    ]);
  });
  it('take the newer place of eids over the older', () => {
    const both = { eids: [{ source: 'a.com', uids: [{ id: 'new' }] }], ext: user.ext };
    expect(request({ user: both }).identities).toEqual([{ space: 'eid:a.com', value: 'new' }]);
  });
  it('are named by their source, however often and whichever other ones were met', () => {
    for (let i = 0; i < 60; i++) {
      for (const source of [`s${i % 20}.example`, `S${i % 20}.Example`]) {
        const eids = [
          { source, uids: [{ id: 'e' }] },
          { source: '-no', uids: [{ id: 'f' }] },
        ];
        const expected = [{ space: `eid:s${i % 20}.example`, value: 'e' }];
        expect(request({ user: { eids } }).identities).toEqual(expected);
      }
    }
  });
  it('leave out the advertising id that Apple’s permission does not cover', () => {
    for (const atts of [0, 1, 2, 'x']) {
      expect(request({ device: { ifa: 'a', ext: { atts } } }).identities).toEqual([]);
    }
    expect(request({ device: { ifa: 'a', ext: { atts: 3 } } }).identities).toHaveLength(1);
  });
});

describe('promise 7: without consent no identifier is read', () => {
  const user = { buyeruid: 'b', id: 'u' };
  const optedOut = 'DBABT~1YYN';
  const cases: readonly [string, object, string][] = [
    ['children', { regs: { coppa: 1 } }, 'coppa'],
    ['limited ad tracking', { device: { lmt: '1' } }, 'limit-ad-tracking'],
    ['do not track', { device: { dnt: true } }, 'do-not-track'],
    ['GDPR in 2.6', { regs: { gdpr: 1 } }, 'gdpr'],
    ['GDPR in 2.5', { regs: { ext: { gdpr: 1 } } }, 'gdpr'],
    ['a person in Germany without a flag', { device: { geo: { country: 'DEU' } } }, 'gdpr'],
    ['the same in two letters', { device: { geo: { country: 'de' } } }, 'gdpr'],
    ['a person whose home is France', { user: { ...user, geo: { country: 'FRA' } } }, 'gdpr'],
    ['a sale opt-out', { regs: { ext: { us_privacy: '1YYN' } } }, 'us-privacy'],
    [
      'a GPP string without a word on what applies',
      { regs: { gpp: 'DBABM~x' } },
      'unreadable-signal',
    ],
    ['GPP sections without a string', { regs: { ext: { gpp_sid: [7] } } }, 'unreadable-signal'],
    ['a US opt-out in GPP', { regs: { gpp: optedOut, gpp_sid: [6] } }, 'gpp'],
    ['the same in the older place', { regs: { ext: { gpp: optedOut, gpp_sid: ['6'] } } }, 'gpp'],
    ['Canada without consent', { regs: { gpp: 'DBABD~x', gpp_sid: [5] } }, 'gpp'],
    ['global privacy control', { regs: { ext: { gpc: '1' } } }, 'global-privacy-control'],
    ['a flag that cannot be read', { regs: { gdpr: 'perhaps' } }, 'unreadable-signal'],
    [
      'a country that cannot be read',
      { device: { geo: { country: 'Germany' } } },
      'unreadable-signal',
    ],
    ['a privacy string that cannot be read', { regs: { us_privacy: '2???' } }, 'unreadable-signal'],
  ];
  for (const [name, more, verdict] of cases) {
    it(`denies ${name}`, () => {
      const read = request({ user, ...more });
      expect([read.privacy, read.identities]).toEqual([verdict, []]);
    });
  }
  it('allows where nothing forbids', () => {
    const regs = { coppa: 0, ext: { gdpr: 0, us_privacy: '1YNN', gpc: '0' } };
    const read = request({ user, regs, device: { lmt: 0, dnt: '0', geo: { country: 'USA' } } });
    expect([read.privacy, read.identities.length]).toEqual(['allowed', 2]);
  });
});

describe('totality', () => {
  it('never throws and is quick, whatever JSON it is given', () =>
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (json) => {
        decode(json);
        decode(
          `{"id":"x","imp":[{"id":"1","banner":${json}}],"device":${json},"regs":${json},"user":${json}}`,
        );
      }),
      { numRuns: 500 },
    ));
  it('never throws on any bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeBidRequest(bytes, 'x')),
    ));
  it.skipIf(!hasData)('reads the whole public corpus (skipped without ../shared/data)', () => {
    const counts = { request: 0, rejected: 0 };
    for (const folder of ['openrtb/requests/', 'openrtb/invalid/']) {
      const dir = new URL(folder, DATA);
      for (const name of readdirSync(dir)) {
        if (!name.endsWith('.json')) continue;
        counts[decodeBidRequest(readFileSync(new URL(name, dir)), 'demo').kind]++;
      }
    }
    expect(counts.request).toBeGreaterThan(700);
    expect(counts.rejected).toBeGreaterThan(100);
  });
});
