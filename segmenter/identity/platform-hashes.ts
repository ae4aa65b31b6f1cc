/**
 * One e-mail or phone as every platform wants to have it hashed: the same person has another text,
 * and so another hash, at each (reference: Yandex Metrica and Audience, Google Data Manager, Meta
 * Conversions API). Values come from normaliseEmail() and normalisePhone().
 */
import { createHash } from 'node:crypto';

export const PLATFORMS = ['yandex', 'google', 'meta'] as const;
export type Platform = (typeof PLATFORMS)[number];

const ALGORITHMS: Readonly<Record<Platform, 'md5' | 'sha256'>> = {
  yandex: 'md5',
  google: 'sha256',
  meta: 'sha256',
};

/** At gmail.com alone dots mean nothing and + begins a note; elsewhere both are other mailboxes. */
const GMAIL = /@(?:gmail|googlemail)\.com$/;

/** The text that the platform hashes. */
export function emailForm(platform: Platform, email: string): string {
  if (platform !== 'google' || !GMAIL.test(email)) return email;
  const at = email.lastIndexOf('@');
  const plus = email.indexOf('+');
  const local = email.slice(0, plus === -1 ? at : plus);
  return local.replaceAll('.', '') + email.slice(at);
}

/** The text that the platform hashes, of a number in E.164: Google alone keeps the +. */
export function phoneForm(platform: Platform, phone: string): string {
  return platform === 'google' ? phone : phone.slice(1);
}

/** Lower-case hexadecimal digits: 32 of MD5 for Yandex, 64 of SHA-256 for the others. */
export function emailHash(platform: Platform, email: string): string {
  return hexHash(ALGORITHMS[platform], emailForm(platform, email));
}

/** As emailHash(), of a number in E.164. */
export function phoneHash(platform: Platform, phone: string): string {
  return hexHash(ALGORITHMS[platform], phoneForm(platform, phone));
}

function hexHash(algorithm: 'md5' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
