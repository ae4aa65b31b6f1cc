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

/**
 * What can be bid on, what is made for one person first; when nothing can, why the first that is there
 * cannot.
 */
function decodePlacements(imp: JsonObject, device: JsonObject): readonly Placement[] | NoBidReason {
  const placements: Placement[] = [];
  let refused: NoBidReason = 'no-format';
  const { banner, native, video, audio } = imp;
  if (isObject(banner)) {
    refused = keep(placements, decodeBanner(object(banner), imp, device), refused);
  }
  if (isObject(native)) refused = keep(placements, decodeNativePlacement(object(native)), refused);
  if (isObject(video)) refused = keep(placements, decodeVideoPlacement(object(video)), refused);
  if (isObject(audio)) refused = keep(placements, decodeAudioPlacement(object(audio)), refused);
  return placements.length === 0 ? refused : placements;
}

/** The reason of the first that was refused. */
function keep(
  placements: Placement[],
  made: Placement | NoBidReason,
  refused: NoBidReason,
): NoBidReason {
  if (typeof made !== 'string') placements.push(made);
  else if (refused === 'no-format') return made;
  return refused;
}
