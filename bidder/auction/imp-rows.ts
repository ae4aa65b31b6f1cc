/**
 * What an imp itself demands of a campaign: that it buys through this deal, or without one, a format
 * and size that it takes, no attribute it blocks, goods to show.
 */
import type { NativePlacement } from '../../creative/native-placement.ts';
import { type BannerPlacement, type FlexShape, isMedia, type Size } from './bid-request.ts';
import { andNotRow, andRow, copyRow, hasBit, orRow } from './bitmap.ts';
import type { SizeRow } from './campaign-index.ts';
import { admitsAdvertiser } from './deal-terms.ts';
import type { DecisionWatch } from './decision-watch.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import { type Pricing, placementOf } from './pricing.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** Fills `rows` with the campaigns of `base` that the imp takes. Null when some are left. */
export function rowsOfImp(
  rows: Int32Array,
  base: Int32Array,
  { pricing, watch }: { readonly pricing: Pricing; readonly watch: DecisionWatch | null },
): NoBidReason | null {
  const shop = pricing.shopSnapshot;
  const { deal } = pricing;
  const placement = placementOf(pricing);
  copyRow(rows, base, 0);
  const at = { pricing, watch, rows };
  return (
    (deal === null
      ? step(keepOpen(rows, shop), 'deals-only-campaign', at)
      : (step(keepBuyers(rows, shop, deal.id), 'deal-not-targeted', at) ??
        step(keepIf(rows, admitsAdvertiser(deal, shop)), 'deal-advertiser-not-allowed', at))) ??
    (placement.kind === 'banner'
      ? step(keepSized(rows, shop, placement), 'size-not-offered', at)
      : step(andRow(rows, shop.bits, shop.index[placement.kind]), 'format-not-offered', at)) ??
    (isMedia(placement) ? null : keepShowing(placement, at))
  );
}

/** Leaves the campaigns whose banner or native ad, which show goods, may be shown. */
function keepShowing(placement: BannerPlacement | NativePlacement, at: StepAt): NoBidReason | null {
  const { pricing, rows } = at;
  const shop = pricing.shopSnapshot;
  return (
    step(clearBlocked(rows, shop, placement), 'attribute-blocked', at) ??
    step(keepIf(rows, hasGoods(shop, pricing)), 'no-creative', at)
  );
}

interface StepAt {
  readonly pricing: Pricing;
  readonly watch: DecisionWatch | null;
  readonly rows: Int32Array;
}

/** Null when something is left. */
function step(left: boolean, reason: NoBidReason, at: StepAt): NoBidReason | null {
  if (at.watch !== null) at.watch.imp(at.pricing, reason, at.rows);
  return left ? null : reason;
}

function keepIf(rows: Int32Array, may: boolean): boolean {
  if (!may) rows.fill(0);
  return may;
}

function hasGoods(shop: ShopSnapshot, { input, imp }: Pricing): boolean {
  const { secure } = input.request.imps[imp]!;
  return (secure ? shop.secureCatalogue : shop.catalogue).bestSellers.length > 0;
}

/** Leaves the campaigns that bid without a deal. */
function keepOpen(rows: Int32Array, { index, bits }: ShopSnapshot): boolean {
  return index.allOpen || andRow(rows, bits, index.open);
}

/** Leaves the campaigns that buy through the deal. */
function keepBuyers(rows: Int32Array, { index, bits }: ShopSnapshot, deal: string): boolean {
  const row = index.deals.get(deal);
  return row === undefined ? keepIf(rows, false) : andRow(rows, bits, row);
}

let fitting = new Int32Array(0);

/** Leaves the campaigns that have one of the placement's sizes. */
function keepSized(rows: Int32Array, shop: ShopSnapshot, placement: BannerPlacement): boolean {
  const { sizes } = shop.index;
  if (fitting.length !== rows.length) fitting = new Int32Array(rows.length);
  let rowsTaken = 0;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!;
    if (!takes(placement, size)) continue;
    if (rowsTaken++ === 0) copyRow(fitting, shop.bits, size.row);
    else orRow(fitting, shop.bits, size.row);
  }
  return rowsTaken === 0 ? keepIf(rows, false) : andRow(rows, fitting, 0);
}

function takes(placement: BannerPlacement, size: SizeRow): boolean {
  for (let i = 0; i < placement.sizes.length; i++)
    if (isSize(placement.sizes[i]!, size)) return true;
  return (
    shapeFor(placement, size) !== null ||
    (placement.screen !== null && fits(size, placement.screen))
  );
}

/** The flexible place that the size suits; null when there is none. */
export function shapeFor({ shapes }: BannerPlacement, { w, h }: Size): FlexShape | null {
  for (let i = 0; i < shapes.length; i++) {
    const shape = shapes[i]!;
    if (w * shape.hRatio === h * shape.wRatio && w >= shape.wMin) return shape;
  }
  return null;
}

function isSize(size: Size, row: SizeRow): boolean {
  return size.w === row.w && size.h === row.h;
}

function clearBlocked(
  rows: Int32Array,
  shop: ShopSnapshot,
  placement: BannerPlacement | NativePlacement,
): boolean {
  const { attributes } = shop.index;
  if (attributes.size === 0) return true;
  let left = true;
  for (let i = 0; i < placement.blockedAttributes.length; i++) {
    const row = attributes.get(placement.blockedAttributes[i]!);
    if (row !== undefined) left = andNotRow(rows, shop.bits, row);
  }
  return left;
}

function fits(size: SizeRow, screen: Size): boolean {
  return size.w <= screen.w && size.h <= screen.h;
}

/**
 * The size to bid: the first the placement lists and the campaign has; else the largest that suits a shape or
 * the screen. '' when all of them are of `paused` creatives.
 */
export function sizeFor(
  shop: ShopSnapshot,
  placement: BannerPlacement,
  campaign: number,
  paused: ReadonlySet<string>,
): string {
  const { sizes } = shop.index;
  for (let i = 0; i < placement.sizes.length; i++) {
    const size = rowOf(sizes, placement.sizes[i]!);
    if (size !== null && shows(shop, campaign, size, paused)) return size.name;
  }
  let best = '';
  let area = 0;
  for (const size of sizes) {
    if (size.w * size.h <= area || !takes(placement, size)) continue;
    if (!shows(shop, campaign, size, paused)) continue;
    best = size.name;
    area = size.w * size.h;
  }
  return best;
}

/** Whether the campaign has the size, in a creative that is not paused. */
function shows(
  shop: ShopSnapshot,
  campaign: number,
  size: SizeRow,
  paused: ReadonlySet<string>,
): boolean {
  if (!hasBit(shop.bits, size.row, shop.index.placeOf[campaign]!)) return false;
  if (paused.size === 0) return true;
  return !paused.has(shop.campaigns[campaign]!.banners.get(size.name)!.creative);
}

function rowOf(sizes: readonly SizeRow[], size: Size): SizeRow | null {
  for (let i = 0; i < sizes.length; i++) if (isSize(size, sizes[i]!)) return sizes[i]!;
  return null;
}
