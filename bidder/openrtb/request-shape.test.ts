import { expect, it } from 'vitest';
import { UNREAD_PATH } from '../auction/supply-path.ts';
import type { JsonShape } from './json-shape.ts';
import { normaliseRequest } from './normalise-request.ts';
import { readJson } from './read-json.ts';
import { object } from './read-values.ts';
import { NO_SUPPLY_SHAPE, REQUEST_SHAPE } from './request-shape.ts';

const geo = { country: 'USA' };
const size = { w: 300, h: 250 };
const eids = [{ source: 'a.example', mm: 1, uids: [{ id: 'e', atype: 3 }] }];
const dsa = { dsarequired: 2, pubrender: 1, datatopub: 1 };
const oldRegs = { dsa, gdpr: 0, us_privacy: '1YNN', gpp: '', gpp_sid: [], gpc: 0 };
const banner = { ...size, format: [size], btype: [4], mimes: ['text/html'], battr: [1] };
const publisher = { id: 'p' };
const schain = { complete: 1, ver: '1.0', nodes: [{ asi: 'a.example', sid: '1', hp: 1 }] };
const full = {
  id: 'r',
  imp: [
    {
      id: '1',
      banner,
      pmp: { private_auction: 0 },
      bidfloor: 1,
      bidfloorcur: 'USD',
      instl: 1,
      secure: 1,
      exp: 60,
    },
  ],
  device: { ...size, ua: 'x', ifa: 'i', lmt: 0, dnt: 0, geo, ext: { atts: 3, ifa_type: 'dpid' } },
  user: { id: 'u', buyeruid: 'b', geo, ext: { eids } },
  regs: { coppa: 0, ext: oldRegs },
  site: { domain: 'a.example' },
  app: {
    bundle: 'b',
    storeurl: 'https://store.example/b',
    publisher,
    ext: { inventorypartnerdomain: 'b.example' },
  },
  source: { ext: { schain } },
};

/** Throws when a field is read that the shape lacks: it would always be missing on the wire. */
function watched(value: unknown, shape: JsonShape): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, name) {
      const field = Reflect.get(target, name) as unknown;
      if (Array.isArray(target)) return /^\d+$/.test(String(name)) ? watched(field, shape) : field;
      const index = shape.names.indexOf(String(name));
      if (index < 0) throw new Error(`${String(name)} is read and not in the shape`);
      return watched(field, shape.shapes[index]!);
    },
  });
}

/** Once as the wire has it, watched, and once as it is read for the shape: the same comes out. */
function check(request: object): void {
  const read = object(readJson(Buffer.from(JSON.stringify(request)), REQUEST_SHAPE));
  const expected = normaliseRequest(object(watched(request, REQUEST_SHAPE)), 'x', [1], true);
  expect(expected).toHaveProperty('id', 'r');
  expect(normaliseRequest(read, 'x', [1], true)).toEqual(expected);
}

it('has every field that is read of a full request', () => check(full));

it('has every field that is read in its newer place', () =>
  check({ ...full, regs: { coppa: 0, ...oldRegs }, user: { ...full.user, eids, ext: {} } }));

it('has every field that is read where consent is asked for, in both places', () => {
  const regs = { gdpr: 1, gpp: 'x', gpp_sid: [2] };
  check({ ...full, regs, user: { ...full.user, consent: 'x' } });
  check({ ...full, regs: { ext: regs }, user: { ...full.user, ext: { eids, consent: 'x' } } });
});

it('has every field of a supply path, in each of its places', () => {
  const { app: _, ...web } = full;
  const page = 'https://a.example/';
  const inventorypartnerdomain = 'b.example';
  check({ ...web, site: { page, publisher, inventorypartnerdomain }, source: { schain } });
  const ext = { inventorypartnerdomain };
  check({ ...web, site: { page, publisher, ext }, source: {}, ext: { schain } });
});

it('has every field that is read when hardly anything is there', () =>
  check({ id: 'r', imp: [{ id: '1', banner: {} }] }));

it('has every field that limits what may be bid', () =>
  check({
    ...full,
    device: { ...full.device, devicetype: 4 },
    cur: ['EUR'],
    bcat: ['IAB1'],
    acat: ['IAB2'],
    cattax: 1,
    badv: ['b.example'],
    wlang: ['en'],
    wlangb: ['de-AT'],
    wseat: ['s'],
    bseat: ['t'],
    test: 1,
    tmax: 100,
    at: 1,
  }));

it('has no field of a supply path where that is not asked for, and every other field', () => {
  const ownSite = { domain: 'a.example', page: 'https://a.example/', publisher };
  const { app, site: _, ...neither } = full;
  for (const request of [
    { ...neither, site: ownSite, ext: { schain } },
    { ...neither, app },
  ]) {
    const json = Buffer.from(JSON.stringify(request));
    const read = object(readJson(json, NO_SUPPLY_SHAPE));
    const left = [read['source'], read['ext'], read['site'] ?? read['app']];
    expect(JSON.parse(JSON.stringify(left))).toEqual([
      null,
      null,
      'app' in request ? { bundle: 'b' } : { domain: 'a.example' },
    ]);
    const whole = normaliseRequest(object(readJson(json, REQUEST_SHAPE)), 'x', [1], false);
    expect(whole).toHaveProperty('supply', UNREAD_PATH);
    expect(normaliseRequest(read, 'x', [1], false)).toEqual(whole);
  }
});
