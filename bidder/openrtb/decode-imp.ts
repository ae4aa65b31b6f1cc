/**
 * One imp of a bid request: an Imp, or the reason why it cannot be bid on. Never throws. A format that
 * cannot be bid on does not cost the imp the others.
 */
import type { Imp, Placement } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { decodeBanner } from './decode-banner.ts';
import { decodeDeals } from './decode-deals.ts';
import {
  decodeAudioPlacement,
  decodeVideoPlacement,
  impressionMultiplier,
} from './media-placement.ts';
import { decodeNativePlacement } from './native-request.ts';
import {
  currency,
  finite,
  floorCpmMicros,
  isObject,
  type JsonObject,
  object,
  present,
  text,
  whole,
} from './read-values.ts';

const ID_LENGTH_MAX = 256;
const EXP_S_MAX = 86_400;

/** `device` says how large a full screen is; `auctionType` is the request's, for deals without one. */
export function decodeImp(
  wire: unknown,
  device: JsonObject,
  auctionType: number,
): Imp | NoBidReason {
  const imp = object(wire);
  const id = text(imp['id'], ID_LENGTH_MAX);
  if (id === '') return 'broken-imp';
  const placements = decodePlacements(imp, device);
  if (typeof placements === 'string') return placements;
  const market = object(imp['pmp']);
  const deals = decodeDeals(market['deals'], auctionType);
  const dealsOnly = finite(market['private_auction']) === 1;
  if (dealsOnly && deals.length === 0) return 'private-auction';
  const floor = floorCpmMicros(imp['bidfloor']);
  if (floor < 0) return 'floor-not-readable';
  const floorCurrency = present(imp['bidfloorcur']) ? currency(imp['bidfloorcur']) : 'USD';
  if (floorCurrency === '') return 'floor-currency-unknown';
  const impressions = impressionMultiplier(imp['qty']);
  if (impressions < 0) return 'multiplier-not-readable';
  return {
    id,
    placements,
    floorCpmMicros: floor,
    floorCurrency,
    deals,
    dealsOnly,
    secure: finite(imp['secure']) === 1,
    impressions,
    expS: whole(imp['exp'], EXP_S_MAX, 0),
  };
}

/** In the order in which they are offered: what is made for one person goes first. */
export const FORMATS = ['banner', 'native', 'video', 'audio'] as const;

/** What can be bid on; when nothing can, why the first that is there cannot. */
function decodePlacements(imp: JsonObject, device: JsonObject): readonly Placement[] | NoBidReason {
  const placements: Placement[] = [];
  let refused: NoBidReason = 'no-format';
  for (let i = 0; i < FORMATS.length; i++) {
    const made = decodeFormat(FORMATS[i]!, imp, device);
    if (made === null) continue;
    if (typeof made !== 'string') placements.push(made);
    else if (refused === 'no-format') refused = made;
  }
  return placements.length === 0 ? refused : placements;
}

/** Null where the imp does not have the format. */
export function decodeFormat(
  kind: Placement['kind'],
  imp: JsonObject,
  device: JsonObject,
): Placement | NoBidReason | null {
  const wire = imp[kind];
  if (!isObject(wire)) return null;
  switch (kind) {
    case 'banner':
      return decodeBanner(object(wire), imp, device);
    case 'native':
      return decodeNativePlacement(object(wire));
    case 'video':
      return decodeVideoPlacement(object(wire));
    case 'audio':
      return decodeAudioPlacement(object(wire));
  }
}
