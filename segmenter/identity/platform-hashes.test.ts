import { describe, expect, it } from 'vitest';
import { normaliseEmail } from './normalise-email.ts';
import { normalisePhone } from './normalise-phone.ts';
import {
  emailForm,
  emailHash,
  PLATFORMS,
  type Platform,
  phoneForm,
  phoneHash,
} from './platform-hashes.ts';

/** Platforms' own documentation, for Meta that of Snap, which hashes the same; all recomputed by hand with md5sum and sha256sum. */
describe('published hashes', () => {
  it.each([
    ['yandex', 'Mail@Yandex.ru', '3c56ff8fef0f6c65b36b2d25720fe276'],
    ['yandex', 'example2@yandex.ru', '8d2b135ba9bd88fbfbd8ececb31196d1'],
    [
      'meta',
      'person@example.com',
      '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345',
    ],
    [
      'google',
      ' Cloudy.SanFrancisco+Shopping@Gmail.com',
      '223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4',
    ],
    [
      'google',
      'user.name+NYC@Example.com',
      'f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac',
    ],
  ] as const)('%s hashes the e-mail %s', (platform, raw, hash) =>
    expect(emailHash(platform, normaliseEmail(raw)!)).toBe(hash),
  );

  it.each([
    ['yandex', '+7 999 555-11-11', 'f09f2c3d48f31e2a802944ade2e5aec5'],
    ['yandex', '8 987 654-32-10', '5c5259938ed3e632bc5e3f94731090af'],
    ['yandex', '79012345678', '7cea6da797b7105aee4188b6731a9006'],
    [
      'meta',
      '+44 844 412 4653',
      'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383',
    ],
    [
      'google',
      '+1 (800) 555-0100',
      'fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30',
    ],
  ] as const)('%s hashes the phone %s', (platform, raw, hash) =>
    expect(phoneHash(platform, normalisePhone(raw, 'RU')!)).toBe(hash),
  );

  it('Meta hashes the number that Google hashes without its +', () => {
    expect(phoneHash('meta', '+18005550100')).toMatch(/^92cfdc5f/);
  });
});

describe('forms', () => {
  const forms = (form: (platform: Platform) => string) =>
    Object.fromEntries(PLATFORMS.map((platform) => [platform, form(platform)]));

  it('drops dots and notes at Gmail alone, and for Google alone', () => {
    const plain = 'a.b+c@gmail.com';
    expect(forms((platform) => emailForm(platform, plain))).toEqual({
      yandex: plain,
      google: 'ab@gmail.com',
      meta: plain,
    });
    expect(emailForm('google', 'a.b+c.d@googlemail.com')).toBe('ab@googlemail.com');
    expect(emailForm('google', 'a.b+c@mail.gmail.com')).toBe('a.b+c@mail.gmail.com');
    expect(emailForm('google', 'a.b+c@notgmail.com')).toBe('a.b+c@notgmail.com');
  });

  it('keeps the + of a number for Google alone', () => {
    expect(forms((platform) => phoneForm(platform, '+79995551111'))).toEqual({
      yandex: '79995551111',
      google: '+79995551111',
      meta: '79995551111',
    });
  });
});
