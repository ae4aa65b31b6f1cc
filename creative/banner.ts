/**
 * Banners from prepared pieces. Whatever a bid does not change is rendered when the shop is loaded
 * or on first use: the frame of a size (once per offer text) and the card of an item (once for all
 * sizes). A bid then only joins them with its click and impression URLs.
 */
import { type BannerLayout, bannerLayout, parseSize } from './banner-layout.ts';
import { encodeUrl } from './encode-slot.ts';
import type { CatalogueIndex, CatalogueItem } from './index-catalogue.ts';
import { isShown, slotMarkup } from './render-template.ts';
import type {
  BannerSlots,
  ItemSlots,
  MarkupForm,
  Part,
  SlotPath,
  TemplatePlan,
} from './template-plan.ts';

/** Texts, and between each two of them something that only the bid knows. */
interface Pieces {
  readonly form: MarkupForm;
  readonly texts: string[];
  /** `holes[i]` stands between `texts[i]` and `texts[i + 1]`. */
  readonly holes: ('items' | 'pixel' | 'click')[];
}

interface Cards {
  readonly plan: TemplatePlan;
  readonly catalogue: CatalogueIndex;
  /** By ordinal: the texts between which the click URL stands. Filled on first showing in a form. */
  readonly byOrdinal: Partial<Record<MarkupForm, (readonly string[] | undefined)[]>>;
}

export interface PreparedBanner {
  readonly layout: BannerLayout;
  readonly shop: { readonly title: string; readonly language: string };
  readonly cards: Cards;
  /** By offer text. */
  readonly frames: Readonly<Record<MarkupForm, Map<string, Pieces>>>;
}

export interface BannerInput {
  /** At least one and at most `layout.cards`, of the catalogue the banner was prepared with. */
  readonly items: readonly CatalogueItem[];
  /** Everything of a click URL but the slot number at its end. */
  readonly clickUrlPrefix: string;
  readonly impressionUrl: string;
  /** '' is no offer. */
  readonly offerText: string;
}

const FRAMES_MAX = 64;

/**
 * Prepares a template for a shop's catalogue in the given sizes (`WxH`); the map has the same keys.
 * Throws RangeError on a size that is none.
 */
export function prepareBanners(input: {
  plan: TemplatePlan;
  catalogue: CatalogueIndex;
  shop: { readonly title: string; readonly language: string };
  sizes: readonly string[];
}): ReadonlyMap<string, PreparedBanner> {
  const { plan, catalogue, shop } = input;
  const cards: Cards = { plan, catalogue, byOrdinal: {} };
  const prepared = new Map<string, PreparedBanner>();
  for (const size of input.sizes) {
    const pixels = parseSize(size);
    if (pixels === null) throw new RangeError(`"${size}" is no banner size, expected as 300x250`);
    const layout = bannerLayout(pixels.width, pixels.height);
    prepared.set(size, { layout, shop, cards, frames: { json: new Map(), utf8: new Map() } });
  }
  return prepared;
}

/** The markup of one bid. */
export function renderBanner(
  banner: PreparedBanner,
  input: BannerInput,
  form: MarkupForm = 'json',
): string {
  const { clickUrlPrefix, impressionUrl } = input;
  const urls = {
    clickUrlPrefix: encodeUrl(clickUrlPrefix),
    impressionUrl: encodeUrl(impressionUrl),
  };
  return joinBanner(banner, { ...input, ...urls }, form);
}

/** As renderBanner, of URLs that went through encodeUrl already: then they are the same in each form. */
export function joinBanner(banner: PreparedBanner, input: BannerInput, form: MarkupForm): string {
  const { offerText } = input;
  const frame = banner.frames[form].get(offerText) ?? addFrame(banner, offerText, form);
  const { texts, holes } = frame;
  let out = texts[0]!;
  for (let i = 0; i < holes.length; i++) {
    out += holes[i] === 'items' ? joinCards(banner, input, form) : input.impressionUrl;
    out += texts[i + 1]!;
  }
  return out;
}

/** The same banner's values, for renderHtml and renderForJson: previews, and the proof of equality. */
export function bannerSlots(banner: PreparedBanner, input: BannerInput): BannerSlots {
  const items = input.items.map((item, i) => itemSlots(item, input.clickUrlPrefix + i));
  return { ...frameSlots(banner, input.offerText), pixelUrl: input.impressionUrl, items };
}

