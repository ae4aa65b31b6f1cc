/** One bid against the request and the imp that it names: OpenRTB 2.6 sections 3.2 and 4.2.3. */
import { domainToASCII } from 'node:url';
import { floor } from './floor-violations.ts';
import { markupLanguage, markupViolations } from './markup-violations.ts';
import { mediaViolations } from './media-violations.ts';
import { nativeViolations } from './native-violations.ts';
import {
  AUDIO,
  BANNER,
  dealOf,
  mediaOf,
  mediaTypesOf,
  NATIVE,
  type Offer,
  typeOf,
  VIDEO,
} from './offer.ts';
import { linkFaults } from './text-faults.ts';
import { items, type Json, json, number, numbers, text, texts } from './wire-json.ts';

type Rule = (offer: Offer) => string[];

const RULES: readonly Rule[] = [
  missingFields,
  format,
  priceForm,
  deal,
  floor,
  size,
  noSize,
  links,
  markupThere,
  attributes,
  categories,
  advertiser,
  bundle,
  language,
  expiry,
  transparency,
];

const CONTENT_1_0 = 1;
const CRID_BYTES_MAX = 128;
const DSA_DEMANDED = 2;
const DSA_TEXT_MAX = 100;
/** URLs that an exchange loads, or has loaded. */
const LINKS = ['nurl', 'burl', 'lurl', 'iurl'];

/** What only bids of one markup type can break. */
const RULES_OF_TYPE: Readonly<Record<number, Rule>> = {
  [BANNER]: markupViolations,
  [VIDEO]: mediaViolations,
  [AUDIO]: mediaViolations,
  [NATIVE]: nativeViolations,
};

export function bidViolations(offer: Offer): string[] {
  const found = RULES.flatMap((rule) => rule(offer));
  const type = typeOf(offer);
  const isOffered = mediaTypesOf(offer.imp).includes(type);
  return isOffered ? [...found, ...RULES_OF_TYPE[type]!(offer)] : found;
}

/** The standard demands the first three; exchanges drop bids without the others. */
function missingFields({ bid }: Offer): string[] {
  const needed = ['id', 'impid', 'price', 'crid', 'cid', 'adomain', 'mtype'];
  const missing = needed.filter((name) => {
    const value = bid[name];
    return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  });
  if (Buffer.byteLength(text(bid['crid'])) > CRID_BYTES_MAX) missing.push('a short crid');
  return missing.map((name) => `field-missing: ${name}`);
}

function format(offer: Offer): string[] {
  const type = typeOf(offer);
  return mediaTypesOf(offer.imp).includes(type) ? [] : [`media-not-offered: mtype ${type}`];
}

function priceForm({ bid }: Offer): string[] {
  const price = number(bid['price']);
  if (!(price > 0)) return [`price-not-positive: ${bid['price']}`];
  return Number(price.toFixed(6)) === price ? [] : [`price-digits: ${price}`];
}

function deal(offer: Offer): string[] {
  const { imp, bid, seat } = offer;
  const pmp = json(imp['pmp']);
  const id = text(bid['dealid']);
  if (id === '') return number(pmp['private_auction']) === 1 ? ['deal-missing'] : [];
  const found = dealOf(offer);
  if (found === undefined) return [`deal-unknown: ${id}`];
  const faults: string[] = [];
  const seats = texts(found['wseat']);
  if (seats.length > 0 && !seats.includes(seat)) faults.push(`deal-seat: ${seat}`);
  const domains = texts(found['wadomain']).map(domain);
  const own = texts(bid['adomain']).map(domain);
  if (domains.length > 0 && !own.every((name) => domains.some((other) => isUnder(name, other)))) {
    faults.push(`deal-advertiser: ${own.join(', ')}`);
  }
  return faults;
}

interface Box {
  readonly w: number;
  readonly h: number;
}

const box = (value: Json): Box => ({ w: number(value['w']), h: number(value['h']) });

/** Nothing, 0 and 1 by 1 say nothing. */
const says = ({ w, h }: Box) => w > 1 && h > 1;

function size(offer: Offer): string[] {
  const { imp, bid, request } = offer;
  if (typeOf(offer) !== BANNER) return [];
  const banner = json(imp['banner']);
  const formats = items(banner['format']).map(json);
  const offered = [...formats, banner].map(box).filter(says);
  const flexible = formats.filter((each) => number(each['wratio']) > 0);
  const got = box(bid);
  if (!says(got)) return offered.length + flexible.length > 1 ? ['size-missing'] : [];
  if (offered.length + flexible.length === 0) return [];
  if (offered.some(({ w, h }) => w === got.w && h === got.h)) return [];
  if (flexible.some((each) => suitsRatio(each, got))) return ratioFaults(bid, got);
  const screen = box(json(request['device']));
  const fullScreen = number(imp['instl']) === 1 && got.w <= screen.w && got.h <= screen.h;
  return fullScreen ? [] : [`size-not-offered: ${got.w}x${got.h}`];
}

/** Sound has none, and a native ad has that of its place. */
function noSize(offer: Offer): string[] {
  const { bid } = offer;
  const isSized = bid['w'] !== undefined || bid['h'] !== undefined;
  return isSized && [AUDIO, NATIVE].includes(typeOf(offer))
    ? [`size-without-sense: mtype ${typeOf(offer)}`]
    : [];
}

function links({ imp, bid }: Offer): string[] {
  const secure = number(imp['secure']) === 1;
  return LINKS.flatMap((name) =>
    bid[name] === undefined ? [] : linkFaults(name, text(bid[name]), secure),
  );
}

