import type { NoBidReason } from '../auction/no-bid-reason.ts';

/** OpenRTB no-bid reason codes (AdCOM "No-Bid Reason Codes"); 0 is unknown. */
const NBR: Readonly<Partial<Record<NoBidReason, number>>> = {
  'coding-not-accepted': 2,
  'gzip-unreadable': 2,
  'unpacked-too-large': 2,
  unreadable: 2,
  'too-deep': 2,
  'too-many-values': 2,
  'not-an-object': 2,
  'no-request-id': 2,
  'no-imp': 2,
  'broken-imp': 2,
  'unmatched-user': 8,
  'user-cap-met': 9,
  'ads-txt-unavailable': 11,
  'ads-txt-violation': 12,
  'schain-incomplete': 16,
  'schain-blocked': 17,
  'too-late': 15,
  'store-late': 15,
  'technical-error': 1,
  'event-log-full': 1,
  overloaded: 1,
};

/** The standard's code for one of our reasons. */
export function nbrOf(reason: NoBidReason): number {
  return NBR[reason] ?? 0;
}
