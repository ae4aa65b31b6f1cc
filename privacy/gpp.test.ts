import { FibonacciIntegerRangeEncoder, GppModel, Sections } from '@iabgpp/cmpapi';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  base64url,
  bitfield,
  field,
  OURS,
  restriction,
  tcf,
  vendorBits,
  vendorRanges,
} from './consent-text.contract.ts';
import type { ConsentVerdict } from './consent-verdict.ts';
import { readGpp } from './gpp.ts';
import { type UsSection, usVerdict } from './us-section.contract.ts';

/** Sections behind a header that names these ids. */
function gpp(ids: readonly number[], ...sections: readonly string[]): string {
  const named = FibonacciIntegerRangeEncoder.encode([...ids]);
  return [base64url(field(3, 6) + field(1, 6) + named), ...sections].join('~');
}

/** California: no opt-outs, no children. */
const CALIFORNIA = base64url(`${field(1, 6)}${'01'.repeat(3)}${'10'.repeat(2)}${'00'.repeat(15)}`);

function check(text: string, sectionIds: readonly number[], verdict: ConsentVerdict): void {
  expect(readGpp(text, sectionIds, OURS)).toBe(verdict);
}

describe('the sections that apply', () => {
  it('are found by their place in the header', () => {
    const text = gpp([2, 6, 8], tcf({}), '1YYN', CALIFORNIA);
    check(text, [2], 'allowed');
    check(text, [6], 'denied');
    check(text, [8], 'allowed');
    expect(readGpp(text, [2], OURS + 1)).toBe('denied');
  });

  it('must all allow it', () => {
    const text = gpp([2, 6, 8], tcf({}), '1YYN', CALIFORNIA);
    check(text, [2, 8], 'allowed');
    check(text, [8, 2, 2], 'allowed');
    check(text, [2, 6, 8], 'denied');
    const broken = gpp([6, 8], '1YYN', 'B');
    check(broken, [6, 8], 'unreadable');
    check(broken, [8, 6], 'unreadable');
    check(gpp([6, 7], '1?', base64url(`${field(1, 6)}${'01'.repeat(27)}`)), [6, 7], 'unreadable');
  });

  it('may be behind others that nobody knows', () => {
    const text = gpp([1, 4, 6, 31, 40, 999], 'x!', '?', '1YNN', 'AAAA', '.', 'A');
    check(text, [6], 'allowed');
  });

  it('forbid when they are missing or nobody can read them', () => {
    const text = gpp([1, 6, 28, 40], 'AAAA', '1YNN', 'AAAA', 'AAAA');
    for (const id of [0, 1, 2, 7, 8, 27, 28, 38, 40, -1, 6.5, 2 ** 32 + 6, Number.NaN]) {
      check(text, [6, id], 'unreadable');
    }
  });

  it('are not found where a shift would find them', () =>
    check(gpp([38], '1YNN'), [6], 'unreadable'));

  it('are none when only -1 is listed, whatever the string says', () => {
    check('', [-1], 'allowed');
    check(gpp([6], '1YYN'), [-1], 'allowed');
    check(gpp([6], '1YYN'), [-1, -1], 'unreadable');
  });

  it('are unknown when none is listed, or only what has no consents', () => {
    const text = gpp([6], '1YNN');
    check(text, [], 'unreadable');
    check(text, [3, 4], 'unreadable');
    check(text, [3, 4, 6], 'allowed');
    check(
      text,
      Array.from({ length: 65 }, () => 6),
      'unreadable',
    );
  });
});

describe('the header', () => {
  it('may name ranges', () => {
    const text = gpp([6, 7, 8, 9, 10], '1YNN', 'AAAA', CALIFORNIA, 'AAAA', 'AAAA');
    check(text, [6, 8], 'allowed');
  });

  it('must be a header of version 1', () => {
    for (const [type, version] of [
      [2, 1],
      [3, 0],
      [3, 2],
    ] as const) {
      const named = FibonacciIntegerRangeEncoder.encode([6]);
      check(`${base64url(field(type, 6) + field(version, 6) + named)}~1YNN`, [6], 'unreadable');
    }
    check('1YNN', [6], 'unreadable');
    check(tcf({}), [2], 'unreadable');
  });

  it('must name as many sections as there are', () => {
    check(gpp([6, 7], '1YNN'), [6], 'unreadable');
    check(gpp([6], '1YNN', 'AAAA'), [6], 'unreadable');
    check(gpp([6, 7], '1YNN', ''), [6], 'unreadable');
    check(gpp([], '1YNN'), [6], 'unreadable');
    check('', [6], 'unreadable');
  });

  it('must be whole, and nothing but itself', () => {
    const [header, ...sections] = gpp([6, 8], '1YNN', CALIFORNIA).split('~');
    for (const broken of [
      header!.slice(0, -2),
      `${header}.AA`,
      `${header}AAAA`,
      `${header}B`,
      `${header}=`,
    ]) {
      check([broken, ...sections].join('~'), [6], 'unreadable');
    }
  });

  it('is not believed when it names more than there is room for', () => {
    const all = `${field(1, 12)}1${'011'}${'00000000000000000000011'}`;
    check(`${base64url(field(3, 6) + field(1, 6) + all)}~1YNN`, [6], 'unreadable');
    check(gpp([6], '1YNN').padEnd(4097, '~A'), [6], 'unreadable');
  });
});

describe('the US Privacy section', () => {
  it.each([
    ['1YNN', 'allowed'],
    ['1---', 'allowed'],
    ['1NNY', 'allowed'],
    ['1YYN', 'denied'],
    ['1-Y-', 'denied'],
    ['2YNN', 'unreadable'],
    ['1ynn', 'unreadable'],
    ['1YN', 'unreadable'],
    ['1YNNN', 'unreadable'],
    ['1YNN.', 'unreadable'],
    ['1YXN', 'unreadable'],
    ['１YNN', 'unreadable'],
  ] as const)('%s is %s', (section, verdict) => check(gpp([6], section), [6], verdict));
});

