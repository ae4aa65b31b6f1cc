import { describe, expect, it } from 'vitest';
import { normaliseEmail } from './normalise-email.ts';
import { isPlaceholderEmail, isPlaceholderId, isPlaceholderPhone } from './placeholder-values.ts';

describe('placeholders', () => {
  it.each([
    ...['noreply@shop.ru', 'no-reply@shop.ru', 'test@gmail.com', 'test12@gmail.com', 'info@x.com'],
    ...['aaa@mail.ru', '000@mail.ru', '123@mail.ru', '1234567890@mail.ru', 'qwerty@mail.ru'],
    ...['ivan@test.ru', 'ivan@nomail.com', 'ivan@shop.invalid', 'ivan@pos.local'],
  ])('%s is nobody’s own address', (email) => {
    expect(normaliseEmail(email)).toBe(email);
    expect(isPlaceholderEmail(email)).toBe(true);
  });

  it.each([
    ...['person@example.com', 'robert255@smith.net', 'anna@mail.ru', 'testov@mail.ru'],
    ...['aa@mail.ru', '124@mail.ru', 'infanta@x.com', 'ivan@contest.ru', 'ivan@testing.com'],
  ])('%s may be somebody’s', (email) => expect(isPlaceholderEmail(email)).toBe(false));

  it('knows numbers that were made up', () => {
    for (const phone of ['70000000000', '+79999999999', '+79000000000', '+79991234567']) {
      expect(isPlaceholderPhone(phone), phone).toBe(true);
    }
    for (const phone of ['+79995551111', '+79876543210', '+79012345678', '+18005550100']) {
      expect(isPlaceholderPhone(phone), phone).toBe(false);
    }
  });

  it('knows identifiers of nobody', () => {
    for (const id of ['', '0', '00000000-0000-0000-0000-000000000000', 'null', '{{IDFA}}']) {
      expect(isPlaceholderId(id), id).toBe(true);
    }
    expect(isPlaceholderId('11111')).toBe(true);
    expect(isPlaceholderId('77')).toBe(false);
    expect(isPlaceholderId('a1b2c3')).toBe(false);
  });
});
