/** Strings that others made: vectors of the libraries, mutations of them, bombs, and plain noise. */
import { existsSync, readFileSync } from 'node:fs';
import { Sections } from '@iabgpp/cmpapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base64url,
  coreBits,
  field,
  OURS,
  restriction,
  tcf,
  vendorRanges,
} from './consent-text.contract.ts';
import { readGpp } from './gpp.ts';
import { readTcf } from './tcf.ts';
import { type UsSection, usVerdict } from './us-section.contract.ts';

const CONSENT = new URL('../../shared/data/badinput/consent/', import.meta.url);
const hasData = existsSync(CONSENT);

/** Of the best of some tries, so that a busy machine does not count; 50 µs are meant. */
const COST_MS_MAX = 5;
const ALL_SECTIONS = Array.from({ length: 26 }, (_, i) => i + 2);
const SECTION_NAMES = Sections.SECTION_ID_NAME_MAP;
const NEEDED = [1, 2, 3, 4, 7];

interface TcfVector {
  readonly s: string;
  readonly kind?: string;
  readonly oracle_ok: boolean;
  readonly decoded?: {
    readonly version: number;
    readonly purposeConsents: readonly number[];
    readonly purposeLI: readonly number[];
    readonly vendorConsents: readonly number[];
    readonly vendorLI: readonly number[];
    readonly restrictions: readonly {
      readonly purpose: number;
      readonly type: number;
      readonly vendors: readonly number[];
    }[];
  };
}

interface GppVector {
  readonly s: string;
  readonly how?: string;
  readonly oracle_ok: boolean;
  readonly sectionIds?: readonly number[];
  readonly decoded?: Readonly<Record<string, UsSection>>;
}

describe('the shared corpus (skipped without ../shared/data)', () => {
  it.skipIf(!hasData)('has TCF vectors, which say what they say to the library', () => {
    let allowed = 0;
    for (const { s, decoded } of lines<TcfVector>('tcf_vectors.jsonl')) {
      for (const vendorId of [1, 2, 32, ...(decoded?.vendorConsents ?? [])]) {
        const verdict = readTcf(s, vendorId);
        expect(verdict, `${vendorId} in ${s}`).toBe(expected(decoded, vendorId));
        if (verdict === 'allowed') allowed++;
      }
    }
    expect(allowed).toBeGreaterThan(100);
  });

  it.skipIf(!hasData)('has TCF strings that the library cannot read, which are unreadable', () => {
    for (const { s, oracle_ok } of lines<TcfVector>('tcf_malformed.jsonl')) {
      const verdict = cheap(() => readTcf(s, 8), s);
      if (!oracle_ok) expect(verdict, s).toBe('unreadable');
    }
  });

  it.skipIf(!hasData)(
    'has GPP vectors, whose American sections say what they say to the library',
    () => {
      let readable = 0;
      for (const { s, sectionIds, decoded } of lines<GppVector>('gpp_vectors.jsonl')) {
        for (const id of sectionIds?.filter((each) => each >= 7) ?? []) {
          const verdict = readGpp(s, [id], 8);
          if (verdict === 'unreadable') continue;
          expect(verdict, `${id} in ${s}`).toBe(usVerdict(decoded![SECTION_NAMES.get(id)!]!));
          readable++;
        }
      }
      expect(readable).toBeGreaterThan(70);
    },
  );

  it.skipIf(!hasData)('has GPP strings that the library cannot read, which are unreadable', () => {
    for (const { s, how, oracle_ok } of lines<GppVector>('gpp_malformed.jsonl')) {
      // We read only the sections that apply, so a cut does not concern those before it.
      const isHidden = oracle_ok || how === 'trunc-half';
      for (const id of ALL_SECTIONS) {
        const verdict = cheap(() => readGpp(s, [id], 8), s);
        if (!isHidden) expect(verdict, `${id} in ${s}`).toBe('unreadable');
      }
    }
  });

  it.skipIf(!hasData)('has range bombs, which cost no more than others', () => {
    for (const name of ['tcf_range_bomb_20.txt', 'tcf_range_bomb_4095.txt']) {
      const bomb = readFileSync(new URL(name, CONSENT), 'utf8').trim();
      for (const text of [bomb, bomb.slice(0, 4096)]) {
        expect(cheap(() => readTcf(text, OURS), name)).toBe('unreadable');
      }
    }
  });
});

