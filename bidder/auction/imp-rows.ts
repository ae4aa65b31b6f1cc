/** What an imp itself demands of a campaign: a size it takes, no attribute it blocks, goods to show. */
import type { Imp, Size } from './bid-request.ts';
import { andNotRow, andRow, copyRow, hasBit, orRow } from './bitmap.ts';
import type { SizeRow } from './campaign-index.ts';
import type { DecisionWatch } from './decision-watch.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import type { Pricing } from './rank.ts';
import type { ShopSnapshot } from './snapshot.ts';

/** Fills `rows` with the campaigns of `base` that the imp takes. Null when some are left. */
export function rowsOfImp(
  rows: Int32Array,
  base: Int32Array,
  { pricing, watch }: { readonly pricing: Pricing; readonly watch: DecisionWatch | null },
): NoBidReason | null {
  const shop = pricing.shopSnapshot;
  const imp = pricing.input.request.imps[pricing.imp]!;
  addFitting(rows, shop, imp);
  const sized = andRow(rows, base, 0);
  if (watch !== null) watch.imp(pricing, 'size-not-offered', rows);
  if (!sized) return 'size-not-offered';
  const unblocked = clearBlocked(rows, shop, imp);
  if (watch !== null) watch.imp(pricing, 'attribute-blocked', rows);
  if (!unblocked) return 'attribute-blocked';
  const goods = imp.secure ? shop.secureCatalogue : shop.catalogue;
  if (goods.bestSellers.length > 0) return null;
  rows.fill(0);
  if (watch !== null) watch.imp(pricing, 'no-creative', rows);
  return 'no-creative';
}

/** Fills `rows` with the campaigns that have one of the imp's sizes. */
function addFitting(rows: Int32Array, shop: ShopSnapshot, imp: Imp): void {
  const { sizes } = shop.index;
  let rowsTaken = 0;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!;
    if (!takes(imp, size)) continue;
    if (rowsTaken++ === 0) copyRow(rows, shop.bits, size.row);
    else orRow(rows, shop.bits, size.row);
  }
  if (rowsTaken === 0) rows.fill(0);
}

function takes(imp: Imp, size: SizeRow): boolean {
  for (let i = 0; i < imp.sizes.length; i++) if (isSize(imp.sizes[i]!, size)) return true;
  return imp.screen !== null && fits(size, imp.screen);
}

function isSize(size: Size, row: SizeRow): boolean {
  return size.w === row.w && size.h === row.h;
}

function clearBlocked(rows: Int32Array, shop: ShopSnapshot, imp: Imp): boolean {
  const { attributes } = shop.index;
  if (attributes.size === 0) return true;
  let left = true;
  for (let i = 0; i < imp.blockedAttributes.length; i++) {
    const row = attributes.get(imp.blockedAttributes[i]!);
    if (row !== undefined) left = andNotRow(rows, shop.bits, row);
  }
  return left;
}

function fits(size: SizeRow, screen: Size): boolean {
  return size.w <= screen.w && size.h <= screen.h;
}

/** The size to bid: the first the imp lists and the campaign has; else the largest that fits the screen. */
export function sizeFor(shop: ShopSnapshot, imp: Imp, campaign: number): string {
  const { sizes, placeOf } = shop.index;
  const place = placeOf[campaign]!;
  for (let i = 0; i < imp.sizes.length; i++) {
    const size = rowOf(sizes, imp.sizes[i]!);
    if (size !== null && hasBit(shop.bits, size.row, place)) return size.name;
  }
  let best = '';
  let area = 0;
  for (const size of sizes) {
    if (imp.screen === null || !fits(size, imp.screen)) continue;
    if (!hasBit(shop.bits, size.row, place) || size.w * size.h <= area) continue;
    best = size.name;
    area = size.w * size.h;
  }
  return best;
}

function rowOf(sizes: readonly SizeRow[], size: Size): SizeRow | null {
  for (let i = 0; i < sizes.length; i++) if (isSize(size, sizes[i]!)) return sizes[i]!;
  return null;
}
