/** The consent strings of the Transparency and Consent Framework: Europe's, and Canada's in a GPP string. */
import { type BitCursor, CONSENT_LENGTH_MAX, openSegments } from './bit-cursor.ts';
import { type ConsentFormat, consentVerdict, purposeBits } from './consent-string.ts';
import type { ConsentVerdict } from './consent-verdict.ts';

/**
 * A profile (3) that chooses an ad (4) needs consent since TCF 2.2, as does storage (1) always; showing
 * (2) and measuring (7) ads may rest on legitimate interest.
 */
const EUROPE: ConsentFormat = {
  version: 2,
  coding: 'fixed',
  flagsBits: 14,
  publisherBits: 13,
  neededPurposes: purposeBits(1, 2, 3, 4, 7),
  interestPurposes: purposeBits(2, 7),
  // TCF 2.3, which is policy version 5: without disclosed vendors no string made after February 2026 is valid.
  disclosureSince: { policyVersion: 5, createdDeciseconds: Date.UTC(2026, 2, 1) / 100 },
  mayLackRestrictions: false,
};

/**
 * Consent is called express there, and legitimate interest implied consent, which would do for
 * profiles too: we ask as much as in Europe. Canada does not use purpose 1.
 */
const CANADA: ConsentFormat = {
  version: 1,
  coding: 'fibonacci-exact',
  flagsBits: 13,
  publisherBits: 0,
  neededPurposes: purposeBits(2, 3, 4, 7),
  interestPurposes: purposeBits(2, 7),
  disclosureSince: null,
  mayLackRestrictions: true,
};

/** As encoders wrote it until 2026 against the specification, and many still do. */
const CANADA_FIXED: ConsentFormat = { ...CANADA, coding: 'fixed-exact' };

/** What a TC string of version 2 says of a vendor: its purposes, restrictions and disclosure. */
export function readTcf(text: string, vendorId: number): ConsentVerdict {
  if (text.length > CONSENT_LENGTH_MAX) return 'unreadable';
  return europeanVerdict(openSegments(text, 0, text.length), vendorId);
}

/** The same in part of a text, at whose first segment the cursor is. */
export function europeanVerdict(cursor: BitCursor, vendorId: number): ConsentVerdict {
  return consentVerdict(cursor, vendorId, EUROPE);
}

export function canadianVerdict(cursor: BitCursor, vendorId: number): ConsentVerdict {
  const again = { ...cursor };
  const verdict = consentVerdict(cursor, vendorId, CANADA);
  return verdict === 'unreadable' ? consentVerdict(again, vendorId, CANADA_FIXED) : verdict;
}