describe('hostile strings', () => {
  const ascending = Array.from({ length: 1024 }, (_, i) => [i * 20 + 1] as const);
  const restrictions = field(189, 12) + restriction(30, 1, [[9], [11, 12]]).repeat(189);
  it.each([
    ['the longest list', tcf({ vendors: vendorRanges(65_535, ascending) })],
    ['the most restrictions', tcf({ restrictions })],
    ['restrictions that are not there', tcf({ restrictions: field(4095, 12) })],
    ['a list that is not there', tcf({ vendors: `${field(65_535, 16)}0` })],
    ['nothing but segments', tcf({}) + '.YA'.repeat(1300)],
    ['nothing but dots', '.'.repeat(4096)],
    ['one letter', 'C'.repeat(4096)],
    ['a megabyte', 'C'.repeat(1_000_000)],
  ])('cost no more than their length: %s', (name, text) => {
    cheap(() => readTcf(text, OURS), name);
    const section = `DBABMA~${text}`.slice(0, 4096);
    cheap(() => readGpp(section, [2], OURS), name);
  });

  it('cost no more than their length in Fibonacci codes and in sections', () => {
    const canadian = field(1, 6) + field(0, 72) + field(31, 12) + field(0, 61) + field(0, 48);
    const codes = `${field(3072, 16)}1${field(1024, 12)}${'00011'.repeat(4000)}`;
    for (const text of [`DBABjw~${base64url(canadian + codes)}`, `DBAB${'~A'.repeat(2046)}`]) {
      const short = text.slice(0, 4096);
      cheap(() => readGpp(short, [5], OURS), text);
    }
  });

  it('never throw', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'ABCIQYZaz09-_.~'), maxLength: 300 });
    const likely = letters.map((tail) => base64url(coreBits({})).slice(0, 36) + tail);
    const texts = fc.oneof(fc.string({ unit: 'binary' }), letters, likely);
    const ids = fc.array(fc.oneof(fc.constantFrom(...ALL_SECTIONS), fc.double(), fc.integer()));
    fc.assert(
      fc.property(texts, ids, fc.integer(), (text, sectionIds, vendorId) => {
        const verdicts = ['allowed', 'denied', 'unreadable'];
        expect(verdicts).toContain(readTcf(text, vendorId));
        for (const header of ['', 'DBABMA~', 'DBABjw~', 'DBABLA~']) {
          expect(verdicts).toContain(readGpp(header + text, sectionIds, vendorId));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function expected(decoded: TcfVector['decoded'], vendorId: number): string {
  if (decoded === undefined || decoded.version !== 2) return 'unreadable';
  const may = (purpose: number) => {
    const isRestricted = (type: number) =>
      decoded.restrictions.some(
        (each) => each.purpose === purpose && each.type === type && each.vendors.includes(vendorId),
      );
    const hasConsent =
      decoded.vendorConsents.includes(vendorId) && decoded.purposeConsents.includes(purpose);
    const hasInterest =
      [2, 7].includes(purpose) &&
      decoded.vendorLI.includes(vendorId) &&
      decoded.purposeLI.includes(purpose);
    const isUsable = (hasConsent && !isRestricted(2)) || (hasInterest && !isRestricted(1));
    return isUsable && !isRestricted(0);
  };
  return NEEDED.every(may) ? 'allowed' : 'denied';
}

function lines<T>(name: string): T[] {
  const text = readFileSync(new URL(name, CONSENT), 'utf8').trim();
  return text.split('\n').map((line) => JSON.parse(line) as T);
}

function cheap<T>(read: () => T, name: string): T {
  let bestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const begunMs = performance.now();
    read();
    bestMs = Math.min(bestMs, performance.now() - begunMs);
  }
  expect(bestMs, name.slice(0, 100)).toBeLessThan(COST_MS_MAX);
  return read();
}
