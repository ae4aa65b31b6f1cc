/**
 * For which shops a browser may be given an id and be remembered (promise 7). A sync knows no country,
 * so without any signal nothing is known and nothing is kept. The strings are read as those of a bid
 * request are, and asked for the same: purpose 1, storage, and those of the ads that the id is for.
 */
import { openSegments } from '../../privacy/bit-cursor.ts';
import { readGpp } from '../../privacy/gpp.ts';
import { readTcf } from '../../privacy/tcf.ts';
import { usPrivacyVerdict } from '../../privacy/us-privacy.ts';
import type { ShopSettings } from '../../settings/workspace.ts';
import type { SyncQuery } from './sync-query.ts';

export type SyncShop = Pick<ShopSettings, 'shop' | 'consentVendor'>;

/** What says whether a browser may be remembered: of the query, and what its owner had it say. */
export type SyncSignals = Pick<
  SyncQuery,
  'gdpr' | 'gdpr_consent' | 'us_privacy' | 'gpp' | 'gpp_sid' | 'coppa'
> & {
  /** Sec-GPC, Global Privacy Control. */
  readonly gpc: string;
  readonly dnt: string;
};

const NOBODY: readonly string[] = [];
/** Sections of a GPP string that name vendors: Europe's and Canada's consents. */
const GPP_EUROPE = 2;
const GPP_CANADA = 5;
/** For sections that name none; no string gives it consent. */
const NO_VENDOR = 0;
const SECTIONS = /^-?\d{1,4}([,_]-?\d{1,4}){0,63}$/;

/** The names of the shops that may; none when a signal forbids, cannot be read, or none is there. */
export function shopsThatMaySync(
  signals: SyncSignals,
  shops: Iterable<SyncShop>,
): readonly string[] {
  const sections = gppSections(signals.gpp_sid);
  if (sections === null || forbids(signals)) return NOBODY;
  const europe = signals.gdpr === '1' || sections.includes(GPP_EUROPE);
  if (!(europe || sections.includes(GPP_CANADA))) {
    return isSilent(signals, sections) || !gppAllows(signals, sections, NO_VENDOR)
      ? NOBODY
      : [...shops].map(({ shop }) => shop);
  }
  // Without a TC string of its own a sync has to bring one within the GPP string.
  if (europe && signals.gdpr_consent === '' && !sections.includes(GPP_EUROPE)) return NOBODY;
  return [...shops]
    .filter(({ consentVendor }) => consents(signals, sections, consentVendor))
    .map(({ shop }) => shop);
}

/** Null when it cannot be read. */
function gppSections(text: string): readonly number[] | null {
  if (text === '') return [];
  return SECTIONS.test(text) ? text.split(/[,_]/).map(Number) : null;
}

function forbids(signals: SyncSignals): boolean {
  const { gdpr, coppa, us_privacy: usPrivacy } = signals;
  if (!['', '0', '1'].includes(gdpr) || !['', '0'].includes(coppa)) return true;
  if (signals.gpc === '1' || signals.dnt === '1') return true;
  if (usPrivacy === '') return false;
  return usPrivacyVerdict(openSegments(usPrivacy, 0, usPrivacy.length)) !== 'allowed';
}

/** Whether nobody has said which law applies. */
function isSilent(signals: SyncSignals, sections: readonly number[]): boolean {
  return signals.gdpr === '' && signals.us_privacy === '' && sections.length === 0;
}

function consents(signals: SyncSignals, sections: readonly number[], vendor: number): boolean {
  const { gdpr_consent: consent } = signals;
  if (consent !== '' && readTcf(consent, vendor) !== 'allowed') return false;
  return gppAllows(signals, sections, vendor);
}

function gppAllows({ gpp }: SyncSignals, sections: readonly number[], vendor: number): boolean {
  if (gpp === '' && sections.length === 0) return true;
  return readGpp(gpp, sections, vendor) === 'allowed';
}
