/** What an imp itself demands of a campaign: a size it takes, no attribute it blocks, goods to show. */
import type { Imp, Size } from './bid-request.ts';
import { andNotRow, andRow, hasBit, orRow } from './bitmap.ts';
import type { SizeRow } from './campaign-index.ts';
import type { DecisionWatch } from './decision-watch.ts';
import type { NoBidReason } from './no-bid-reason.ts';
import type { Pricing } from './rank.ts';
import type { ShopSnapshot } from './snapshot.ts';

let fitting = new Int32Array(0);

/** Clears from `rows` what the imp does not take. Null when something is left. */
export function rowsOfImp(
  rows: Int32Array,
  pricing: Pricing,
  watch: DecisionWatch | null,
): NoBidReason | null {
  const shop = pricing.snapshot.shops[pricing.shop]!;
  const imp = pricing.input.request.imps[pricing.imp]!;
  const sized = keepFitting(rows, shop, imp);
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

function keepFitting(rows: Int32Array, shop: ShopSnapshot, imp: Imp): boolean {
  if (fitting.length !== rows.length) fitting = new Int32Array(rows.length);
  else fitting.fill(0);
  for (let i = 0; i < imp.sizes.length; i++) {
    const size = shop.index.sizes.get(sizeName(imp.sizes[i]!));
    if (size !== undefined) orRow(fitting, shop.bits, size.row);
  }
  if (imp.screen !== null) addScreenSizes(shop, imp.screen);
  return andRow(rows, fitting, 0);
}

function clearBlocked(rows: Int32Array, shop: ShopSnapshot, imp: Imp): boolean {
  let left = true;
  for (let i = 0; i < imp.blockedAttributes.length; i++) {
    const row = shop.index.attributes.get(imp.blockedAttributes[i]!);
    if (row !== undefined) left = andNotRow(rows, shop.bits, row);
  }
  return left;
}

function addScreenSizes(shop: ShopSnapshot, screen: Size): void {
  for (const size of shop.index.sizes.values()) {
    if (fits(size, screen)) orRow(fitting, shop.bits, size.row);
  }
}

function fits(size: SizeRow, screen: Size): boolean {
  return size.w <= screen.w && size.h <= screen.h;
}

/** The size to bid: the first the imp lists and the campaign has; else the largest that fits the screen. */
export function sizeFor(pricing: Pricing, campaign: number): string {
  const shop = pricing.snapshot.shops[pricing.shop]!;
  const imp = pricing.input.request.imps[pricing.imp]!;
  for (let i = 0; i < imp.sizes.length; i++) {
    const name = sizeName(imp.sizes[i]!);
    const size = shop.index.sizes.get(name);
    if (size !== undefined && hasBit(shop.bits, size.row, campaign)) return name;
  }
  let best = '';
  let area = 0;
  for (const [name, size] of shop.index.sizes) {
    if (imp.screen === null || !fits(size, imp.screen)) continue;
    if (!hasBit(shop.bits, size.row, campaign) || size.w * size.h <= area) continue;
    best = name;
    area = size.w * size.h;
  }
  return best;
}

function sizeName(size: Size): string {
  return `${size.w}x${size.h}`;
}
