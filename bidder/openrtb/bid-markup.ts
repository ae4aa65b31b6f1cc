/** The markup of a bid, whatever its format. */
import { joinBanner } from '../../creative/banner.ts';
import { renderNative } from '../../creative/native.ts';
import type { NativePlacement } from '../../creative/native-placement.ts';
import type { MarkupForm } from '../../creative/template-plan.ts';
import { renderVast } from '../../creative/vast.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { DecidedBid } from '../auction/decision.ts';
import type { ServedCampaign } from '../auction/served-campaign.ts';
import type { BrowserLinks } from './browser-links.ts';

export interface ShownBid {
  readonly bid: DecidedBid;
  readonly served: ServedCampaign;
  readonly bidId: string;
  /** '' is none. */
  readonly offerText: string;
}

export interface MarkupUse {
  readonly exchange: Pick<Exchange, 'native'>;
  readonly links: BrowserLinks;
  /** Needs no encoding, wherever it stands (proto/token.ts). */
  readonly token: string;
  readonly form: MarkupForm;
}

export function bidMarkup(shown: ShownBid, use: MarkupUse): string {
  const { bid, served, offerText } = shown;
  const { links, token, form } = use;
  const { placement, media } = bid;
  if (placement.kind === 'banner') {
    const { html } = links;
    const input = {
      items: bid.selection.items,
      clickUrlPrefix: html.clickBefore + token + html.clickAfter,
      impressionUrl: html.impression + token,
      offerText,
    };
    return joinBanner(served.banners.get(bid.size)!.banner, input, form);
  }
  const { plain } = links;
  const urls = {
    clickUrl: `${plain.clickBefore}${token}${plain.clickAfter}0`,
    impressionUrl: plain.impression + token,
  };
  if (media !== null) {
    const { vast } = served[placement.kind === 'audio' ? 'audio' : 'video']!;
    return renderVast(vast, media, { ...urls, bidId: shown.bidId }, form);
  }
  const item = bid.selection.items[0]!;
  const input = { ...urls, item, offerText, privacyUrl: '' };
  return renderNative(
    served.native!.native,
    wrapped(placement as NativePlacement, use),
    input,
    form,
  );
}

/** Wrapped as the exchange wants it; `auto` is as the request was. */
function wrapped(placement: NativePlacement, { exchange }: MarkupUse): NativePlacement {
  const wanted = exchange.native.wrapped;
  if (wanted === 'auto' || (wanted === 'always') === placement.wrapped) return placement;
  return { ...placement, wrapped: wanted === 'always' };
}
