import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceKeys } from '../settings/exchange.ts';
import { openGooglePrice } from './google-price.ts';
import { KEYS, priceKeys, sealPrice } from './sealed-price.contract.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const OTHER = priceKeys(Buffer.alloc(32, 'x'), Buffer.alloc(32, 'y'));
const SWAPPED = { encryption: KEYS.integrity, integrity: KEYS.encryption };
const SEALED = sealPrice({ micros: 1234n, atMs: NOW_MS });

/** Keys and texts published at developers.google.com/authorized-buyers/rtb/response-guide/decrypt-price. */
const GOOGLE = base64Keys(
  'skU7Ax_NL5pPAFyKdkfZjZz2-VhIN8bjj1rVFOaJ_5o=',
  'arO23ykdNqUQ5LEoQ0FVmPkBd7xB5CO89PDZlSjpFxo=',
);
const DATA = new URL('../../shared/data/', import.meta.url);
const VECTORS = new URL('openrtb/google-price-crypto-vectors.json', DATA);
const BAD = new URL('badinput/price/google_price_vectors.jsonl', DATA);

function base64Keys(encryption: string, integrity: string): PriceKeys {
  return priceKeys(Buffer.from(encryption, 'base64'), Buffer.from(integrity, 'base64'));
}

function microsOf(text: string, ...keys: readonly PriceKeys[]): number | string {
  const price = openGooglePrice(text, keys);
  return price.kind === 'opened' ? Number(price.micros) : price.kind;
}

describe('a sealed price', () => {
  it.each([
    ['YWJjMTIzZGVmNDU2Z2hpN7fhCuPemCce_6msaw', 100],
    ['YWJjMTIzZGVmNDU2Z2hpN7fhCuPemCAWJRxOgA', 1900],
    ['YWJjMTIzZGVmNDU2Z2hpN7fhCuPemC32prpWWw', 2700],
    ['YWJjMTIzZGVmNDU2Z2hpN7fhCuPemC32prpWWw==', 2700],
    ['YWJjMTIzZGVmNDU2Z2hpN7fhCuPemCce/6msaw==', 100],
  ])('opens the published %s', (text, micros) => expect(microsOf(text, GOOGLE)).toBe(micros));

  it('says when it was sealed', () =>
    expect(openGooglePrice(sealPrice({ micros: 1n, atMs: NOW_MS + 789 }), [KEYS])).toEqual({
      kind: 'opened',
      micros: 1n,
      sealedAtMs: NOW_MS + 789,
    }));

  it('opens with whichever pair has sealed it', () => {
    expect(microsOf(SEALED, OTHER, KEYS)).toBe(1234);
    expect(microsOf(SEALED, KEYS, OTHER)).toBe(1234);
    expect(microsOf(SEALED, OTHER)).toBe('forged');
    expect(microsOf(SEALED, SWAPPED)).toBe('forged');
    expect(microsOf(SEALED)).toBe('forged');
  });

  it.each([
    ['', 'garbage', '1.23', '${AUCTION_PRICE}', 'UNKNOWN', ` ${SEALED}`, `${SEALED}\n`],
    [`${SEALED}=`, SEALED.slice(1), `${SEALED}A`, SEALED.slice(0, 22), SEALED.slice(0, 32)],
  ])('is nothing of another form', (...texts) => {
    for (const text of texts) expect(microsOf(text, KEYS), text).toBe('unreadable');
  });

  it('law: what was sealed opens to the same amount and time', () =>
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.integer({ min: 0, max: 2 ** 32 * 1000 - 1 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (micros, atMs, server) => {
          const sealed = sealPrice({ micros, atMs, server });
          const opened = { kind: 'opened', micros, sealedAtMs: atMs };
          expect(openGooglePrice(sealed, [OTHER, KEYS])).toEqual(opened);
        },
      ),
    ));

  it('law: with any one bit changed, of the bytes or of the text, it is no price', () => {
    const bytes = Buffer.from(SEALED, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(microsOf(changed.toString('base64url'), KEYS), `bit ${bit}`).toBe('forged');
    }
    for (let bit = 0; bit < SEALED.length * 8; bit++) {
      const changed = Buffer.from(SEALED);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(microsOf(changed.toString('latin1'), KEYS), `text bit ${bit}`).toBeTypeOf('string');
    }
  });

  it('law: no text makes it throw or gives a price', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .uint8Array({ minLength: 28, maxLength: 28 })
            .map((bytes) => Buffer.from(bytes).toString('base64url')),
        ),
        (text) => {
          expect(microsOf(text, KEYS, OTHER)).toBeTypeOf('string');
        },
      ),
    ));
});

interface VectorSet {
  readonly [key: `${string}_b64`]: string;
  readonly iv_timestamp_ms?: number;
  readonly vectors: readonly {
    readonly encrypted: string;
    readonly plain_int64?: number;
    readonly plain_hex?: string;
  }[];
}

describe('the vectors of ../shared/data', () => {
  it.skipIf(!existsSync(VECTORS))('open to what they hold (skipped without them)', () => {
    const { sets } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { sets: VectorSet[] };
    expect(sets.flatMap(checkSet)).toHaveLength(5);
  });

  it.skipIf(!existsSync(BAD))('open, or are refused, as they say (skipped without them)', () => {
    const rows = readFileSync(BAD, 'utf8').trim().split('\n');
    expect(rows.length).toBeGreaterThan(35);
    for (const row of rows) {
      const { id, e_key, i_key, cipher, expect: wanted } = JSON.parse(row);
      // Meant as a variant in the other alphabet, but this text has no character that differs in
      // the two: it is the published vector of 2700, and opens.
      const micros = id === 'text-9' ? 2700 : wanted.micros;
      const opened = microsOf(cipher, base64Keys(e_key, i_key));
      if (micros === undefined) expect(opened, id).toBeTypeOf('string');
      else expect(opened, id).toBe(micros);
    }
  });
});

function checkSet(set: VectorSet): readonly string[] {
  const keyOf = (name: string) => set[`${name}_websafe_b64`] ?? set[`${name}_b64`]!;
  const keys = base64Keys(keyOf('e_key'), keyOf('i_key'));
  const swapped = { encryption: keys.integrity, integrity: keys.encryption };
  const sealedAtMs = set.iv_timestamp_ms ?? expect.any(Number);
  return set.vectors.map(({ encrypted, plain_int64, plain_hex }) => {
    const micros = BigInt(plain_int64 ?? `0x${plain_hex}`);
    const opened = openGooglePrice(encrypted, [OTHER, keys]);
    expect(opened).toEqual({ kind: 'opened', micros, sealedAtMs });
    expect(openGooglePrice(encrypted, [swapped])).toEqual({ kind: 'forged' });
    return encrypted;
  });
}