/** Markup may also come as the answer to nurl (section 4.3). */
function markupThere({ bid }: Offer): string[] {
  const { adm, nurl } = bid;
  const isThere = text(adm) !== '' || json(adm) === adm || text(nurl) !== '';
  return isThere ? [] : ['markup-missing: no adm, no nurl'];
}

/** Whoever expresses a size as a ratio names it (section 4.2.3). */
function ratioFaults(bid: Json, { w, h }: Box): string[] {
  const ratio = number(bid['wratio']) / number(bid['hratio']);
  return Math.abs(w / h - ratio) < 0.01 ? [] : [`ratio-missing: ${w}x${h}`];
}

function suitsRatio(flexible: Json, { w, h }: Box): boolean {
  const ratio = number(flexible['wratio']) / number(flexible['hratio']);
  const least = number(flexible['wmin']);
  return Math.abs(w / h - ratio) < 0.01 && !(w < least);
}

function attributes(offer: Offer): string[] {
  const blocked = numbers(mediaOf(offer)['battr']);
  return numbers(offer.bid['attr'])
    .filter((attribute) => blocked.includes(attribute))
    .map((attribute) => `attribute-blocked: ${attribute}`);
}

/** Names of one taxonomy can be told apart, names of two cannot: then nothing is known to be allowed. */
function categories({ request, bid }: Offer): string[] {
  const blocked = texts(request['bcat']);
  const allowed = texts(request['acat']);
  if (blocked.length + allowed.length === 0) return [];
  const own = texts(bid['cat']);
  if (own.length === 0) return ['category-missing: the request restricts them'];
  const taxonomy = number(bid['cattax'] ?? CONTENT_1_0);
  const asked = number(request['cattax'] ?? CONTENT_1_0);
  if (taxonomy !== asked) return [`category-taxonomy: ${taxonomy} for ${asked}`];
  const lies = (name: string, under: string) => isWithin(name, under, taxonomy);
  return [
    ...own
      .filter((name) => blocked.some((other) => lies(name, other)))
      .map((name) => `category-blocked: ${name}`),
    ...own
      .filter((name) => allowed.length > 0 && !allowed.some((other) => lies(name, other)))
      .map((name) => `category-not-allowed: ${name}`),
  ];
}

/** Only content categories 1.0 show in their names what they lie under. */
function isWithin(name: string, other: string, taxonomy: number): boolean {
  const [own, upper] = [name.trim().toUpperCase(), other.trim().toUpperCase()];
  return own === upper || (taxonomy === CONTENT_1_0 && own.startsWith(`${upper}-`));
}

function advertiser({ request, bid }: Offer): string[] {
  const blocked = texts(request['badv']).map(domain);
  return texts(bid['adomain'])
    .filter((name) => blocked.some((other) => other !== '' && isUnder(domain(name), other)))
    .map((name) => `advertiser-blocked: ${name}`);
}

/**
 * Of `Shop.Example.`, of `http://shop.example/`, in the letters that DNS knows. What names a page of a
 * site is kept whole: it blocks that page, not the advertiser.
 */
function domain(name: string): string {
  const host = name
    .trim()
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/\/+$/, '')
    .replace(/\.$/, '');
  return (host.includes('/') ? '' : domainToASCII(host)) || host.toLowerCase();
}

const isUnder = (name: string, other: string) => name === other || name.endsWith(`.${other}`);

function bundle({ request, bid }: Offer): string[] {
  const name = text(bid['bundle']);
  return name !== '' && texts(request['bapp']).includes(name) ? [`app-blocked: ${name}`] : [];
}

function language(offer: Offer): string[] {
  const { request, bid } = offer;
  const allowed = [...texts(request['wlang']), ...texts(request['wlangb'])].map(primary);
  if (allowed.length === 0) return [];
  const said = text(bid['language']) || text(bid['langb']);
  const own = said === '' && typeOf(offer) === BANNER ? markupLanguage(text(bid['adm'])) : said;
  return own === '' || allowed.includes(primary(own)) ? [] : [`language-not-allowed: ${own}`];
}

const primary = (tag: string) => tag.toLowerCase().split('-')[0]!;

/** `regs.ext.dsa` and `bid.ext.dsa`: IAB Tech Lab, DSA Transparency. */
function transparency({ request, bid }: Offer): string[] {
  const demand = json(json(json(request['regs'])['ext'])['dsa']);
  const given = json(bid['ext'])['dsa'];
  if (given === undefined) {
    return number(demand['dsarequired']) >= DSA_DEMANDED ? ['dsa-missing'] : [];
  }
  const answer = json(given);
  const faults = ['behalf', 'paid']
    .filter((name) => text(answer[name]) === '' || text(answer[name]).length > DSA_TEXT_MAX)
    .map((name) => `dsa-${name}: ${text(answer[name])}`);
  faults.push(...renderingFaults(number(demand['pubrender']), number(answer['adrender'])));
  for (const used of items(answer['transparency']).map(json)) {
    const kinds = numbers(used['dsaparams']);
    const known = kinds.length > 0 && kinds.every((kind) => [1, 2, 3].includes(kind));
    if (text(used['domain']) === '' || !known) faults.push('dsa-transparency: incomplete');
  }
  return faults;
}

function renderingFaults(shows: number, renders: number): string[] {
  if (![0, 1].includes(renders)) return [`dsa-adrender: ${renders}`];
  if (shows === 0 && renders === 0) return ['dsa-rendering: nobody shows the notice'];
  return shows === 2 && renders === 1 ? ['dsa-rendering: both show the notice'] : [];
}

function expiry({ bid }: Offer): string[] {
  return bid['exp'] === undefined || number(bid['exp']) > 0
    ? []
    : [`exp-not-positive: ${bid['exp']}`];
}
