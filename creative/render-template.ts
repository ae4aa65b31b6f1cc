import { encodeText, encodeUrl } from './encode-slot.ts';
import {
  type BannerSlots,
  type ItemSlots,
  type Part,
  type SectionName,
  SLOT_TYPES,
  type SlotPath,
  type TemplatePlan,
} from './template-plan.ts';

/** The markup as HTML, for previews. */
export function renderHtml(plan: TemplatePlan, slots: BannerSlots): string {
  return render(plan.parts, slots, null, 'html');
}

/** The markup as the inside of an ASCII JSON string: `"adm":"` + it + `"`. */
export function renderForJson(plan: TemplatePlan, slots: BannerSlots): string {
  return render(plan.parts, slots, null, 'json');
}

/** What a slot comes out as; the same in HTML and in JSON, see encode-slot.ts. */
export function slotMarkup(path: SlotPath, slots: BannerSlots, item: ItemSlots | null): string {
  const value = slotValue(path, slots, item);
  return SLOT_TYPES[path] === 'url' ? encodeUrl(value) : encodeText(value);
}

/** Whether a section other than `items` is shown. */
export function isShown(name: SectionName, slots: BannerSlots, item: ItemSlots | null): boolean {
  if (name === 'sale') return item !== null && item.listPriceText !== '';
  return name === 'offer' ? slots.offerText !== '' : name === slots.layout;
}

function render(
  parts: readonly Part[],
  slots: BannerSlots,
  item: ItemSlots | null,
  form: 'html' | 'json',
): string {
  let out = '';
  for (const part of parts) {
    if (part.kind === 'literal') out += part[form];
    else if (part.kind === 'slot') out += slotMarkup(part.path, slots, item);
    else if (part.name === 'items') {
      for (const each of slots.items) out += render(part.parts, slots, each, form);
    } else if (isShown(part.name, slots, item)) out += render(part.parts, slots, item, form);
  }
  return out;
}

function slotValue(path: SlotPath, slots: BannerSlots, item: ItemSlots | null): string {
  switch (path) {
    case 'shop.title':
      return slots.shopTitle;
    case 'offer.text':
      return slots.offerText;
    case 'banner.language':
      return slots.language;
    case 'banner.width':
      return String(slots.width);
    case 'banner.height':
      return String(slots.height);
    case 'banner.pixel':
      return slots.pixelUrl;
    default:
      if (item === null) throw new Error(`${path} outside of an item: the compiler let it pass`);
      return itemValue(path, item);
  }
}

function itemValue(path: SlotPath & `item.${string}`, item: ItemSlots): string {
  switch (path) {
    case 'item.title':
      return item.title;
    case 'item.price':
      return item.priceText;
    case 'item.listPrice':
      return item.listPriceText;
    case 'item.discount':
      return String(item.discountPercent);
    case 'item.image':
      return item.imageUrl;
    case 'item.click':
      return item.clickUrl;
  }
}
