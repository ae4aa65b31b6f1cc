/** Names where what the auction sees is not what was sent: what is absent, dropped, cut, out of range. */
import { MICROS_PER_UNIT } from '../../proto/micros.ts';
import { DEVICE_KINDS } from '../../settings/workspace.ts';
import type { BannerPlacement, BidRequest, Deal, Imp } from '../auction/bid-request.ts';
import { decodeBanner } from './decode-banner.ts';
import { decodeImp } from './decode-imp.ts';
import { decodeAudioPlacement, decodeVideoPlacement } from './media-placement.ts';
import { decodeNativePlacement } from './native-request.ts';
import {
  finite,
  isObject,
  type JsonObject,
  list,
  object,
  present,
  text,
  texts,
  whole,
  wholes,
} from './read-values.ts';
import { shown, type ToleranceNotes } from './tolerance-notes.ts';

export function nameMade(
  read: JsonObject,
  request: BidRequest | null,
  notes: ToleranceNotes,
): void {
  if (request !== null) nameTopLevel(read, request, notes);
  nameImps(read, request, notes);
  if (request !== null) nameIdentities(read, request, notes);
}

function nameTopLevel(read: JsonObject, request: BidRequest, notes: ToleranceNotes): void {
  nameWhole('at', read['at'], request.auctionType, notes);
  if (present(read['tmax'])) nameWhole('tmax', read['tmax'], request.tmaxMs, notes);
  else notes.add('tmax', 'absent, the tmax_default of the exchange applies');
  if (present(read['cattax'])) {
    nameWhole('cattax', read['cattax'], request.categoryTaxonomy, notes);
  } else if (present(read['bcat']) || present(read['acat'])) {
    notes.add('cattax', 'absent, the taxonomy of the exchange applies');
  }
  if (present(read['cur'])) nameList('cur', read['cur'], request.currencies, notes);
  else notes.add('cur', 'absent, USD');
  nameList('bcat', read['bcat'], request.blockedCategories, notes);
  nameList('acat', read['acat'], request.allowedCategories, notes);
  nameList('badv', read['badv'], request.blockedDomains, notes);
  nameList('wseat', read['wseat'], request.allowedSeats, notes);
  nameList('bseat', read['bseat'], request.blockedSeats, notes);
  const languages = [...everyText(read['wlang']), ...everyText(read['wlangb'])];
  nameList('wlang and wlangb', languages, request.allowedLanguages, notes);
  nameText('site.domain', object(read['site'])['domain'], request.siteDomain, notes);
  nameText('app.bundle', object(read['app'])['bundle'], request.appBundle, notes);
  if (!present(object(read['device'])['devicetype'])) {
    const device = DEVICE_KINDS[request.device]!;
    notes.add('device.devicetype', `absent, ${device} by the user agent, an app or neither`);
  }
}

/** Conversions are named at the field: here are absence and numbers out of range. */
function nameWhole(path: string, value: unknown, made: number, notes: ToleranceNotes): void {
  if (!present(value)) notes.add(path, `absent, ${made} assumed`);
  else if (Math.trunc(finite(value)) !== made) {
    notes.add(path, `${shown(value)} cannot be meant, ${made} assumed`);
  }
}

export function nameText(path: string, value: unknown, made: string, notes: ToleranceNotes): void {
  const sent = text(value, Infinity);
  if (sent === made) return;
  notes.add(
    path,
    `${shown(sent)} ${made === '' ? 'is too long, ignored' : `read as ${shown(made)}`}`,
  );
}

function nameList(
  path: string,
  value: unknown,
  made: readonly string[],
  notes: ToleranceNotes,
): void {
  const sent = everyText(value);
  if (sent.length !== made.length) {
    notes.add(path, `${sent.length} entries, read as ${made.length}: ${shown(made)}`);
    return;
  }
  sent.forEach((entry, i) => {
    if (entry !== made[i]) notes.add(`${path}[${i}]`, `${shown(entry)} read as ${shown(made[i])}`);
  });
}

function everyText(value: unknown): readonly string[] {
  return texts(value, Infinity, Infinity);
}

function nameImps(read: JsonObject, request: BidRequest | null, notes: ToleranceNotes): void {
  const offered = list(read['imp'], Infinity);
  const device = object(read['device']);
  const auctionType = whole(read['at'], 1_000_000, 2);
  const seen = request === null ? offered.length : request.imps.length + request.dropped.length;
  for (let i = 0; i < seen; i++) {
    const imp = decodeImp(offered[i], device, auctionType);
    if (typeof imp === 'string') notes.add(`imp[${i}]`, `dropped, ${imp}`);
    else if (request !== null && !request.imps.some(({ id }) => id === imp.id)) {
      notes.add(`imp[${i}]`, `dropped, broken-imp: another has the id ${shown(imp.id)} too`);
    } else nameImp(`imp[${i}]`, { sent: object(offered[i]), device, imp }, notes);
  }
  if (seen < offered.length) notes.add('imp', `${offered.length} imps, the first ${seen} read`);
}

