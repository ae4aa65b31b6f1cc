/** What a campaign says of its native ads. What they show is the items'. */
export interface NativeCreative {
  /** Call to action such as "Shop now"; '' is none. */
  readonly cta: string;
  /** Plain text; '' is none, and an offer's text stands in for it. */
  readonly description: string;
  /** The size that every picture of the feed has, promised by the shop; null where nobody knows it. */
  readonly images: PixelSize | null;
  /** The shop's logo; null is none. */
  readonly icon: NativeIcon | null;
}

interface PixelSize {
  readonly width: number;
  readonly height: number;
}

interface NativeIcon extends PixelSize {
  /** https, serialised (WHATWG), without macros. */
  readonly url: string;
}
