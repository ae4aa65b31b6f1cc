/**
 * Bids as an OpenRTB bid response: ASCII JSON by concatenation. What a campaign's bids have in
 * common is written once.
 */
import { formatMicros } from '../../proto/micros.ts';
import type { ServedCampaign, ShopSnapshot } from '../auction/snapshot.ts';
import { extField } from './bid-ext.ts';
import {
  bidFields,
  campaignFields,
  type EncodedBidInput,
  type EncodingContext,
  MTYPE_BANNER,
  taxonomyOf,
} from './bid-fields.ts';
import { jsonText, jsonTexts } from './json-text.ts';

/** One element of `seatbid[].bid`; '' when its markup is longer than the exchange takes. */
export function encodeBid(context: EncodingContext, input: EncodedBidInput): string {
  const { bid, shop } = input;
  const { impid, dealid, creative, w, h, nurl, burl, lurl, adm } = bidFields(
    context,
    input,
    'json',
  );
  if (adm.length > context.exchange.limits.markupBytes) return '';
  const deal = dealid === '' ? '' : `"dealid":${jsonText(dealid)},`;
  return (
    `{"id":"${input.bidId}","impid":${jsonText(impid)},"price":${formatMicros(bid.priceCpmMicros)},${deal}` +
    `${fixedFields(shop.campaigns[bid.campaign]!, shop, taxonomyOf(context, shop))}"adid":"${creative}","crid":"${creative}",` +
    `"w":${w},"h":${h},"mtype":${MTYPE_BANNER},"exp":${input.expS},` +
    `"nurl":"${nurl}","burl":"${burl}","lurl":"${lurl}","adm":"${adm}"${extField(context, input)}}`
  );
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

/** By taxonomy. */
const fixedByCampaign = new WeakMap<ServedCampaign, (string | undefined)[]>();

function fixedFields(served: ServedCampaign, shop: ShopSnapshot, taxonomy: number): string {
  const known = fixedByCampaign.get(served)?.[taxonomy];
  if (known !== undefined) return known;
  const { cid, adomain, cat, attr } = campaignFields(served, shop, taxonomy);
  let fields = `"cid":${jsonText(cid)},"adomain":${jsonTexts(adomain)},`;
  if (cat.length > 0) fields += `"cat":${jsonTexts(cat)},"cattax":${taxonomy},`;
  if (attr.length > 0) fields += `"attr":[${attr.join(',')}],`;
  const others = fixedByCampaign.get(served) ?? [];
  others[taxonomy] = fields;
  fixedByCampaign.set(served, others);
  return fields;
}
