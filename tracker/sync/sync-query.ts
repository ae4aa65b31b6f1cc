/** Parameters of a sync URL. Foreign ones are ignored. */
import { namesNobody } from '../../proto/identity-value.ts';

export interface SyncQuery {
  /** The exchange's id of the browser; '' when it is ours to begin. */
  readonly uid: string;
  /** Where the exchange wants the browser next; '' is nowhere. */
  readonly redir: string;
  /** How often we have sent this browser on already. */
  readonly hop: number;
  readonly gdpr: string;
  readonly gdpr_consent: string;
  readonly us_privacy: string;
  readonly gpp: string;
  readonly gpp_sid: string;
  readonly coppa: string;
}

/** A browser is sent on so often and then gets its pixel. */
export const HOPS_MAX = 5;
const QUERY_LENGTH_MAX = 16_384;
const NAMES = [
  'uid',
  'redir',
  'hop',
  'gdpr',
  'gdpr_consent',
  'us_privacy',
  'gpp',
  'gpp_sid',
  'coppa',
] as const;
type Name = (typeof NAMES)[number];
const UID = /^[\x21-\x7e]{1,256}$/;

/**
 * Reads the query without its question mark. Null when it is too long, has one of ours twice, cannot
 * be decoded, or names nobody: it is unknown then what was meant, and whose consent it brings.
 */
export function parseSyncQuery(query: string): SyncQuery | null {
  const found = query.length <= QUERY_LENGTH_MAX ? parameters(query) : null;
  if (found === null) return null;
  const text = (name: Name): string => found.get(name) ?? '';
  const uid = text('uid');
  if (found.has('uid') && (!UID.test(uid) || namesNobody(uid))) return null;
  return {
    uid,
    redir: text('redir'),
    hop: hopsOf(text('hop')),
    gdpr: text('gdpr'),
    gdpr_consent: text('gdpr_consent'),
    us_privacy: text('us_privacy'),
    gpp: text('gpp'),
    gpp_sid: text('gpp_sid'),
    coppa: text('coppa'),
  };
}

function parameters(query: string): Map<Name, string> | null {
  const found = new Map<Name, string>();
  for (const part of query.split('&')) {
    const cut = part.indexOf('=');
    const name = cut < 0 ? part : part.slice(0, cut);
    if (!isName(name)) continue;
    const value = decoded(cut < 0 ? '' : part.slice(cut + 1));
    if (value === null || found.has(name)) return null;
    found.set(name, value);
  }
  return found;
}

/** 0 for none; the most there may be for what cannot be read. */
export function hopsOf(text: string): number {
  if (text === '') return 0;
  return /^\d$/.test(text) ? Math.min(Number(text), HOPS_MAX) : HOPS_MAX;
}

function isName(text: string): text is Name {
  return (NAMES as readonly string[]).includes(text);
}

function decoded(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