describe('the Canadian section', () => {
  const head = (express: readonly number[], implied: readonly number[]) =>
    field(1, 6) +
    field(0, 72) +
    field(31, 12) +
    field(0, 61) +
    bitfield(24, express) +
    bitfield(24, implied);
  const none = vendorBits(0, []);

  it('asks for express consent to profiles and for implied consent to the rest', () => {
    const lists = vendorRanges(OURS, [[OURS]]) + vendorRanges(OURS, [[OURS]]);
    check(gpp([5], base64url(head([2, 3, 4, 7], []) + lists)), [5], 'allowed');
    check(gpp([5], base64url(head([3, 4], [2, 7]) + lists)), [5], 'allowed');
    check(gpp([5], base64url(head([3], [2, 4, 7]) + lists)), [5], 'denied');
  });

  it('is unreadable when its ranges do not end at the highest id', () => {
    const ours = FibonacciIntegerRangeEncoder.encode([OURS]);
    const under = (idMax: number) =>
      base64url(`${head([2, 3, 4, 7], [])}${field(idMax, 16)}1${ours}${none}`);
    check(gpp([5], under(OURS)), [5], 'allowed');
    for (const idMax of [0, OURS - 1, OURS + 1, 65_535])
      check(gpp([5], under(idMax)), [5], 'unreadable');
  });

  it('is read in the fixed coding of older encoders, with restrictions or without', () => {
    const lists = vendorRanges(OURS, [[1, 9], [OURS]]) + none;
    const ours = field(1, 12) + restriction(4, 0, [[OURS]]);
    check(gpp([5], base64url(head([2, 3, 4, 7], []) + lists)), [5], 'allowed');
    check(gpp([5], base64url(head([2, 3, 4, 7], []) + lists + field(0, 12))), [5], 'allowed');
    check(gpp([5], base64url(head([2, 3, 4, 7], []) + lists + ours)), [5], 'denied');
  });
});

describe('the sections of the United States', () => {
  const ids = [...Sections.SECTION_ID_NAME_MAP.keys()].filter((id) => id >= 7);

  it('are all that @iabgpp/cmpapi knows', () => {
    expect(ids.sort((one, other) => one - other)).toEqual(
      Array.from({ length: 21 }, (_, i) => i + 7),
    );
  });

  it.each([...ids.map((id) => [id, null] as const), [7, 1] as const])(
    'are read as it reads them: %i, version %s',
    (id, version) => {
      const name = Sections.SECTION_ID_NAME_MAP.get(id)!;
      const seen = new Set<ConsentVerdict>();
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat(23)), fc.boolean(), (chance, isMild) => {
          const model = new GppModel();
          model.setFieldValue(name, 'SaleOptOut', 0);
          if (version !== null) model.setFieldValue(name, 'Version', version);
          fill(model, name, () => answer(chance.next().value, isMild));
          const text = model.encode();
          const verdict = readGpp(text, [id], OURS);
          expect(verdict, text).toBe(usVerdict(new GppModel(text).getSection(name)));
          seen.add(verdict);
        }),
        { numRuns: 200 },
      );
      expect([...seen].sort()).toEqual(['allowed', 'denied']);
    },
  );

  it('are unreadable with a value that is none, another version or another length', () => {
    const undefinedValue = base64url(`${field(1, 6)}11${'00'.repeat(19)}`);
    const version2 = base64url(`${field(2, 6)}${'00'.repeat(20)}`);
    for (const section of [
      undefinedValue,
      version2,
      CALIFORNIA.slice(0, -2),
      `${CALIFORNIA}AAAA`,
      `${CALIFORNIA}B`,
    ]) {
      check(gpp([8], section), [8], 'unreadable');
    }
    const national2As1 = base64url(`${field(1, 6)}${'00'.repeat(29)}010000`);
    check(gpp([7], national2As1), [7], 'unreadable');
  });

  it('hear the browser in their second segment, and no third', () => {
    const withGpc = (bits: string) => gpp([8], `${CALIFORNIA}.${base64url(bits)}`);
    check(withGpc('010'), [8], 'allowed');
    check(withGpc('011'), [8], 'denied');
    for (const bits of ['001', '101', '111', `010${'0'.repeat(25)}`])
      check(withGpc(bits), [8], 'unreadable');
    for (const end of ['.', '..', '.QA.QA', '.!'])
      check(gpp([8], CALIFORNIA + end), [8], 'unreadable');
  });
});

/** Most are no opt-out, or no section would ever allow anything. */
function answer(chance: number, isMild: boolean): number {
  if (chance < (isMild ? 1 : 4)) return 1;
  return chance < 12 && !isMild ? 2 : 0;
}

function fill(model: GppModel, name: string, next: () => number): void {
  const fields = Object.entries(model.getSection(name) as UsSection);
  for (const [field, value] of fields.filter(([each]) => !/Version|SegmentType/.test(each))) {
    // Whether the agreement covers it is never "not applicable".
    const other = field === 'MspaCoveredTransaction' ? 1 + (next() & 1) : like(value, next);
    model.setFieldValue(name, field, other);
  }
  for (const included of ['GpcSegmentIncluded', 'SensitiveDataConsentSegmentIncluded']) {
    if (model.hasField(name, included)) model.setFieldValue(name, included, next() !== 1);
  }
}

function like(value: UsSection[string], next: () => number): number | boolean | number[] {
  if (Array.isArray(value)) return value.map(next);
  return typeof value === 'boolean' ? next() === 1 : next();
}