function joinCards(banner: PreparedBanner, input: BannerInput, form: MarkupForm): string {
  const { items, clickUrlPrefix } = input;
  const { catalogue } = banner.cards;
  const byOrdinal = cardsIn(banner.cards, form);
  if (items.length === 0 || items.length > banner.layout.cards) {
    throw new RangeError(`${items.length} items for a banner of 1 to ${banner.layout.cards}`);
  }
  let out = '';
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    // A card is kept by ordinal: of another catalogue it would be another product's.
    if (catalogue.items[item.ordinal] !== item) {
      throw new Error(`item ${item.id} is not of the catalogue this banner was prepared with`);
    }
    const texts = byOrdinal[item.ordinal] ?? addCard(banner, item, form);
    out += texts[0]!;
    for (let t = 1; t < texts.length; t++) out += clickUrlPrefix + i + texts[t]!;
  }
  return out;
}

function cardsIn(cards: Cards, form: MarkupForm): (readonly string[] | undefined)[] {
  const { byOrdinal, catalogue } = cards;
  const known = byOrdinal[form];
  if (known !== undefined) return known;
  const empty = new Array(catalogue.items.length);
  byOrdinal[form] = empty;
  return empty;
}

function addFrame(banner: PreparedBanner, offerText: string, form: MarkupForm): Pieces {
  const pieces: Pieces = { form, texts: [''], holes: [] };
  cut(banner.cards.plan.parts, frameSlots(banner, offerText), null, pieces);
  // Offers come from settings, so this bound is never met but by mistake.
  const frames = banner.frames[form];
  if (frames.size >= FRAMES_MAX) frames.clear();
  frames.set(offerText, pieces);
  return pieces;
}

function addCard(banner: PreparedBanner, item: CatalogueItem, form: MarkupForm): readonly string[] {
  const { plan } = banner.cards;
  const pieces: Pieces = { form, texts: [''], holes: [] };
  const slots = frameSlots(banner, '');
  cut(itemsPartsOf(plan.parts), slots, itemSlots(item, ''), pieces);
  cardsIn(banner.cards, form)[item.ordinal] = pieces.texts;
  return pieces.texts;
}

/** Renders all but the holes. */
function cut(
  parts: readonly Part[],
  slots: BannerSlots,
  item: ItemSlots | null,
  out: Pieces,
): void {
  for (const part of parts) {
    if (part.kind === 'literal') append(out, part[out.form]);
    else if (part.kind === 'slot') cutSlot(part.path, slots, item, out);
    else if (part.name === 'items') hole(out, 'items');
    else if (isShown(part.name, slots, item)) cut(part.parts, slots, item, out);
  }
}

function cutSlot(path: SlotPath, slots: BannerSlots, item: ItemSlots | null, out: Pieces): void {
  if (path === 'banner.pixel') hole(out, 'pixel');
  else if (path === 'item.click') hole(out, 'click');
  else append(out, slotMarkup(path, slots, item));
}

function append(out: Pieces, text: string): void {
  out.texts[out.texts.length - 1] += text;
}

function hole(out: Pieces, name: 'items' | 'pixel' | 'click'): void {
  out.holes.push(name);
  out.texts.push('');
}

function itemsPartsOf(parts: readonly Part[]): readonly Part[] {
  for (const part of parts) {
    if (part.kind === 'section' && part.name === 'items') return part.parts;
  }
  throw new Error('no {{#items}}: the compiler let it pass');
}

function frameSlots(banner: PreparedBanner, offerText: string): BannerSlots {
  const { layout, shop } = banner;
  return {
    width: layout.width,
    height: layout.height,
    layout: layout.name,
    language: shop.language,
    shopTitle: shop.title,
    offerText,
    pixelUrl: '',
    items: [],
  };
}

function itemSlots(item: CatalogueItem, clickUrl: string): ItemSlots {
  const { title, priceText, listPriceText, discountPercent, imageUrl } = item;
  return { title, priceText, listPriceText, discountPercent, imageUrl, clickUrl };
}
