/**
 * Decides whether identifiers may be read at all (promise 7). Default deny: a signal that is there
 * and cannot be read forbids. TCF and GPP strings are not read yet, so where they rule, no.
 */
import type { PrivacyVerdict } from '../auction/bid-request.ts';
import { needsConsent } from './country.ts';
import { finite, type JsonObject, object, present } from './read-values.ts';

const US_PRIVACY = /^1[YN-]{3}$/i;

/** What the gate needs of a request; every field may be anything. */
export interface PrivacySignals {
  readonly regs: JsonObject;
  readonly device: JsonObject;
  /** Countries as readCountry has them, of the device and of the user. */
  readonly here: string | null;
  readonly home: string | null;
}

export function privacyVerdict({ regs, device, here, home }: PrivacySignals): PrivacyVerdict {
  const regsExt = object(regs['ext']);
  return (
    byFlag(regs['coppa'], 'coppa') ??
    byFlag(device['lmt'], 'limit-ad-tracking') ??
    byFlag(device['dnt'], 'do-not-track') ??
    byFlag(regs['gdpr'] ?? regsExt['gdpr'], 'gdpr') ??
    byCountry(here, home) ??
    byUsPrivacy(regs['us_privacy'] ?? regsExt['us_privacy']) ??
    byGpp(regs, regsExt) ??
    byFlag(regs['gpc'] ?? regsExt['gpc'], 'global-privacy-control') ??
    'allowed'
  );
}

/** Apple's tracking permission: 0 undetermined, 1 restricted, 2 denied, 3 authorised. */
export function mayReadIfa(device: JsonObject): boolean {
  const atts = object(device['ext'])['atts'];
  return !present(atts) || finite(atts) === 3;
}

function byFlag(value: unknown, verdict: PrivacyVerdict): PrivacyVerdict | null {
  if (!present(value) || value === '') return null;
  const flag = finite(value);
  if (flag === 0) return null;
  return flag === 1 ? verdict : 'unreadable-signal';
}

function byCountry(here: string | null, home: string | null): PrivacyVerdict | null {
  if (here === null || home === null) return 'unreadable-signal';
  return needsConsent(here) || needsConsent(home) ? 'gdpr' : null;
}

function byUsPrivacy(value: unknown): PrivacyVerdict | null {
  if (!present(value) || value === '') return null;
  if (value === '1YNN' || value === '1---') return null;
  if (typeof value !== 'string' || !US_PRIVACY.test(value)) return 'unreadable-signal';
  return value[2] === 'Y' || value[2] === 'y' ? 'us-privacy' : null;
}

function byGpp(regs: JsonObject, regsExt: JsonObject): PrivacyVerdict | null {
  const gpp = regs['gpp'] ?? regsExt['gpp'];
  const sections = regs['gpp_sid'] ?? regsExt['gpp_sid'];
  if (present(gpp) && gpp !== '') return 'gpp';
  const none = !present(sections) || (Array.isArray(sections) && sections.length === 0);
  return none ? null : 'gpp';
}
