/**
 * The parsed JSON of OpenRTB 2.2 to 2.6 as one flat BidRequest. Total: whatever the values are, it
 * answers with a request or a reason, and reads each field it needs once. Where a field has an older
 * place in an `ext`, the newer place wins. A field that is read here stands in request-shape.ts.
 */
import type { BidRequest, DroppedImp, Imp, RawIdentity } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { UNREAD_PATH } from '../auction/supply-path.ts';
import { readCountry } from './country.ts';
import { decodeDsa } from './decode-dsa.ts';
import { decodeIdentities } from './decode-identities.ts';
import { decodeImp } from './decode-imp.ts';
import { decodeSupplyPath } from './decode-supply-path.ts';
import { domain } from './domain.ts';
import { BLOCKS_MAX, CURRENCIES_MAX, IMPS_MAX, LANGUAGES_MAX, SEATS_MAX } from './list-bounds.ts';
import { consentedVendors, privacyVerdict } from './privacy-gate.ts';
import {
  currency,
  finite,
  isCut,
  isObject,
  type JsonObject,
  list,
  mapped,
  object,
  sharesId,
  text,
  texts,
  trimmed,
  whole,
} from './read-values.ts';

const CATEGORY_LENGTH_MAX = 32;
const SEAT_LENGTH_MAX = 256;
const LANGUAGE_LENGTH_MAX = 35;
const TMAX_MS_MAX = 600_000;
const REQUEST_ID_LENGTH_MAX = 256;
const NO_IDENTITIES: readonly RawIdentity[] = Object.freeze([]);
const USD_ONLY: readonly string[] = Object.freeze(['USD']);
const DEVICE = { desktop: 0, phone: 1, tablet: 2, tv: 3, other: 4 } as const;
/** AdCOM device types 1..8 as DEVICE_KINDS ordinals. */
const DEVICE_OF_TYPE = [
  DEVICE.phone,
  DEVICE.desktop,
  DEVICE.tv,
  DEVICE.phone,
  DEVICE.tablet,
  DEVICE.other,
  DEVICE.tv,
  DEVICE.other,
];

/**
 * `exchange` names the space of user.id; `vendors` are those in whose name personal data may be read;
 * without `readsSupply` the supply path is UNREAD_PATH.
 */
export function normaliseRequest(
  wire: JsonObject,
  exchange: string,
  vendors: readonly number[],
  readsSupply: boolean,
): BidRequest | NoBidReason {
  const id = requestId(wire);
  if (id === '') return 'no-request-id';
  if (!Array.isArray(wire['imp']) || wire['imp'].length === 0) return 'no-imp';
  if (blockListTooLong(wire)) return 'block-list-too-long';
  const device = object(wire['device']);
  const imps: Imp[] = [];
  const dropped: DroppedImp[] = [];
  const auctionType = whole(wire['at'], 1_000_000, 2);
  decodeImps(wire['imp'], { device, auctionType }, { imps, dropped });
  if (imps.length === 0) return dropped[0]?.reason ?? 'no-imp';
  const user = object(wire['user']);
  const here = readCountry(object(device['geo'])['country']);
  const home = readCountry(object(user['geo'])['country']);
  const isPublic = isObject(wire['dooh']);
  const signals = { regs: object(wire['regs']), user, device, here, home, isPublic };
  const consented = consentedVendors(signals, vendors);
  const privacy = privacyVerdict(signals, consented);
  const siteDomain = domain(text(object(wire['site'])['domain'], 253));
  // One literal: objects spread into another are copied field by field.
  return {
    id,
    imps,
    dropped,
    country: here || home || '',
    device: deviceKind(device, isObject(wire['app'])),
    siteDomain,
    appBundle: text(object(wire['app'])['bundle'], 256),
    supply: readsSupply ? decodeSupplyPath(wire, siteDomain) : UNREAD_PATH,
    currencies: currencies(wire['cur']),
    blockedCategories: names(wire['bcat'], BLOCKS_MAX, CATEGORY_LENGTH_MAX),
    allowedCategories: names(wire['acat'], BLOCKS_MAX, CATEGORY_LENGTH_MAX),
    categoryTaxonomy: whole(wire['cattax'], 1000, 0),
    blockedDomains: domains(wire['badv']),
    allowedLanguages: languages(wire),
    allowedSeats: names(wire['wseat'], SEATS_MAX, SEAT_LENGTH_MAX),
    blockedSeats: names(wire['bseat'], BLOCKS_MAX, SEAT_LENGTH_MAX),
    dsa: decodeDsa(object(signals.regs['ext'])['dsa']),
    test: finite(wire['test']) === 1,
    tmaxMs: whole(wire['tmax'], TMAX_MS_MAX, 0),
    auctionType,
    privacy,
    consented,
    identities: privacy === 'allowed' ? decodeIdentities(user, device, exchange) : NO_IDENTITIES,
  };
}

/** '' when there is none. */
export function requestId(wire: JsonObject): string {
  return text(wire['id'], REQUEST_ID_LENGTH_MAX);
}

function decodeImps(
  wire: unknown,
  { device, auctionType }: { readonly device: JsonObject; readonly auctionType: number },
  { imps, dropped }: { readonly imps: Imp[]; readonly dropped: DroppedImp[] },
): void {
  const offered = list(wire, IMPS_MAX);
  for (let i = 0; i < offered.length; i++) {
    const imp = decodeImp(offered[i], device, auctionType);
    if (typeof imp === 'string') {
      dropped.push({ id: text(object(offered[i])['id'], Infinity), reason: imp });
    } else if (sharesId(offered, i, imp.id)) {
      // None of them is answered.
      dropped.push({ id: imp.id, reason: 'broken-imp' });
    } else imps.push(imp);
  }
}

function blockListTooLong(wire: JsonObject): boolean {
  return (
    isCut(wire['bcat'], BLOCKS_MAX) ||
    isCut(wire['badv'], BLOCKS_MAX) ||
    isCut(wire['acat'], BLOCKS_MAX) ||
    isCut(wire['bseat'], BLOCKS_MAX)
  );
}

function currencies(value: unknown): readonly string[] {
  const codes = texts(value, CURRENCIES_MAX, 3);
  return codes.length === 0 ? USD_ONLY : mapped(codes, currency);
}

/** The standard wants one of the two fields: whoever sends both allows what either names. */
function languages(wire: JsonObject): readonly string[] {
  const codes = texts(wire['wlang'], LANGUAGES_MAX, LANGUAGE_LENGTH_MAX);
  const tags = texts(wire['wlangb'], LANGUAGES_MAX, LANGUAGE_LENGTH_MAX);
  return tags.length === 0 ? codes : codes.concat(tags);
}

/** They are compared to the letter, and lists written by hand have blanks. */
function names(value: unknown, countMax: number, lengthMax: number): readonly string[] {
  const sent = texts(value, countMax, lengthMax);
  for (let i = 0; i < sent.length; i++) if (trimmed(sent[i]!) !== sent[i]) return sent.map(trimmed);
  return sent;
}

function domains(value: unknown): readonly string[] {
  return mapped(texts(value, BLOCKS_MAX, 253), domain);
}

function deviceKind(device: JsonObject, inApp: boolean): number {
  const type = whole(device['devicetype'], DEVICE_OF_TYPE.length, 0);
  if (type > 0) return DEVICE_OF_TYPE[type - 1]!;
  const agent = text(device['ua'], 2048);
  if (agent.includes('iPad') || agent.includes('Tablet')) return DEVICE.tablet;
  if (agent.includes('Mobi') || inApp) return DEVICE.phone;
  return agent === '' ? DEVICE.other : DEVICE.desktop;
}
