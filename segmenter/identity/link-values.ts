/** Values as links have them: one form for one mailbox or number, and none that strangers share. */
import type { CountryCode } from 'libphonenumber-js/max';
import { normaliseEmail } from './normalise-email.ts';
import { normalisePhone } from './normalise-phone.ts';
import { isPlaceholderEmail, isPlaceholderPhone } from './placeholder-values.ts';

/** Null for what is no address, and for one of a role or a blank. */
export function linkEmail(raw: string): string | null {
  const email = normaliseEmail(raw);
  return email === null || isPlaceholderEmail(email) ? null : email;
}

/** Null for what is no number, and for one that was made up. */
export function linkPhone(raw: string, region: CountryCode | null): string | null {
  const phone = normalisePhone(raw, region);
  return phone === null || isPlaceholderPhone(phone) ? null : phone;
}
