/**
 * Decides whether identifiers may be read (promise 7), and in whose name. Default deny: a signal that
 * is there and cannot be read forbids. Where consent is asked for, a TC string or a GPP section has to
 * give it, to each vendor on its own.
 */

import { readGpp } from '../../privacy/gpp.ts';
import { readTcf } from '../../privacy/tcf.ts';
import type { PrivacyVerdict } from '../auction/bid-request.ts';
import { needsConsent } from './country.ts';
import { GPP_SECTIONS_MAX } from './list-bounds.ts';
import { finite, type JsonObject, list, object, present } from './read-values.ts';

const US_PRIVACY = /^1[YN-]{3}$/i;
/** Sections of a GPP string that name vendors: Europe's and Canada's consents. */
const GPP_EUROPE = 2;
const GPP_CANADA = 5;
/** For sections that name none. */
const NO_VENDOR = 0;
const NOBODY: readonly number[] = Object.freeze([]);
const NO_SECTIONS: readonly number[] = Object.freeze([]);

/** What the gate needs of a request; every field may be anything. */
export interface PrivacySignals {
  readonly regs: JsonObject;
  readonly user: JsonObject;
  readonly device: JsonObject;
  /** Countries as readCountry has them, of the device and of the user. */
  readonly here: string | null;
  readonly home: string | null;
  /** A screen before a crowd (`dooh`): whatever names somebody there is nobody who looks at it. */
  readonly isPublic: boolean;
}

/** Which of the vendors have the person's consent, null where it is not asked for. */
export function consentedVendors(
  signals: PrivacySignals,
  vendors: readonly number[],
): readonly number[] | null {
  const { regs, user } = signals;
  const sections = gppSections(regs);
  const europe = europeAsks(signals, sections);
  if (!europe && !sections.includes(GPP_CANADA)) return null;
  const consent = consentString(user);
  // Without a TC string of its own the request has to bring one within the GPP string.
  if (europe && consent === '' && !sections.includes(GPP_EUROPE)) return NOBODY;
  return vendors.filter(
    (vendor) =>
      (consent === '' || readTcf(consent, vendor) === 'allowed') &&
      byGpp(regs, sections, vendor) === null,
  );
}

/** `consented` as consentedVendors has them. */
export function privacyVerdict(
  signals: PrivacySignals,
  consented: readonly number[] | null,
): PrivacyVerdict {
  const { regs, device, here, home, isPublic } = signals;
  const regsExt = object(regs['ext']);
  return (
    (isPublic ? 'public-screen' : null) ??
    byFlag(regs['coppa'], 'coppa') ??
    byFlag(device['lmt'], 'limit-ad-tracking') ??
    byFlag(device['dnt'], 'do-not-track') ??
    (isUnreadable(gdprFlag(regs)) || here === null || home === null ? 'unreadable-signal' : null) ??
    (consented?.length === 0 ? withoutConsent(signals) : null) ??
    byUsPrivacy(regs['us_privacy'] ?? regsExt['us_privacy']) ??
    (consented === null ? byGpp(regs, gppSections(regs), NO_VENDOR) : null) ??
    byFlag(regs['gpc'] ?? regsExt['gpc'], 'global-privacy-control') ??
    'allowed'
  );
}

/** Apple's tracking permission: 0 undetermined, 1 restricted, 2 denied, 3 authorised. */
export function mayReadIfa(device: JsonObject): boolean {
  const atts = object(device['ext'])['atts'];
  return !present(atts) || finite(atts) === 3;
}

function europeAsks({ regs, here, home }: PrivacySignals, sections: readonly number[]): boolean {
  if (finite(gdprFlag(regs)) === 1 || sections.includes(GPP_EUROPE)) return true;
  return (here !== null && needsConsent(here)) || (home !== null && needsConsent(home));
}

/** The reason when nobody has consent: whose law asked for it. */
function withoutConsent(signals: PrivacySignals): PrivacyVerdict {
  return europeAsks(signals, gppSections(signals.regs)) ? 'gdpr' : 'gpp';
}

function gdprFlag(regs: JsonObject): unknown {
  return regs['gdpr'] ?? object(regs['ext'])['gdpr'];
}

function consentString(user: JsonObject): string {
  const consent = user['consent'] ?? object(user['ext'])['consent'];
  return typeof consent === 'string' ? consent : '';
}

function gppSections(regs: JsonObject): readonly number[] {
  const sent = regs['gpp_sid'] ?? object(regs['ext'])['gpp_sid'];
  // One more than a GPP string may have, so that too many are told from enough.
  const sections = list(sent, GPP_SECTIONS_MAX + 1);
  return sections.length === 0 ? NO_SECTIONS : sections.map(finite);
}

function byGpp(
  regs: JsonObject,
  sections: readonly number[],
  vendor: number,
): PrivacyVerdict | null {
  const gpp = regs['gpp'] ?? object(regs['ext'])['gpp'];
  const isAbsent = !present(gpp) || gpp === '';
  if (isAbsent && sections.length === 0) return null;
  const verdict = readGpp(typeof gpp === 'string' ? gpp : '', sections, vendor);
  if (verdict === 'allowed') return null;
  return verdict === 'denied' ? 'gpp' : 'unreadable-signal';
}

function byFlag(value: unknown, verdict: PrivacyVerdict): PrivacyVerdict | null {
  if (!present(value) || value === '') return null;
  if (isUnreadable(value)) return 'unreadable-signal';
  return finite(value) === 1 ? verdict : null;
}

function isUnreadable(flag: unknown): boolean {
  if (!present(flag) || flag === '') return false;
  const value = finite(flag);
  return value !== 0 && value !== 1;
}

function byUsPrivacy(value: unknown): PrivacyVerdict | null {
  if (!present(value) || value === '') return null;
  if (value === '1YNN' || value === '1---') return null;
  if (typeof value !== 'string' || !US_PRIVACY.test(value)) return 'unreadable-signal';
  return value[2] === 'Y' || value[2] === 'y' ? 'us-privacy' : null;
}
