/** E-mail addresses as people type them, in the one form that links and platforms' hashes begin with. */
import { domainToASCII } from 'node:url';

/** RFC 5321 §4.5.3.1, and §4.5.3.1.3 without the brackets of a path. */
const LOCAL_CHARS_MAX = 64;
const ADDRESS_CHARS_MAX = 254;
/** What mail providers let people choose: a quoted local part is read as a mistake. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;
/** Marks without a width that copies from documents and messengers bring along. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/**
 * The address in lower case without what surrounds it, an international domain as ASCII; null for
 * what is no single address. White space within is not removed: "ivan petrov@mail.ru" may be two
 * words or two people. A local part in other letters than Latin is mostly one wrong key, and no
 * platform takes it.
 */
export function normaliseEmail(raw: string): string | null {
  const text = raw.replace(INVISIBLE, '').trim().toLowerCase();
  const at = text.lastIndexOf('@');
  if (at < 1 || at > LOCAL_CHARS_MAX || text.length > ADDRESS_CHARS_MAX) return null;
  const local = text.slice(0, at);
  const domain = asciiDomain(text.slice(at + 1));
  return LOCAL.test(local) && DOMAIN.test(domain) ? `${local}@${domain}` : null;
}

/** domainToASCII() reads 1.2 as an address of IPv4, so it is asked only for what needs it. */
function asciiDomain(domain: string): string {
  return isAscii(domain) ? domain : domainToASCII(domain);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
