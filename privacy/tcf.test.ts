import { describe, expect, it } from 'vitest';
import {
  base64url,
  type Core,
  coreBits,
  disclosed,
  field,
  OURS,
  restriction,
  tcf,
  vendorBits,
  vendorRanges,
} from './consent-text.contract.ts';
import type { ConsentVerdict } from './consent-verdict.ts';
import { readTcf } from './tcf.ts';

const MARCH_2026_DECISECONDS = Date.UTC(2026, 2, 1) / 100;

function check(core: Core, verdict: ConsentVerdict, ...segments: string[]): void {
  expect(readTcf(tcf(core, ...segments), OURS)).toBe(verdict);
}

describe('a TC string', () => {
  it('allows a vendor that has consent to every purpose', () => check({}, 'allowed'));

  it.each([1, 2, 3, 4, 7])('denies without purpose %i', (purpose) =>
    check({ consents: [1, 2, 3, 4, 7].filter((each) => each !== purpose) }, 'denied'),
  );

  it('does not ask for other purposes, nor for those that are not defined', () =>
    check({ consents: [1, 2, 3, 4, 7, 24] }, 'allowed'));

  it('denies another vendor', () => {
    for (const other of [0, 1, OURS - 1, OURS + 1, 65_535, 65_536, -1, Number.NaN]) {
      expect(readTcf(tcf({}), other)).toBe('denied');
    }
  });

  it('lets purposes 2 and 7 rest on legitimate interest, if the vendor was objected to by nobody', () => {
    const core = { consents: [1, 3, 4], interests: [2, 7] };
    check({ ...core, interestVendors: vendorRanges(OURS, [[OURS]]) }, 'allowed');
    check(core, 'denied');
  });

  it('does not let purposes 1, 3 and 4 rest on it', () =>
    check(
      { consents: [2, 7], interests: [1, 2, 3, 4, 7], interestVendors: vendorBits(OURS, [OURS]) },
      'denied',
    ));
});

describe('publisher restrictions', () => {
  const both: Core = { interests: [2, 7], interestVendors: vendorBits(OURS, [OURS]) };
  const restricted = (core: Core, purpose: number, type: number): Core => ({
    ...core,
    restrictions: field(1, 12) + restriction(purpose, type, [[3], [700, 800]]),
  });

  it('take a purpose away', () => check(restricted(both, 2, 0), 'denied'));

  it('ask for consent or for legitimate interest', () => {
    check(restricted(both, 2, 1), 'allowed');
    check(restricted(both, 2, 2), 'allowed');
    check(restricted({}, 2, 1), 'allowed');
    check(restricted({}, 2, 2), 'denied');
    check(restricted({ ...both, consents: [1, 3, 4, 7] }, 2, 1), 'denied');
    check(restricted({ ...both, consents: [1, 3, 4, 7] }, 2, 2), 'allowed');
    check(restricted(both, 3, 2), 'denied');
  });

  it('do not hit other vendors or purposes, reserved ones neither', () => {
    const other = field(1, 12) + restriction(2, 0, [[3], [800, 900]]);
    check({ ...both, restrictions: other }, 'allowed');
    // A shift takes 34 and 39 for 2 and 7.
    for (const purpose of [5, 24, 34, 39, 63]) check(restricted(both, purpose, 0), 'allowed');
  });

  it('deny when they contradict each other', () =>
    check(
      {
        ...both,
        restrictions: field(2, 12) + restriction(2, 1, [[OURS]]) + restriction(2, 2, [[OURS]]),
      },
      'denied',
    ));

  it('are unreadable when there are more than kinds of them', () => {
    const many = (count: number) => field(count, 12) + restriction(5, 0, []).repeat(count);
    check({ restrictions: many(189) }, 'allowed');
    check({ restrictions: many(190) }, 'unreadable');
  });

  it('are unreadable with an undefined type or no purpose', () => {
    check(restricted(both, 2, 3), 'unreadable');
    check(restricted(both, 0, 0), 'unreadable');
  });
});

