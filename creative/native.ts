/**
 * Native ads from a shop's items: one item per place. Honest about what nobody knows: a size is promised
 * only where the shop told that of its pictures, a price is never cut, and a sale is one only where the
 * catalogue believes it.
 */
import type { CatalogueItem } from './index-catalogue.ts';
import type { NativeCreative } from './native-creative.ts';
import type { NativeAsset, NativeContent, NativePlacement } from './native-placement.ts';
import { cutText, plainText } from './native-text.ts';
import { NativeWriter } from './native-writer.ts';
import type { MarkupForm } from './template-plan.ts';

export interface PreparedNative {
  readonly creative: NativeCreative;
  /** Plain text. */
  readonly shopTitle: string;
  readonly domain: string;
  readonly writers: Readonly<Record<MarkupForm, NativeWriter>>;
}

/** What one bid shows. */
export interface NativeInput {
  readonly item: CatalogueItem;
  /** '' is no offer. */
  readonly offerText: string;
  /** Whole, and as it is: nothing in JSON decodes an HTML entity. */
  readonly clickUrl: string;
  readonly impressionUrl: string;
  /** Of a page that says why this ad is shown; '' is none. */
  readonly privacyUrl: string;
}

export function prepareNative(input: {
  creative: NativeCreative;
  shop: { readonly title: string; readonly domain: string };
}): PreparedNative {
  const { creative, shop } = input;
  return {
    creative: {
      ...creative,
      cta: plainText(creative.cta),
      description: plainText(creative.description),
    },
    shopTitle: plainText(shop.title),
    domain: shop.domain,
    writers: { json: new NativeWriter('json'), utf8: new NativeWriter('utf8') },
  };
}

/** Index of the first item with which every required asset can be filled, or -1: then there is no creative. */
export function firstNativeItem(
  native: PreparedNative,
  placement: NativePlacement,
  { items, offerText }: { items: readonly CatalogueItem[]; offerText: string },
): number {
  for (let i = 0; i < items.length; i++) {
    if (fillsRequired(native, placement, items[i]!, offerText)) return i;
  }
  return -1;
}

function fillsRequired(
  native: PreparedNative,
  placement: NativePlacement,
  item: CatalogueItem,
  offerText: string,
): boolean {
  let filled = 0;
  for (const asset of placement.assets) {
    const value = assetValue(native, { asset, placement, item, offerText });
    if (value !== '') filled++;
    else if (asset.required) return false;
  }
  return filled > 0;
}

/** The markup of one bid: the JSON of the answer, in the form in which `adm` is written. */
export function renderNative(
  native: PreparedNative,
  placement: NativePlacement,
  input: NativeInput,
  form: MarkupForm = 'json',
): string {
  const writer = native.writers[form];
  const { item, offerText, clickUrl, impressionUrl, privacyUrl } = input;
  let assets = '';
  for (const asset of placement.assets) {
    const value = assetValue(native, { asset, placement, item, offerText });
    if (value === '') continue;
    if (assets !== '') assets += ',';
    assets += assetJson(native.creative, writer, { asset, value, version: placement.version });
  }
  return writer.answer(placement, { assets, clickUrl, impressionUrl, privacyUrl });
}

interface Fill {
  readonly asset: NativeAsset;
  readonly placement: NativePlacement;
  readonly item: CatalogueItem;
  readonly offerText: string;
}

/** A text within its length or a URL of a picture that fits; '' when the asset cannot be filled. */
function assetValue(native: PreparedNative, fill: Fill): string {
  const { asset, item } = fill;
  const { content, lengthMax } = asset;
  if (content === 'icon') return iconUrl(native.creative, asset);
  if (content === 'image') return imageUrl(native.creative, asset, item);
  const text = textOf(native, content, fill);
  if (CUTTABLE.has(content)) return cutText(text, lengthMax);
  return lengthMax === 0 || text.length <= lengthMax ? text : '';
}
/** Half a price is another price, and half an address leads nowhere. */
const CUTTABLE: ReadonlySet<NativeContent> = new Set([
  'title',
  'sponsored',
  'description',
  'description-2',
]);

function textOf(
  { creative, shopTitle, domain }: PreparedNative,
  content: Exclude<NativeContent, 'icon' | 'image'>,
  { item, placement, offerText }: Fill,
): string {
  switch (content) {
    case 'title':
      return plainText(item.title);
    case 'sponsored':
      return shopTitle;
    case 'description':
      return creative.description === '' ? plainText(offerText) : creative.description;
    case 'description-2':
      return creative.description === '' ? '' : plainText(offerText);
    case 'price':
      return item.listPriceText !== '' && asksFor(placement, 'sale-price')
        ? item.listPriceText
        : item.priceText;
    case 'sale-price':
      return item.listPriceText === '' ? '' : item.priceText;
    case 'display-url':
      return domain;
    case 'cta':
      return creative.cta;
  }
}

/** The price before a sale is shown only beside that of the sale: alone it would be a wrong one. */
function asksFor({ assets }: NativePlacement, content: NativeContent): boolean {
  for (const asset of assets) if (asset.content === content) return true;
  return false;
}

function iconUrl({ icon }: NativeCreative, asset: NativeAsset): string {
  if (icon === null) return '';
  return hasSize(asset, icon) && hasMime(asset, icon.url) ? icon.url : '';
}

function imageUrl({ images }: NativeCreative, asset: NativeAsset, item: CatalogueItem): string {
  const { imageUrl } = item;
  // A picture inside of its URL is none that an app could load.
  if (imageUrl.startsWith('data:') || !hasSize(asset, images)) return '';
  return hasMime(asset, imageUrl) ? imageUrl : '';
}

/** A size that is not known fits only where none is asked for. */
function hasSize({ w, h, wMin, hMin }: NativeAsset, size: NativeCreative['images']): boolean {
  return hasSide(w, wMin, size?.width ?? 0) && hasSide(h, hMin, size?.height ?? 0);
}

/** Where a least one is named, the place scales; else the side is exact (Native 1.2, 4.4). */
function hasSide(exact: number, min: number, side: number): boolean {
  return min > 0 ? side >= min : exact === 0 || side === exact;
}

function hasMime({ mimes }: NativeAsset, url: string): boolean {
  if (mimes.length === 0) return true;
  const mime = MIMES[EXTENSION.exec(url)?.[1]?.toLowerCase() ?? ''];
  return mime !== undefined && (mimes.includes(mime) || (mime === JPEG && mimes.includes(JPG)));
}
const JPEG = 'image/jpeg';
/** No media type, and yet what many write. */
const JPG = 'image/jpg';
const EXTENSION = /^[^?#]*\.([A-Za-z]{3,4})(?:[?#]|$)/;
const MIMES: Readonly<Record<string, string>> = {
  jpg: JPEG,
  jpeg: JPEG,
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
};

function assetJson(
  creative: NativeCreative,
  writer: NativeWriter,
  {
    asset,
    value,
    version,
  }: { asset: NativeAsset; value: string; version: NativePlacement['version'] },
): string {
  const { id, content } = asset;
  // Only 1.2 has it in an answer, where renderers tell an icon from a picture by it.
  const type = version === '1.2' ? asset.type : 0;
  if (content === 'title') return writer.title(id, value);
  if (content === 'icon') return writer.image({ id, url: value, type, size: creative.icon });
  if (content === 'image') return writer.image({ id, url: value, type, size: creative.images });
  return writer.data(id, value, type);
}
