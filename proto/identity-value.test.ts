import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmailHash, namesNobody } from './identity-value.ts';

describe('names nobody', () => {
  it.each([
    '',
    '0',
    '-',
    '00000000-0000-0000-0000-000000000000',
    'null',
    'NULL',
    'undefined',
    'Unknown',
    'none',
    'n/a',
    '-1',
    '(null)',
    '{{ADVERTISING_ID}}',
    '[IDFA]',
    '${UID}',
    '$UID',
    '%%ADVERTISING_IDENTIFIER%%',
    '<no value>',
  ])('%j', (value) => expect(namesNobody(value)).toBe(true));

  it.each(['7', '0a', '-a', 'b', 'nullable', '00000000-0000-0000-0000-000000000001', 'CAESEH'])(
    'but %j may be somebody',
    (value) => expect(namesNobody(value)).toBe(false),
  );
});

it('knows the hash of an e-mail from other text', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (text) => {
      expect(isEmailHash(hash(text))).toBe(true);
      expect(isEmailHash(hash(text).toUpperCase())).toBe(/^\d+$/.test(hash(text)));
      expect(isEmailHash(hash(text).slice(1))).toBe(false);
    }),
    { numRuns: 50 },
  );
  expect(isEmailHash(hash(''))).toBe(false);
});
