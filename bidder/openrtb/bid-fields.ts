/**
 * What a bid says, whatever it is written in: a pure function of the decision and the ids it is
 * given. encode-bid-response.ts writes it as JSON, encode-bid-protobuf.ts as protobuf.
 */
import type { MediaCreative } from '../../creative/media-creative.ts';
import type { MarkupForm } from '../../creative/template-plan.ts';
import { MTYPES } from '../../proto/ad-format.ts';
import { encodePayload, signPayload } from '../../proto/token.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { BidRequest, FlexShape, Placement } from '../auction/bid-request.ts';
import type { DecidedBid } from '../auction/decision.ts';
import { shapeFor } from '../auction/imp-rows.ts';
import type { PersonView } from '../auction/person-view.ts';
import type { ServedCampaign } from '../auction/served-campaign.ts';
import { bidTaxonomy } from '../auction/shop-categories.ts';
import { offerText, shownOffer } from '../auction/shown-offer.ts';
import type { ShopSnapshot } from '../auction/snapshot.ts';
import { bidMarkup } from './bid-markup.ts';
import { browserLinksOf } from './browser-links.ts';

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
  /** AdCOM: 1 banner, 2 video, 3 audio, 4 native. */
  readonly mtype: number;
  /** Pixels, 0 where a size says nothing: native and audio. */
  readonly size: PixelSize;
  /** Of a banner in a flexible place; null elsewhere. */
  readonly shape: FlexShape | null;
  /** Of a video or audio: seconds, and AdCOM's code of the VAST version; 0 of the others. */
  readonly dur: number;
  readonly protocol: number;
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
  const links = linksOf(context.publicUrl);
  const offer = shownOffer(served, input.view);
  const payload = tokenPayload(context, input, offer);
  const tags = signPayload(context.tokenKey, payload);
  const exchangeToken = `${payload}.${tags.exchange}`;
  const written = writtenMacros(context.exchange);
  const shown = { bid, served, bidId: input.bidId, offerText: offerText(shop, offer) };
  const { media } = bid;
  return {
    impid: context.request.imps[bid.imp]!.id,
    dealid: bid.deal === null ? '' : bid.deal.id,
    creative: bid.creative,
    mtype: MTYPES[bid.placement.kind],
    size: sizeOf(served, bid),
    shape: shapeOf(served, bid),
    dur: media === null ? 0 : mediaOf(served, bid).durationS,
    protocol: media === null ? 0 : media.protocol,
    nurl: `${links.win}${exchangeToken}${written.win}`,
    burl: `${links.billing}${exchangeToken}${written.billing}`,
    lurl: `${links.loss}${exchangeToken}${written.loss}`,
    adm: bidMarkup(shown, {
      exchange: context.exchange,
      links: browserLinksOf(context.publicUrl, context.exchange.click),
      token: `${payload}.${tags.browser}`,
      form,
    }),
  };
}

interface PixelSize {
  readonly width: number;
  readonly height: number;
}
const NO_SIZE: PixelSize = Object.freeze({ width: 0, height: 0 });

/** Of a banner its own, of a video that of the file that suits the player best. */
function sizeOf(served: ServedCampaign, bid: DecidedBid): PixelSize {
  if (bid.placement.kind === 'banner') return served.banners.get(bid.size)!.banner.layout;
  return bid.media === null ? NO_SIZE : mediaOf(served, bid).files[bid.media.files[0]!]!;
}

/** Only for a size that the imp does not list. */
function shapeOf(served: ServedCampaign, { placement, size }: DecidedBid): FlexShape | null {
  if (placement.kind !== 'banner' || placement.shapes.length === 0) return null;
  const { width: w, height: h } = served.banners.get(size)!.banner.layout;
  for (const listed of placement.sizes) if (listed.w === w && listed.h === h) return null;
  return shapeFor(placement, { w, h });
}

function mediaOf(served: ServedCampaign, { placement }: DecidedBid): MediaCreative {
  return served[placement.kind === 'audio' ? 'audio' : 'video']!.media;
}

/** Named as OpenRTB does; `cat` and `attr` are not sent when they are empty. */
export interface CampaignFields {
  readonly cid: string;
  readonly adomain: readonly string[];
  readonly cat: readonly string[];
  readonly attr: readonly number[];
}

/** What campaignFields has differs by: a small number. */
export function fixedKey(kind: Placement['kind'], taxonomy: number): number {
  return taxonomy * 8 + MTYPES[kind];
}

/** The AdCOM taxonomy in which a bid of the shop names its categories. */
export function taxonomyOf({ request, exchange }: EncodingContext, shop: ShopSnapshot): number {
  return bidTaxonomy(shop.categories, request.categoryTaxonomy || exchange.taxonomy);
}

/** Texts of any script: the encoders write them once per campaign, kind of creative and taxonomy. */
export function campaignFields(
  { campaign }: ServedCampaign,
  shop: ShopSnapshot,
  { kind, taxonomy }: { readonly kind: Placement['kind']; readonly taxonomy: number },
): CampaignFields {
  return {
    cid: campaign.campaign,
    adomain: shop.settings.domains,
    cat: shop.categories.named[taxonomy]?.names ?? [],
    attr: (kind === 'video' || kind === 'audio' ? campaign[kind]! : campaign).attributes,
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

/** Everything of the URLs that an exchange calls before their token. */
interface Links {
  readonly publicUrl: string;
  readonly win: string;
  readonly billing: string;
  readonly loss: string;
}

let lastLinks: Links = makeLinks('');

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
  };
}

function tokenPayload(context: EncodingContext, input: EncodedBidInput, offer: string): string {
  const { bid, shop } = input;
  const { items } = bid.selection;
  const ids = new Array<string>(items.length);
  for (let i = 0; i < items.length; i++) ids[i] = items[i]!.id;
  return encodePayload({
    format: bid.placement.kind,
    exchange: context.exchange.exchange,
    shop: shop.settings.shop,
    campaign: shop.campaigns[bid.campaign]!.campaign.campaign,
    creative: bid.creative,
    bidId: input.bidId,
    person: input.view.person,
    bidCpmMicros: bid.priceCpmMicros,
    currency: context.currency,
    leaseId: input.leaseId,
    period: input.period,
    reservedNanos: bid.reservedNanos,
    bidAtS: Math.floor(context.nowMs / 1000),
    offer,
    items: ids,
  });
}
