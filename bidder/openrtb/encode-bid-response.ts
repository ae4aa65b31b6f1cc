/**
 * Bids as an OpenRTB bid response: ASCII JSON by concatenation. What a campaign's bids have in
 * common is written once.
 */
import { formatMicros } from '../../proto/micros.ts';
import type { FlexShape } from '../auction/bid-request.ts';
import type { ServedCampaign } from '../auction/served-campaign.ts';
import { extField } from './bid-ext.ts';
import {
  bidFields,
  campaignFields,
  type EncodedBidInput,
  type EncodingContext,
  fixedKey,
  taxonomyOf,
} from './bid-fields.ts';
import { asciiJson, jsonText, jsonTexts } from './json-text.ts';

/** One element of `seatbid[].bid`; '' when its markup is longer than the exchange takes. */
export function encodeBid(context: EncodingContext, input: EncodedBidInput): string {
  const { bid } = input;
  const fields = bidFields(context, input, 'json');
  const { impid, dealid, creative, size, shape, nurl, burl, lurl, adm } = fields;
  if (adm.length > context.exchange.limits.markupBytes) return '';
  const deal = dealid === '' ? '' : `"dealid":${jsonText(dealid)},`;
  const sides = size.width === 0 ? '' : `"w":${size.width},"h":${size.height},${shapeOf(shape)}`;
  const media = fields.dur === 0 ? '' : `"dur":${fields.dur},"protocol":${fields.protocol},`;
  return (
    `{"id":"${input.bidId}","impid":${jsonText(impid)},"price":${formatMicros(bid.priceCpmMicros)},${deal}` +
    `${fixedFields(context, input)}"adid":"${creative}","crid":"${creative}",` +
    `${sides}${media}"mtype":${fields.mtype},"exp":${input.expS},` +
    `"nurl":"${nurl}","burl":"${burl}","lurl":"${lurl}","adm":${admOf(context, input, adm)}${extField(context, input)}}`
  );
}

function shapeOf(shape: FlexShape | null): string {
  return shape === null ? '' : `"wratio":${shape.wRatio},"hratio":${shape.hRatio},`;
}

/** Where the exchange wants a native answer as an object it is one: what it holds is ASCII then too. */
function admOf({ exchange }: EncodingContext, { bid }: EncodedBidInput, adm: string): string {
  const isObject = bid.placement.kind === 'native' && exchange.native.form === 'object';
  return isObject ? asciiJson(JSON.parse(`"${adm}"`) as string) : `"${adm}"`;
}

/** The whole answer; `bids` are one or more results of encodeBid, joined by commas. */
export function encodeBidResponse(context: EncodingContext, bids: string, bidid: string): string {
  const { exchange, request } = context;
  const seat = exchange.seat === '' ? '' : `"seat":${jsonText(exchange.seat)},`;
  return (
    `{"id":${jsonText(request.id)},"bidid":"${bidid}","cur":"${context.currency}",` +
    `"seatbid":[{${seat}"bid":[${bids}]}]}`
  );
}

/** An answer without bids: OpenRTB 2.6, 7.1. */
export function encodeNoBid(requestId: string, nbr: number): string {
  return `{"id":${jsonText(requestId)},"seatbid":[],"nbr":${nbr}}`;
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
  let fields = `"cid":${jsonText(cid)},"adomain":${jsonTexts(adomain)},`;
  if (cat.length > 0) fields += `"cat":${jsonTexts(cat)},"cattax":${taxonomy},`;
  if (attr.length > 0) fields += `"attr":[${attr.join(',')}],`;
  const others = fixedByCampaign.get(served) ?? [];
  others[key] = fields;
  fixedByCampaign.set(served, others);
  return fields;
}
