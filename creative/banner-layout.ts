/** How the cards of a banner lie. A template may say something for one layout: `{{#tower}}…{{/tower}}`. */
export const LAYOUTS = ['strip', 'wide', 'list', 'tower', 'wall'] as const;
export type LayoutName = (typeof LAYOUTS)[number];

export interface BannerLayout {
  readonly width: number;
  readonly height: number;
  readonly name: LayoutName;
  /** How many products fit, 1..CARDS_MAX. */
  readonly cards: number;
}

const CARDS_MAX = 6;
export const SIZES = [
  '300x250',
  '336x280',
  '728x90',
  '160x600',
  '300x600',
  '320x50',
  '320x100',
] as const;

const SIZE = /^([1-9]\d{1,3})x([1-9]\d{1,3})$/;

/**
 * strip: low and short, lines of 50 px beside the shop's name; wide: one row of cards; list: lines
 * under each other; tower: one column of cards, picture on top; wall: two such columns.
 */
export function bannerLayout(width: number, height: number): BannerLayout {
  const ratio = width / height;
  if (ratio > 2 && width < 468) return fitted('strip', height / 50);
  if (ratio > 2) return fitted('wide', (width - 110) / 205);
  if (ratio >= 0.6) return fitted('list', (height - 30) / 70);
  if (width < 240) return fitted('tower', (height - 40) / 180);
  return fitted('wall', 2 * Math.floor((height - 40) / 180));

  function fitted(name: LayoutName, room: number): BannerLayout {
    const cards = Math.min(CARDS_MAX, Math.max(1, Math.floor(room)));
    return { width, height, name, cards };
  }
}

/** Width and height of `WxH` in CSS pixels (10..9999 each), or null. */
export function parseSize(size: string): { width: number; height: number } | null {
  const match = SIZE.exec(size);
  return match === null ? null : { width: Number(match[1]), height: Number(match[2]) };
}
