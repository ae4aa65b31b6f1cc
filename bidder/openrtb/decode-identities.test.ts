import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDENTITIES_MAX } from '../../store/ports.ts';
import { decodeIdentities } from './decode-identities.ts';

/** The identities as `space value`. */
function made(user: object, device: object = {}): string[] {
  const found = decodeIdentities(user as never, device as never, 'demo');
  return found.map(({ space, value }) => `${space} ${value}`);
}

const eid = (source: string, id: string, more: object = {}, uid: object = {}) => ({
  source,
  uids: [{ id, ...uid }],
  ...more,
});
const PERSON = { atype: 3 };

describe('the order of trust', () => {
  it('is ours, person, device, browser, exchange, and what passes', () =>
    expect(
      made(
        {
          id: 'theirs',
          buyeruid: 'ours',
          eids: [
            eid('pubcid.org', 'site', {}, { atype: 1 }),
            eid('uidapi.com', 'token', {}, PERSON),
            eid('netid.de', 'browser', {}, { atype: 1 }),
            eid('person.example', 'person', {}, PERSON),
          ],
        },
        { ifa: 'DEVICE' },
      ),
    ).toEqual([
      'cookie ours',
      'eid:person.example person',
      'ifa device',
      'eid:netid.de browser',
      'exchange:demo theirs',
      'eid:pubcid.org site',
      'eid:uidapi.com token',
    ]));

  it('is that of the request among ids of one rank, and a vendor’s own type is a browser’s', () =>
    expect(
      made({
        eids: [
          eid('b.example', '1', {}, { atype: 500 }),
          eid('a.example', '2', {}, { atype: 2 }),
          eid('c.example', '3'),
          eid('d.example', '4', {}, { atype: '3' }),
        ],
      }),
    ).toEqual(['eid:d.example 4', 'eid:b.example 1', 'eid:a.example 2', 'eid:c.example 3']));

  it('of equally trusted eids has those that come first', () => {
    const eids = [1, 2, 3, 4, 5, 6].map((n) => eid(`${n}.example`, 'x', {}, PERSON));
    expect(made({ eids })).toEqual([1, 2, 3, 4, 5].map((n) => `eid:${n}.example x`));
  });

  it('keeps a place for the device and the exchange, however many eids come', () => {
    const eids = Array.from({ length: 16 }, (_, i) => ({
      source: `s${i}.example`,
      uids: [{ id: `a${i}` }, { id: `b${i}`, atype: i === 9 ? 3 : 1 }],
    }));
    const found = made({ id: 'theirs', buyeruid: 'ours', eids }, { ifa: 'device' });
    expect(found).toHaveLength(IDENTITIES_MAX);
    expect(found.slice(0, 3)).toEqual(['cookie ours', 'eid:s9.example b9', 'ifa device']);
    expect(found.at(-1)).toBe('exchange:demo theirs');
  });
});

describe('what recognises nobody', () => {
  it('is an observed or inferred match, a session among them', () =>
    expect(
      made({
        eids: [
          eid('a.example', '1', { mm: 4 }, { atype: 1 }),
          eid('a.example', '2', { mm: 5 }, PERSON),
          eid('a.example', '3', { mm: 3 }, PERSON),
        ],
      }),
    ).toEqual(['eid:a.example 3']));

  it('is an advertising id of a publisher, an exchange or a session', () => {
    for (const type of ['ppid', 'SSPID', 'sessionid']) {
      expect(made({}, { ifa: 'a', ext: { ifa_type: type } })).toEqual([]);
    }
    for (const type of ['dpid', 'rida', '', undefined]) {
      expect(made({}, { ifa: 'a', ext: { ifa_type: type } })).toEqual(['ifa a']);
    }
  });

  it('is a word or a macro where an id should be', () =>
    expect(
      made(
        { id: 'undefined', buyeruid: '${UID}', eids: [eid('a.example', 'null')] },
        { ifa: '00000000-0000-0000-0000-000000000000' },
      ),
    ).toEqual([]));
});

describe('a hashed e-mail', () => {
  const hash = createHash('sha256').update('anna@example.com').digest('hex');

  it('is one whatever its source, in either case', () =>
    expect(
      made({
        eids: [
          eid('any.example', hash.toUpperCase(), {}, PERSON),
          eid('other.example', hash, {}, PERSON),
        ],
      }),
    ).toEqual([`email_sha256 ${hash}`, `email_sha256 ${hash}`]));

  it('is none when it is not said to be a person’s, is no hash, or that of nothing', () => {
    const nothing = createHash('sha256').update('').digest('hex');
    const wrong = `g${hash.slice(1)}`;
    expect(
      made({
        eids: [
          eid('a.example', hash, {}, { atype: 1 }),
          eid('b.example', wrong, {}, PERSON),
          eid('c.example', nothing, {}, PERSON),
        ],
      }),
    ).toEqual([`eid:b.example ${wrong}`, `eid:c.example ${nothing}`, `eid:a.example ${hash}`]);
  });
});

it('never throws, never gives more than a read takes, and keeps the order of trust', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('a', 'b.example', 'null', '0', 3, 4));
  const uid = fc.oneof(value, fc.record({ id: value, atype: value }));
  const uids = fc.oneof(value, fc.array(uid, { maxLength: 8 }));
  const some = fc.oneof(value, fc.record({ source: value, mm: value, uids }));
  const user = fc.record({ id: value, buyeruid: value, eids: fc.array(some, { maxLength: 24 }) });
  fc.assert(
    fc.property(user, fc.record({ ifa: value, ext: value }), (person, device) => {
      const found = made(person, device);
      expect(found.length).toBeLessThanOrEqual(IDENTITIES_MAX);
      const cookie = found.findIndex((each) => each.startsWith('cookie '));
      expect(cookie).toBeLessThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});
