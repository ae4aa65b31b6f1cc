/** Our own id of a browser, and that its owner wants none: what the sync keeps in cookies. */
import { HOPS_MAX, hopsOf } from './sync-query.ts';

export interface SyncCookies {
  /** '' when the browser has none, or none of ours. */
  readonly id: string;
  readonly optedOut: boolean;
  /** How often we have sent the browser to this exchange within HOP_LIFE_S. */
  readonly hops: number;
}

const DAY_S = 86_400;
/** From the last sync on. */
const ID_LIFE_S = 60 * DAY_S;
/** As long as browsers keep any cookie. */
const OPT_OUT_LIFE_S = 400 * DAY_S;
const HOP_LIFE_S = 30;
const HEADER_LENGTH_MAX = 16_384;
const ID = /^[A-Za-z0-9_-]{22}$/;
const OPTED_OUT = 'opted-out';
/** Sent with calls from the pages of others, as every sync is. */
const EVERYWHERE = 'Path=/; Secure; HttpOnly; SameSite=None';

/** `isHttps` of the public URL: browsers take the prefix, which no other host can fake, over https only. */
export function idCookieName(isHttps: boolean): string {
  return isHttps ? '__Host-rekindle' : 'rekindle';
}

export function readSyncCookies(header: string, idName: string, exchange: string): SyncCookies {
  const id = cookieOf(header, idName);
  return {
    id: ID.test(id) ? id : '',
    optedOut: id === OPTED_OUT,
    hops: hopsOf(cookieOf(header, hopName(exchange))),
  };
}

/** The value of a Set-Cookie header, as those below. */
export function idCookie(idName: string, id: string): string {
  return `${idName}=${id}; Max-Age=${ID_LIFE_S}; ${EVERYWHERE}`;
}

export function hopCookie(exchange: string, hops: number): string {
  return `${hopName(exchange)}=${Math.min(hops, HOPS_MAX)}; Max-Age=${HOP_LIFE_S}; ${EVERYWHERE}`;
}

export function optOutCookie(idName: string): string {
  return `${idName}=${OPTED_OUT}; Max-Age=${OPT_OUT_LIFE_S}; ${EVERYWHERE}`;
}

export function noCookie(idName: string): string {
  return `${idName}=; Max-Age=0; ${EVERYWHERE}`;
}

function hopName(exchange: string): string {
  return `rekindle_hop_${exchange}`;
}

/** The first of that name; '' for none, and for a header that no browser sends. */
function cookieOf(header: string, name: string): string {
  if (header.length > HEADER_LENGTH_MAX) return '';
  for (const part of header.split(';')) {
    const cut = part.indexOf('=');
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim();
  }
  return '';
}
