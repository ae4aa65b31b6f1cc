/**
 * A decision as an OpenRTB bid response: ASCII JSON by concatenation, a pure function of the
 * decision and the ids it is given. What a campaign's bids have in common is written once.
 */
import { joinBanner } from '../../creative/banner.ts';
import { encodeUrl } from '../../creative/encode-slot.ts';
import { formatMicros } from '../../proto/micros.ts';
import { encodePayload, signPayload } from '../../proto/token.ts';
import type { Exchange } from '../../settings/workspace.ts';
import type { BidRequest } from '../auction/bid-request.ts';
import type { DecidedBid } from '../auction/decision.ts';
import type { PersonView } from '../auction/person-view.ts';
import type { ServedCampaign, ShopSnapshot } from '../auction/snapshot.ts';
import { jsonText, jsonTexts } from './json-text.ts';

/** AdCOM markup type 1. */
const MTYPE_BANNER = 1;
/** AdCOM taxonomy of bid.cat: IAB content categories 1.0. */
const CATEGORY_TAXONOMY = 1;

export interface EncodingContext {
  readonly exchange: Exchange;
  readonly request: BidRequest;
  /** Base of our URLs, without a trailing slash; ASCII. */
  readonly publicUrl: string;
  readonly tokenKey: Parameters<typeof signPayload>[0];
  readonly currency: string;
  readonly nowMs: number;
}

export interface EncodedBidInput {
  readonly bid: DecidedBid;
  readonly shop: ShopSnapshot;
  readonly view: PersonView;
  readonly bidId: string;
  /** '' for a test bid: it books nothing. */
  readonly leaseId: string;
  readonly period: string;
  /** Seconds until the bid holds no longer. */
  readonly expS: number;
}

/** One element of `seatbid[].bid`. */
export function encodeBid(context: EncodingContext, input: EncodedBidInput): string {
  const { bid, shop } = input;
  const served = shop.campaigns[bid.campaign]!;
  const { banner, creative } = served.banners.get(bid.size)!;
  const links = linksOf(context.publicUrl);
  const offer = offerOf(served, input.view);
  const payload = tokenPayload(context, input, { creative, offer });
  const tags = signPayload(context.tokenKey, payload);
  const exchangeToken = `${payload}.${tags.exchange}`;
  const browserToken = `${payload}.${tags.browser}`;
  const shown = {
    items: bid.selection.items,
    clickUrlPrefix: links.click + browserToken + links.slot,
    impressionUrl: links.impression + browserToken,
    offerText: shop.offers.get(offer)?.text ?? '',
  };
  const adm = joinBanner(banner, shown, 'json');
  const imp = context.request.imps[bid.imp]!;
  const { macro } = context.exchange.price;
  return (
    `{"id":"${input.bidId}","impid":${jsonText(imp.id)},"price":${formatMicros(bid.priceCpmMicros)},` +
    `${fixedFields(served, shop)}"adid":"${creative}","crid":"${creative}",` +
    `"w":${banner.layout.width},"h":${banner.layout.height},"mtype":${MTYPE_BANNER},"exp":${input.expS},` +
    `"nurl":"${links.win}${exchangeToken}&p=${macro}",` +
    `"burl":"${links.billing}${exchangeToken}&p=${macro}",` +
    `"lurl":"${links.loss}${exchangeToken}&p=${macro}&c=\${AUCTION_LOSS}",` +
    `"adm":"${adm}"}`
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

/** Everything of our URLs that stands before and after a token; those of the banner as encodeUrl leaves them. */
interface Links {
  readonly publicUrl: string;
  readonly win: string;
  readonly billing: string;
  readonly loss: string;
  readonly impression: string;
  readonly click: string;
  readonly slot: string;
}

let lastLinks: Links = makeLinks('');

/** A token needs no encoding (proto/token.ts), so what stands around it is encoded once. */
function linksOf(publicUrl: string): Links {
  if (lastLinks.publicUrl !== publicUrl) lastLinks = makeLinks(publicUrl);
  return lastLinks;
}

function makeLinks(publicUrl: string): Links {
  return {
    publicUrl,
    win: `${publicUrl}/n?t=`,
    billing: `${publicUrl}/b?t=`,
    loss: `${publicUrl}/l?t=`,
    impression: encodeUrl(`${publicUrl}/i?t=`),
    click: encodeUrl(`${publicUrl}/c?t=`),
    slot: encodeUrl('&s='),
  };
}

function tokenPayload(
  context: EncodingContext,
  input: EncodedBidInput,
  shown: { creative: string; offer: string },
): string {
  const { bid, shop } = input;
  const { items } = bid.selection;
  const ids = new Array<string>(items.length);
  for (let i = 0; i < items.length; i++) ids[i] = items[i]!.id;
  return encodePayload({
    exchange: context.exchange.exchange,
    shop: shop.settings.shop,
    campaign: shop.campaigns[bid.campaign]!.campaign.campaign,
    creative: shown.creative,
    bidId: input.bidId,
    person: input.view.person,
    bidCpmMicros: bid.priceCpmMicros,
    currency: context.currency,
    leaseId: input.leaseId,
    period: input.period,
    reservedNanos: bid.reservedNanos,
    bidAtS: Math.floor(context.nowMs / 1000),
    offer: shown.offer,
    items: ids,
  });
}

/** The campaign's own offer; without one the offer of the segment that shapes the bid. '' is none. */
export function offerOf(served: ServedCampaign, view: PersonView): string {
  return served.campaign.offer ?? view.shaping?.effect.offer ?? '';
}

const fixedByCampaign = new WeakMap<ServedCampaign, string>();

function fixedFields(served: ServedCampaign, shop: ShopSnapshot): string {
  const known = fixedByCampaign.get(served);
  if (known !== undefined) return known;
  const { campaign } = served;
  const { domains, categories } = shop.settings;
  let fields = `"cid":${jsonText(campaign.campaign)},"adomain":${jsonTexts(domains)},`;
  if (categories.length > 0) {
    fields += `"cat":${jsonTexts(categories)},"cattax":${CATEGORY_TAXONOMY},`;
  }
  if (campaign.attributes.length > 0) fields += `"attr":[${campaign.attributes.join(',')}],`;
  fixedByCampaign.set(served, fields);
  return fields;
}
