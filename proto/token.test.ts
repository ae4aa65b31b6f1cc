import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AD_FORMATS } from './ad-format.ts';
import {
  bidKeyOf,
  decodePayload,
  encodePayload,
  signPayload,
  type TokenPayload,
  verifyToken,
} from './token.ts';

const key = createSecretKey(Buffer.alloc(32, 7));
const payload: TokenPayload = {
  format: 'banner',
  exchange: 'generic',
  shop: 'demo',
  campaign: 'winback',
  creative: 'product-grid-300x250',
  bidId: 'k3x9-1',
  person: 'AbCdEfGhIjKlMnOp',
  bidCpmMicros: 2_345_678,
  currency: 'EUR',
  leaseId: 'w1-22',
  period: '2026-11-22',
  reservedNanos: 2_600_001,
  bidAtS: 1_795_000_000,
  offer: 'winback10',
  items: ['sku-1', 'два.три', '~x!'],
};

it('carries a bid there and back', () => {
  expect(decodePayload(encodePayload(payload))).toEqual(payload);
  expect(decodePayload(encodePayload({ ...payload, items: [] }))?.items).toEqual([]);
});

describe('the format of the ad', () => {
  const name = fc.stringMatching(/^[a-z0-9_-]{1,20}$/);
  const anyPayload: fc.Arbitrary<TokenPayload> = fc.record({
    format: fc.constantFrom(...AD_FORMATS),
    exchange: name,
    shop: name,
    campaign: name,
    creative: name,
    bidId: name,
    person: fc.constantFrom('', 'LPh3ineth4tznT-o'),
    bidCpmMicros: fc.maxSafeNat(),
    currency: fc.constantFrom('EUR', 'USD'),
    leaseId: fc.constantFrom('', 'w1-22'),
    period: fc.constantFrom('2026-11-22', 'flight'),
    reservedNanos: fc.maxSafeNat(),
    bidAtS: fc.nat(),
    offer: fc.constantFrom('', 'winback10'),
    items: fc.array(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 6 }),
  });

  it('comes there and back with all else', () =>
    fc.assert(
      fc.property(anyPayload, (drawn) => {
        expect(decodePayload(encodePayload(drawn))).toEqual(drawn);
      }),
    ));

  it('makes no token longer than that of a banner, and all of them different', () =>
    fc.assert(
      fc.property(anyPayload, (drawn) => {
        const texts = AD_FORMATS.map((format) => encodePayload({ ...drawn, format }));
        expect(new Set(texts).size).toBe(AD_FORMATS.length);
        expect(new Set(texts.map((text) => text.length)).size).toBe(1);
        const [banner] = texts;
        for (const text of texts) expect(text.slice(1)).toBe(banner!.slice(1));
      }),
    ));

  const before =
    '1.generic.demo.winback.product-grid-300x250.k3x9-1.AbCdEfGhIjKlMnOp.1e9xq.EUR.w1-22.2026-11-22.1jq69.top2v4.winback10.sku-1~!0LTQstCwLtGC0YDQuA~!fngh';

  it('of a token from when there was no other is a banner, and a banner is written as it was', () => {
    expect(decodePayload(before)).toEqual(payload);
    expect(encodePayload(payload)).toBe(before);
  });

  it.each(['0', '5', '', '01', '1 ', 'toString'])('is none of ours as %j', (code) =>
    expect(decodePayload(before.replace('1', code))).toBeNull(),
  );
});

it('needs no percent-encoding in a query', () => {
  const text = encodePayload(payload);
  expect(text).toBe(encodeURIComponent(text).replaceAll('%7E', '~'));
});

describe('promise 4: what is forged counts never', () => {
  const text = encodePayload(payload);
  const tags = signPayload(key, text);

  it('accepts each signature for its own audience only', () => {
    expect(verifyToken(key, 'exchange', `${text}.${tags.exchange}`)).toBe(text);
    expect(verifyToken(key, 'browser', `${text}.${tags.browser}`)).toBe(text);
    expect(verifyToken(key, 'exchange', `${text}.${tags.browser}`)).toBeNull();
    expect(verifyToken(key, 'browser', `${text}.${tags.exchange}`)).toBeNull();
  });

  it('accepts no token with a changed character', () => {
    const token = `${text}.${tags.exchange}`;
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'aZ09_-.~!'), (at, character) => {
        fc.pre(token[at] !== character);
        const forged = token.slice(0, at) + character + token.slice(at + 1);
        // The last base64url character of 16 bytes has four unused bits: same bytes, same signature.
        fc.pre(at < token.length - 1);
        expect(verifyToken(key, 'exchange', forged)).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts no token of another key, no part of one and no monster', () => {
    const other = createSecretKey(Buffer.alloc(32, 8));
    expect(verifyToken(other, 'exchange', `${text}.${tags.exchange}`)).toBeNull();
    for (const token of [
      '',
      '.',
      'x',
      text,
      `${text}.`,
      `.${tags.exchange}`,
      `${'a'.repeat(3000)}.${tags.exchange}`,
    ]) {
      expect(verifyToken(key, 'exchange', token)).toBeNull();
    }
  });
});

it('names bids by positive safe integers that differ', () => {
  const keys = new Set<number>();
  for (let i = 0; i < 50_000; i++) {
    const bidKey = bidKeyOf(`node${i % 7}-${i.toString(36)}`);
    expect(Number.isSafeInteger(bidKey) && bidKey >= 0).toBe(true);
    keys.add(bidKey);
  }
  expect(keys.size).toBe(50_000);
});
