import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEmail } from './normalise-email.ts';

describe('normaliseEmail', () => {
  it.each([
    ['Mail@Yandex.ru', 'mail@yandex.ru'],
    ['  person@example.com\t', 'person@example.com'],
    ['\ufeffperson@example.com\u200b', 'person@example.com'],
    ['user.name+NYC@Example.com', 'user.name+nyc@example.com'],
    ["o'hara@sub.example.co.uk", "o'hara@sub.example.co.uk"],
    ['ivan@Пример.рф', 'ivan@xn--e1afmkfd.xn--p1ai'],
  ])('reads %j as %s', (raw, email) => expect(normaliseEmail(raw)).toBe(email));

  it.each([
    '',
    '@example.com',
    'person@',
    'person@localhost',
    'person@1.2',
    'ivan petrov@mail.ru',
    'a@b.ru, c@d.ru',
    'a@b@c.ru',
    'Ivan <ivan@mail.ru>',
    'иван@mail.ru',
    '.a@b.ru',
    'a..b@c.ru',
    'a@-b.ru',
    'a@b..ru',
    `${'a'.repeat(65)}@b.ru`,
    `a@${'b.'.repeat(130)}ru`,
  ])('takes %j for no address', (raw) => expect(normaliseEmail(raw)).toBeNull());

  it('leaves its own results as they are, whatever surrounded the address', () => {
    const blank = fc.stringMatching(/^[ \t\u00a0\u200b]{0,3}$/);
    fc.assert(
      fc.property(fc.emailAddress(), blank, blank, (address, before, after) => {
        const email = normaliseEmail(before + address.toUpperCase() + after);
        expect(email).toBe(normaliseEmail(address));
        if (email !== null) expect(normaliseEmail(email)).toBe(email);
      }),
    );
  });

  it('reads a hostile text in time that grows with its length alone', () => {
    expect(normaliseEmail(`${'a.'.repeat(100_000)}@${'a-'.repeat(100_000)}`)).toBeNull();
  });
});
