/**
 * Bids as an OpenRTB bid response in protobuf, by concatenation like the JSON: bytes are kept as text
 * of one character each and become bytes at the end. So the prepared pieces of banners and campaigns
 * are joined as they are, and the length before a field is the length of its text.
 */
import { MICROS_PER_UNIT } from '../../proto/micros.ts';
import { wireTags } from '../../proto/openrtb-wire.ts';
import type { ServedCampaign } from '../auction/served-campaign.ts';
import { dsaAnswer } from './bid-ext.ts';
import {
  bidFields,
  campaignFields,
  type EncodedBidInput,
  type EncodingContext,
  fixedKey,
  taxonomyOf,
} from './bid-fields.ts';

const BID = tagTexts(wireTags('Bid'));
const SEAT_BID = tagTexts(wireTags('SeatBid'));
const BID_EXT = tagTexts(wireTags('Bid.Ext'));
const DSA = tagTexts(wireTags('DsaAnswer'));
const TRANSPARENCY = tagTexts(wireTags('DsaTransparency'));
const RESPONSE = tagTexts(wireTags('BidResponse'));

/** One element of `seatbid[].bid`, its tag included; '' as encodeBid has it. */
export function encodeBidProtobuf(context: EncodingContext, input: EncodedBidInput): string {
  const { bid } = input;
  const fields = bidFields(context, input, 'utf8');
  const { impid, dealid, creative, size, shape, nurl, burl, lurl, adm } = fields;
  if (adm.length > context.exchange.limits.markupBytes) return '';
  const sides = BID.w + varint(size.width) + BID.h + varint(size.height);
  const media = BID.dur + varint(fields.dur) + BID.protocol + varint(fields.protocol);
  return sized(
    SEAT_BID.bid,
    sized(BID.id, input.bidId) +
      sized(BID.impid, utf8(impid)) +
      BID.price +
      double(bid.priceCpmMicros / MICROS_PER_UNIT) +
      sized(BID.adid, creative) +
      sized(BID.nurl, nurl) +
      sized(BID.adm, adm) +
      sized(BID.crid, creative) +
      (dealid === '' ? '' : sized(BID.dealid, utf8(dealid))) +
      (size.width === 0 ? '' : sides) +
      (shape === null
        ? ''
        : BID.wratio + varint(shape.wRatio) + BID.hratio + varint(shape.hRatio)) +
      (fields.dur === 0 ? '' : media) +
      (BID.exp + varint(input.expS)) +
      sized(BID.burl, burl) +
      sized(BID.lurl, lurl) +
      (BID.mtype + varint(fields.mtype)) +
      fixedFields(context, input) +
      ext(context, input),
  );
}

/** The whole answer; `bids` are one or more results of encodeBidProtobuf, joined. */
export function encodeBidResponseProtobuf(
  context: EncodingContext,
  bids: string,
  bidid: string,
): Uint8Array {
  const { exchange, request } = context;
  const seat = exchange.seat === '' ? '' : sized(SEAT_BID.seat, utf8(exchange.seat));
  const answer =
    sized(RESPONSE.id, utf8(request.id)) +
    sized(RESPONSE.seatbid, bids + seat) +
    sized(RESPONSE.bidid, bidid) +
    sized(RESPONSE.cur, context.currency);
  return toBytes(answer);
}

/** An answer without bids. */
export function encodeNoBidProtobuf(requestId: string, nbr: number): Uint8Array {
  return toBytes(sized(RESPONSE.id, utf8(requestId)) + RESPONSE.nbr + varint(nbr));
}

/** The mark of an ad has no field here: settings see to it that none is needed. */
function ext(context: EncodingContext, input: EncodedBidInput): string {
  const dsa = context.request.dsa === null ? null : dsaAnswer(context, input);
  if (dsa === null) return '';
  let used = '';
  for (const kind of dsa.dsaparams) used += TRANSPARENCY.dsaparams + varint(kind);
  const transparency = sized(TRANSPARENCY.domain, utf8(dsa.domain)) + used;
  return sized(
    BID.ext,
    sized(
      BID_EXT.dsa,
      sized(DSA.behalf, utf8(dsa.behalf)) +
        sized(DSA.paid, utf8(dsa.paid)) +
        (dsa.domain === '' ? '' : sized(DSA.transparency, transparency)) +
        (DSA.adrender + varint(dsa.adrender)),
    ),
  );
}

/** By fixedKey. */
const fixedByCampaign = new WeakMap<ServedCampaign, (string | undefined)[]>();

function fixedFields(context: EncodingContext, { bid, shop }: EncodedBidInput): string {
  const served = shop.campaigns[bid.campaign]!;
  const taxonomy = taxonomyOf(context, shop);
  const key = fixedKey(bid.placement.kind, taxonomy);
  const known = fixedByCampaign.get(served)?.[key];
  if (known !== undefined) return known;
  const { cid, adomain, cat, attr } = campaignFields(served, shop, {
    kind: bid.placement.kind,
    taxonomy,
  });
  let fields = sized(BID.cid, utf8(cid));
  for (const domain of adomain) fields += sized(BID.adomain, utf8(domain));
  for (const category of cat) fields += sized(BID.cat, utf8(category));
  if (cat.length > 0) fields += BID.cattax + varint(taxonomy);
  for (const attribute of attr) fields += BID.attr + varint(attribute);
  const others = fixedByCampaign.get(served) ?? [];
  others[key] = fields;
  fixedByCampaign.set(served, others);
  return fields;
}

function tagTexts<Name extends string>(tags: Readonly<Record<Name, number>>): Record<Name, string> {
  const texts = Object.entries<number>(tags).map(([name, tag]) => [name, varint(tag)]);
  return Object.fromEntries(texts) as Record<Name, string>;
}

/** A field of a length: text in UTF-8, or a message. */
function sized(fieldTag: string, bytes: string): string {
  return fieldTag + varint(bytes.length) + bytes;
}

/** A whole number 0..2^31-1. */
function varint(value: number): string {
  let bytes = '';
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes += String.fromCharCode((rest & 0x7f) | 0x80);
  return bytes + String.fromCharCode(rest);
}

const doubleBytes = new Uint8Array(8);
const doubleView = new DataView(doubleBytes.buffer);

function double(value: number): string {
  doubleView.setFloat64(0, value, true);
  const b = doubleBytes;
  return String.fromCharCode(b[0]!, b[1]!, b[2]!, b[3]!, b[4]!, b[5]!, b[6]!, b[7]!);
}

const NOT_ASCII = /[^\0-\x7f]/;

function utf8(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text;
}

/** Answers are cut from one piece after the other: a piece of its own for each costs more than its bytes. */
const PIECE_BYTES = 2 ** 16;
let piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
let used = 0;

function toBytes(text: string): Uint8Array {
  const { length } = text;
  if (length > PIECE_BYTES / 4) return Buffer.from(text, 'latin1');
  if (used + length > PIECE_BYTES) {
    piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    used = 0;
  }
  piece.write(text, used, 'latin1');
  used += length;
  return new Uint8Array(piece.buffer, used - length, length);
}