describe('disclosed vendors', () => {
  const ours = disclosed(vendorRanges(OURS, [[700, OURS]]));
  const others = disclosed(vendorRanges(OURS, [[1, 700]]));
  const none = disclosed(vendorBits(0, []));

  it('need not be there before TCF 2.3, and say nothing then', () => {
    for (const segments of [[], [ours], [others], [none]])
      check({ policy: 4 }, 'allowed', ...segments);
  });

  it('must name the vendor from policy version 5 on', () => {
    check({ policy: 5 }, 'allowed', ours);
    check({ policy: 5 }, 'denied', others);
    check({ policy: 6 }, 'denied', none);
    check({ policy: 5 }, 'unreadable');
  });

  it('must do so in every string made after February 2026', () => {
    check({ created: MARCH_2026_DECISECONDS - 1 }, 'allowed');
    check({ created: MARCH_2026_DECISECONDS }, 'unreadable');
    check({ created: MARCH_2026_DECISECONDS }, 'allowed', ours);
    check({ created: MARCH_2026_DECISECONDS }, 'denied', others);
  });

  it('may come in any order with allowed vendors and what the publisher asks for itself', () => {
    const publisher = field(3, 3) + field(0, 54);
    const allowed = field(2, 3) + vendorBits(4, [1]);
    check({ policy: 5 }, 'allowed', publisher, ours);
    check({ policy: 5 }, 'allowed', ours, allowed, publisher);
  });

  it('are unreadable twice, or beside a segment that nobody knows', () => {
    check({ policy: 5 }, 'unreadable', ours, ours);
    for (const type of [0, 4, 5, 6, 7]) check({}, 'unreadable', field(type, 3) + field(0, 51));
  });
});

describe('what is unreadable', () => {
  const inRanges = (...list: Parameters<typeof vendorRanges>[1]) => ({
    vendors: vendorRanges(900, list),
  });

  it('ranges that are out of order, overlap, turn round, begin at 0 or pass the highest id', () => {
    check(inRanges([1, 700], [750, 800], [900]), 'allowed');
    check(inRanges([750, 800], [1, 700]), 'unreadable');
    check(inRanges([1, 755], [755, 800]), 'unreadable');
    check(inRanges([800, 700]), 'unreadable');
    check(inRanges([0, 800]), 'unreadable');
    check(inRanges([700, 901]), 'unreadable');
  });

  it('more ranges than are there, and more than anybody needs', () => {
    check({ vendors: vendorRanges(900, [[1, 800]], 3) }, 'unreadable');
    const many = (count: number) => Array.from({ length: count }, (_, i) => [i * 2 + 1] as const);
    check({ vendors: vendorRanges(2048, many(1000)) }, 'allowed');
    check({ vendors: vendorRanges(2050, many(1025)) }, 'unreadable');
  });

  it('other versions and platforms that do not exist', () => {
    for (const version of [0, 1, 3, 63]) check({ version }, 'unreadable');
    for (const cmpId of [0, 1]) check({ cmpId }, 'unreadable');
  });

  it('a string cut anywhere but in its padding', () => {
    const text = tcf({ policy: 5 }, disclosed(vendorRanges(OURS, [[OURS]])));
    for (let length = 0; length < text.length - 1; length++) {
      expect(readTcf(text.slice(0, length), OURS), `${length}`).toBe('unreadable');
    }
  });

  it('a foreign character anywhere, also where nothing is asked for', () => {
    const text = tcf(
      { policy: 5 },
      disclosed(vendorBits(OURS, [OURS])),
      field(3, 3) + field(0, 54),
    );
    expect(readTcf(text, OURS)).toBe('allowed');
    for (const foreign of ['+', ' ', '\0', '=', 'é', '😀', '~']) {
      for (let i = 0; i <= text.length; i++) {
        const broken = text.slice(0, i) + foreign + text.slice(i + 1);
        expect(readTcf(broken, OURS), broken).toBe('unreadable');
      }
    }
  });

  it('empty segments, and bits behind the last field', () => {
    const text = tcf({});
    for (const broken of ['', '.', `.${text}`, `${text}.`, `${text}..YAAA`, `${text}AAAA`]) {
      expect(readTcf(broken, OURS), broken).toBe('unreadable');
    }
    expect(readTcf(base64url(`${coreBits({})}1`), OURS)).toBe('unreadable');
  });

  it('more than 4 KB', () => {
    const publisher = `.Y${'A'.repeat(4096)}`;
    const text = tcf({}) + publisher;
    expect(readTcf(text.slice(0, 4096), OURS)).toBe('allowed');
    expect(readTcf(text.slice(0, 4097), OURS)).toBe('unreadable');
  });
});