function nameImp(
  path: string,
  { sent, device, imp }: { sent: JsonObject; device: JsonObject; imp: Imp },
  notes: ToleranceNotes,
): void {
  nameFloor(`${path}.bidfloor`, sent['bidfloor'], imp.floorCpmMicros / MICROS_PER_UNIT, notes);
  if (!present(sent['bidfloorcur'])) notes.add(`${path}.bidfloorcur`, 'absent, USD');
  else nameText(`${path}.bidfloorcur`, sent['bidfloorcur'], imp.floorCurrency, notes);
  if (present(sent['exp'])) nameWhole(`${path}.exp`, sent['exp'], imp.expS, notes);
  nameDeals(`${path}.pmp.deals`, object(sent['pmp'])['deals'], imp.deals, notes);
  for (const kind of ['banner', 'native', 'video', 'audio'] as const) {
    if (!isObject(sent[kind])) continue;
    const made = DECODERS[kind](object(sent[kind]), sent, device);
    if (typeof made === 'string') notes.add(`${path}.${kind}`, `not bid on, ${made}`);
    else if (made.kind === 'banner') nameBanner(path, sent, made, notes);
  }
}

const DECODERS = {
  banner: decodeBanner,
  native: decodeNativePlacement,
  video: decodeVideoPlacement,
  audio: decodeAudioPlacement,
};

function nameBanner(path: string, sent: JsonObject, made: BannerPlacement, notes: ToleranceNotes) {
  if (finite(sent['instl']) === 1 && made.screen === null) {
    notes.add(`${path}.instl`, 'a full screen, but device.w and device.h do not say how large');
  }
  const banner = object(sent['banner']);
  const blocked = wholes(banner['battr'], Infinity, Infinity).length;
  if (blocked !== made.blockedAttributes.length) {
    notes.add(
      `${path}.banner.battr`,
      `${blocked} entries, read as ${shown(made.blockedAttributes)}`,
    );
  }
  nameSizes(`${path}.banner`, banner, made, notes);
}

/** Each that was sent and that nobody can bid for. */
function nameDeals(
  path: string,
  sent: unknown,
  made: readonly Deal[],
  notes: ToleranceNotes,
): void {
  const known = new Set(made.map(({ id }) => id));
  list(sent, Infinity).forEach((deal, i) => {
    const id = text(object(deal)['id'], Infinity);
    if (!known.delete(id)) notes.add(`${path}[${i}]`, 'not read: no id, broken, or one too many');
  });
}

function nameFloor(path: string, value: unknown, floor: number, notes: ToleranceNotes): void {
  if (!present(value)) notes.add(path, 'absent, 0 assumed');
  else if (finite(value) !== floor) {
    notes.add(path, `${shown(value)} read as ${floor}${floor > 0 ? ', rounded up to micros' : ''}`);
  }
}

function nameSizes(
  path: string,
  banner: JsonObject,
  made: BannerPlacement,
  notes: ToleranceNotes,
): void {
  if (made.sizes.length + made.shapes.length === 0) notes.add(path, 'says no size');
  const met = new Set<string>();
  list(banner['format'], Infinity).forEach((format, i) => {
    nameSize(`${path}.format[${i}]`, object(format), { made, met }, notes);
  });
  if (present(banner['w']) || present(banner['h'])) {
    nameSize(`${path}.w and h`, banner, { made, met }, notes);
  }
}

function nameSize(
  path: string,
  wire: JsonObject,
  { made, met }: { readonly made: BannerPlacement; readonly met: Set<string> },
  notes: ToleranceNotes,
): void {
  if (made.shapes.length > 0 && present(wire['wratio'])) return;
  const size = `${Math.trunc(finite(wire['w']))}x${Math.trunc(finite(wire['h']))}`;
  if (!made.sizes.some(({ w, h }) => `${w}x${h}` === size)) {
    notes.add(path, `${shown(wire['w'])} x ${shown(wire['h'])} says no size, ignored`);
  } else if (met.has(size)) notes.add(path, `${size} is listed already`);
  met.add(size);
}

/** Each that was sent and that the auction does not see, and why not when privacy is why. */
function nameIdentities(read: JsonObject, request: BidRequest, notes: ToleranceNotes): void {
  const made = new Set(request.identities.map(({ value }) => value));
  for (const { path, value } of identitiesIn(read)) {
    const sent = text(value, Infinity);
    if (sent === '') continue;
    const lower = sent.toLowerCase();
    if (request.privacy !== 'allowed') notes.add(path, `not read, privacy: ${request.privacy}`);
    else if (made.has(sent)) continue;
    else if (made.has(lower)) notes.add(path, `read as ${shown(lower)}`);
    else notes.add(path, 'no identity was made of it: names nobody, is too long, or one too many');
  }
}

function identitiesIn(read: JsonObject): { readonly path: string; readonly value: unknown }[] {
  const user = object(read['user']);
  const isNewer = present(user['eids']);
  const place = isNewer ? 'user.eids' : 'user.ext.eids';
  const eids = list(isNewer ? user['eids'] : object(user['ext'])['eids'], Infinity);
  return [
    { path: 'user.buyeruid', value: user['buyeruid'] },
    ...eids.flatMap((eid, i) =>
      list(object(eid)['uids'], Infinity).map((uid, k) => ({
        path: `${place}[${i}].uids[${k}].id`,
        value: object(uid)['id'],
      })),
    ),
    { path: 'device.ifa', value: object(read['device'])['ifa'] },
    { path: 'user.id', value: user['id'] },
  ];
}
