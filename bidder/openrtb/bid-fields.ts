/**
 * What a bid says, whatever it is written in: a pure function of the decision and the ids it is
 * given. encode-bid-response.ts writes it as JSON, encode-bid-protobuf.ts as protobuf.
 */
import { joinBanner } from '../../creative/banner.ts';
import { encodeUrl } from '../../creative/encode-slot.ts';
import type { MarkupForm } from '../../creative/template-plan.ts';
import { encodePayload, signPayload } from '../../proto/token.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { BidRequest } from '../auction/bid-request.ts';
import type { DecidedBid } from '../auction/decision.ts';
import type { PersonView } from '../auction/person-view.ts';
import { bidTaxonomy } from '../auction/shop-categories.ts';
import type { ServedCampaign, ShopSnapshot } from '../auction/snapshot.ts';
import { type ClickLinks, clickLinksOf, makeClickLinks } from './click-links.ts';

/** AdCOM markup type 1. */
export const MTYPE_BANNER = 1;

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

/** Named as OpenRTB does. Texts are ASCII and hold nothing to escape, but for `impid` and `dealid`. */
export interface BidFields {
  readonly impid: string;
  /** '' in the open auction. */
  readonly dealid: string;
  /** Of both `adid` and `crid`. */
  readonly creative: string;
  readonly w: number;
  readonly h: number;
  readonly nurl: string;
  readonly burl: string;
  readonly lurl: string;
  /** In the form that was asked for. */
  readonly adm: string;
}

/** What only this bid has; what all bids of its campaign have is in campaignFields. */
export function bidFields(
  context: EncodingContext,
  input: EncodedBidInput,
  form: MarkupForm,
): BidFields {
  const { bid, shop } = input;
  const served = shop.campaigns[bid.campaign]!;
  const { banner, creative } = served.banners.get(bid.size)!;
  const links = linksOf(context.publicUrl);
  const { click } = context.exchange;
  const clicks = click === null ? links.click : clickLinksOf(context.publicUrl, click);
  const offer = offerOf(served, input.view);
  const payload = tokenPayload(context, input, { creative, offer });
  const tags = signPayload(context.tokenKey, payload);
  const exchangeToken = `${payload}.${tags.exchange}`;
  const browserToken = `${payload}.${tags.browser}`;
  const shown = {
    items: bid.selection.items,
    clickUrlPrefix: clicks.before + browserToken + clicks.after,
    impressionUrl: links.impression + browserToken,
    offerText: shop.offers.get(offer)?.text ?? '',
  };
  const written = writtenMacros(context.exchange);
  return {
    impid: context.request.imps[bid.imp]!.id,
    dealid: bid.deal === null ? '' : bid.deal.id,
    creative,
    w: banner.layout.width,
    h: banner.layout.height,
    nurl: `${links.win}${exchangeToken}${written.win}`,
    burl: `${links.billing}${exchangeToken}${written.billing}`,
    lurl: `${links.loss}${exchangeToken}${written.loss}`,
    adm: joinBanner(banner, shown, form),
  };
}

/** Named as OpenRTB does; `cat` and `attr` are not sent when they are empty. */
export interface CampaignFields {
  readonly cid: string;
  readonly adomain: readonly string[];
  readonly cat: readonly string[];
  readonly attr: readonly number[];
}

/** The AdCOM taxonomy in which a bid of the shop names its categories. */
export function taxonomyOf({ request, exchange }: EncodingContext, shop: ShopSnapshot): number {
  return bidTaxonomy(shop.categories, request.categoryTaxonomy || exchange.taxonomy);
}

/** Texts of any script: the encoders write them once per campaign and taxonomy. */
export function campaignFields(
  { campaign }: ServedCampaign,
  shop: ShopSnapshot,
  taxonomy: number,
): CampaignFields {
  return {
    cid: campaign.campaign,
    adomain: shop.settings.domains,
    cat: shop.categories.named[taxonomy]?.names ?? [],
    attr: campaign.attributes,
  };
}

/** What follows the token in the URL of each notice. */
interface WrittenMacros {
  readonly exchange: Exchange;
  readonly win: string;
  readonly billing: string;
  readonly loss: string;
}

let lastWritten: WrittenMacros | null = null;

/** Joined once for all bids of a request, and as a rule for those of the next one. */
function writtenMacros(exchange: Exchange): WrittenMacros {
  if (lastWritten === null || lastWritten.exchange !== exchange) lastWritten = write(exchange);
  return lastWritten;
}

function write(exchange: Exchange): WrittenMacros {
  const { price, notices } = exchange;
  const billing = `&p=${price.macro}`;
  const win = notices.minToWin === '' ? billing : `${billing}&m=${notices.minToWin}`;
  const loss = notices.loss === '' ? win : `${win}&c=${notices.loss}`;
  return { exchange, win, billing, loss };
}

/** Everything of our URLs that stands before and after a token; those of the banner as encodeUrl leaves them. */
interface Links {
  readonly publicUrl: string;
  readonly win: string;
  readonly billing: string;
  readonly loss: string;
  readonly impression: string;
  readonly click: ClickLinks;
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
    click: makeClickLinks(publicUrl, null),
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
