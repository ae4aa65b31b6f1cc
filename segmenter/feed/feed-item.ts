import type { Item } from '../../creative/item.ts';
import { parseFeedPrice } from './feed-price.ts';
import { plainText } from './plain-text.ts';

/** One product as the feed writes it: canonical field names, raw values. */
export type FeedRow = ReadonlyMap<FeedField, string>;
export type FeedField =
  | 'id'
  | 'title'
  | 'link'
  | 'image_link'
  | 'price'
  | 'sale_price'
  | 'sale_price_effective_date'
  | 'availability'
  | 'product_type'
  | 'google_product_category'
  | 'brand';

export interface FeedItemOptions {
  /** ISO 4217; prices that name another currency are refused. */
  readonly currency: string;
  /** Unix ms for sales with an effective date; without it such a sale is not believed. */
  readonly nowMs?: number;
}

/** What this shop's and other feeds call our fields. */
const FIELD_NAMES: Readonly<Record<string, FeedField>> = {
  id: 'id',
  product_id: 'id',
  title: 'title',
  name: 'title',
  product_name: 'title',
  link: 'link',
  url: 'link',
  product_url: 'link',
  image_link: 'image_link',
  image_url: 'image_link',
  image: 'image_link',
  price: 'price',
  sale_price: 'sale_price',
  sale_price_effective_date: 'sale_price_effective_date',
  availability: 'availability',
  product_type: 'product_type',
  category: 'product_type',
  google_product_category: 'google_product_category',
  brand: 'brand',
  manufacturer: 'brand',
  vendor: 'brand',
};

const AVAILABLE = 'in_stock available instock yes true 1 preorder backorder limited_availability';
const UNAVAILABLE = 'out_of_stock outofstock unavailable sold_out discontinued no false 0';
const AVAILABILITY = new Map<string, boolean>([
  ...AVAILABLE.split(' ').map((name): [string, boolean] => [name, true]),
  ...UNAVAILABLE.split(' ').map((name): [string, boolean] => [name, false]),
]);
const DATA_IMAGE = /^data:image\/(svg\+xml|png)[;,]/;
const ID_LENGTH_MAX = 128;
/** A "sale" below a tenth of the price is a monthly rate or a slip. */
const SALE_SHARE_MIN = 0.1;

/** The canonical field for a column or element name, or null for one we do not read. */
export function feedField(name: string): FeedField | null {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/^g:/, '')
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(FIELD_NAMES, plain) ? FIELD_NAMES[plain]! : null;
}

/** A row as an item, or why it is none. */
export function readFeedItem(row: FeedRow, options: FeedItemOptions): Item | { reason: string } {
  const id = value(row, 'id').trim();
  const title = plainText(value(row, 'title'));
  const named = idProblem(id) ?? (title === '' ? 'title is missing' : null);
  if (named !== null) return { reason: named };
  const price = parseFeedPrice(value(row, 'price'), options.currency);
  if (price.kind === 'problem') return price;
  const landingUrl = webUrl(value(row, 'link'));
  if (landingUrl === null) return urlProblem('link', row);
  const imageUrl = imageUrlOf(value(row, 'image_link'));
  if (imageUrl === null) return urlProblem('image_link', row);
  const available = availabilityOf(value(row, 'availability'));
  if (available === null) return availabilityProblem(row);
  const sale = salePrice(row, price.micros, options);
  return {
    id,
    title,
    priceMicros: sale ?? price.micros,
    listPriceMicros: sale === null ? null : price.micros,
    imageUrl,
    landingUrl,
    category: plainText(value(row, 'product_type') || value(row, 'google_product_category')),
    available,
  };
}

/** Plain text; '' when the feed names none. */
export function readFeedBrand(row: FeedRow): string {
  return plainText(value(row, 'brand'));
}

function value(row: FeedRow, field: FeedField): string {
  return row.get(field) ?? '';
}

function idProblem(id: string): string | null {
  if (id === '') return 'id is missing';
  if (id.length > ID_LENGTH_MAX) return `id is longer than ${ID_LENGTH_MAX} characters`;
  return /\p{Cc}/u.test(id) ? 'id holds a control character' : null;
}

function salePrice(row: FeedRow, listMicros: number, options: FeedItemOptions): number | null {
  const text = value(row, 'sale_price').trim();
  if (text === '' || !isSaleOn(value(row, 'sale_price_effective_date'), options.nowMs)) return null;
  const sale = parseFeedPrice(text, options.currency);
  if (sale.kind === 'problem') return null;
  return sale.micros < listMicros && sale.micros >= listMicros * SALE_SHARE_MIN
    ? sale.micros
    : null;
}

function isSaleOn(window: string, nowMs: number | undefined): boolean {
  if (window.trim() === '') return true;
  const [start, end] = window.split('/').map((text) => Date.parse(text.trim()));
  if (start === undefined || end === undefined || nowMs === undefined) return false;
  return start <= nowMs && nowMs < end;
}

function webUrl(text: string): string | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url.href : null;
}

function imageUrlOf(text: string): string | null {
  if (DATA_IMAGE.test(text.trim())) return new URL(text.trim()).href;
  const href = webUrl(text);
  // A shop's front page where the picture should be is no picture.
  return href === null || /^https?:\/\/[^/]*\/?$/.test(href) ? null : href;
}

/** Absent counts as available, as the feed formats have it; an unknown word is null. */
function availabilityOf(text: string): boolean | null {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\/schema\.org\//, '')
    .replace(/[\s-]+/g, '_');
  return word === '' ? true : (AVAILABILITY.get(word) ?? null);
}

function availabilityProblem(row: FeedRow): { reason: string } {
  const text = shown(value(row, 'availability'));
  return {
    reason: `availability ${text} is not known; expected in_stock, out_of_stock, preorder or backorder`,
  };
}

function urlProblem(field: 'link' | 'image_link', row: FeedRow): { reason: string } {
  const text = value(row, field);
  if (text.trim() === '') return { reason: `${field} is missing` };
  const expected =
    field === 'link' ? 'an http(s) URL' : 'the http(s) or data:image URL of a picture';
  return { reason: `${field} ${shown(text)} is not ${expected}` };
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
