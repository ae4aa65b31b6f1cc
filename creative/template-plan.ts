/** What a compiled template is made of. compile-template.ts builds it, render-template.ts reads it. */
import type { LayoutName } from './banner-layout.ts';

/** Every value a template may ask for, and the type it must be asked for with. */
export const SLOT_TYPES = {
  'item.title': 'text',
  'item.price': 'money',
  'item.listPrice': 'money',
  'item.discount': 'int',
  'item.image': 'url',
  'item.click': 'url',
  'shop.title': 'text',
  'offer.text': 'text',
  'banner.language': 'text',
  'banner.width': 'int',
  'banner.height': 'int',
  'banner.pixel': 'url',
} as const;

export type SlotPath = keyof typeof SLOT_TYPES;
/** `items` repeats; `sale` is an item below its list price; the others are shown or not. */
export type SectionName = 'items' | 'sale' | 'offer' | LayoutName;

/** The inside of an ASCII JSON string, or the bytes of the HTML in UTF-8, one character each. */
export type MarkupForm = 'json' | 'utf8';

export type Part =
  /** The same text as HTML, and as each form of markup that leaves the house. */
  | ({ readonly kind: 'literal'; readonly html: string } & Readonly<Record<MarkupForm, string>>)
  | { readonly kind: 'slot'; readonly path: SlotPath }
  | { readonly kind: 'section'; readonly name: SectionName; readonly parts: readonly Part[] };

export interface TemplatePlan {
  readonly file: string;
  /** Changes with the template's text: part of the creative id. */
  readonly version: string;
  readonly parts: readonly Part[];
}

export interface BannerSlots {
  readonly width: number;
  readonly height: number;
  readonly layout: LayoutName;
  readonly language: string;
  readonly shopTitle: string;
  /** '' is no offer. */
  readonly offerText: string;
  readonly pixelUrl: string;
  readonly items: readonly ItemSlots[];
}

export interface ItemSlots {
  readonly title: string;
  readonly priceText: string;
  /** '' when the item is not on sale. */
  readonly listPriceText: string;
  /** Whole percent off the list price, 0 when not on sale. */
  readonly discountPercent: number;
  readonly imageUrl: string;
  readonly clickUrl: string;
}

/** A template that may not be used: what is wrong, where, and what is allowed there. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(problem: string, at: { file: string; line: number; column: number }) {
    super(`${at.file}:${at.line}:${at.column}: ${problem}`);
    this.file = at.file;
    this.line = at.line;
    this.column = at.column;
  }
}
