/** `imp.banner` as a BannerPlacement, or the reason why no banner of ours may be shown in it. Never throws. */
import type { BannerPlacement, FlexShape, Size } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { ATTRIBUTES_MAX, FORMATS_MAX, MIMES_MAX } from './list-bounds.ts';
import {
  finite,
  isCut,
  type JsonObject,
  list,
  object,
  present,
  texts,
  whole,
  wholes,
} from './read-values.ts';

const SIDE_MAX = 10_000;
/** AdCOM banner type 2: plain markup. Ours holds no script and no iframe. */
const XHTML_BANNER = 2;
/** What a place that takes markup says it takes. */
const MARKUP_MIMES = new Set([
  'text/html',
  'application/xhtml+xml',
  'text/javascript',
  'application/javascript',
]);

/** `device` says how large a full screen is. */
export function decodeBanner(
  banner: JsonObject,
  imp: JsonObject,
  device: JsonObject,
): BannerPlacement | NoBidReason {
  const refusal = refusesMarkup(banner);
  if (refusal !== null) return refusal;
  return {
    kind: 'banner',
    sizes: decodeSizes(banner),
    shapes: decodeShapes(banner['format']),
    screen: finite(imp['instl']) === 1 ? screen(device) : null,
    blockedAttributes: wholes(banner['battr'], ATTRIBUTES_MAX, 1000),
  };
}

function refusesMarkup(banner: JsonObject): NoBidReason | null {
  // Every entry of a block list binds: a list that would be cut is not bid on.
  if (isCut(banner['btype'], ATTRIBUTES_MAX)) return 'block-list-too-long';
  if (isCut(banner['battr'], ATTRIBUTES_MAX)) return 'block-list-too-long';
  const blocked = wholes(banner['btype'], ATTRIBUTES_MAX, 100);
  if (blocked.length > 0 && blocked.includes(XHTML_BANNER)) return 'banner-type-blocked';
  const mimes = texts(banner['mimes'], MIMES_MAX, 100);
  if (mimes.length === 0) return null;
  for (let i = 0; i < mimes.length; i++) {
    if (mimes[i] === 'text/html' || MARKUP_MIMES.has(mimes[i]!.toLowerCase())) return null;
  }
  return 'mime-not-accepted';
}

/** The union of `format` and `w`/`h`; 0 and 1x1 say nothing. */
function decodeSizes(banner: JsonObject): Size[] {
  const sizes: Size[] = [];
  const formats = list(banner['format'], FORMATS_MAX);
  for (let i = 0; i < formats.length; i++) addSize(sizes, object(formats[i]));
  addSize(sizes, banner);
  return sizes;
}

function addSize(sizes: Size[], wire: JsonObject): void {
  const w = whole(wire['w'], SIDE_MAX, 0);
  const h = whole(wire['h'], SIDE_MAX, 0);
  if (w <= 1 || h <= 1) return;
  for (let i = 0; i < sizes.length; i++) if (sizes[i]!.w === w && sizes[i]!.h === h) return;
  sizes.push({ w, h });
}

const NO_SHAPES: readonly FlexShape[] = Object.freeze([]);

function decodeShapes(formats: unknown): readonly FlexShape[] {
  let shapes = NO_SHAPES;
  if (!Array.isArray(formats)) return shapes;
  for (let i = 0; i < formats.length && i < FORMATS_MAX; i++) {
    const format = object(formats[i]);
    if (present(format['wratio'])) shapes = withShape(shapes, format);
  }
  return shapes;
}

function withShape(shapes: readonly FlexShape[], format: JsonObject): readonly FlexShape[] {
  const wRatio = whole(format['wratio'], SIDE_MAX, 0);
  const hRatio = whole(format['hratio'], SIDE_MAX, 0);
  if (wRatio === 0 || hRatio === 0) return shapes;
  return [...shapes, { wRatio, hRatio, wMin: whole(format['wmin'], SIDE_MAX, 0) }];
}

function screen(device: JsonObject): Size | null {
  const w = whole(device['w'], SIDE_MAX, 0);
  const h = whole(device['h'], SIDE_MAX, 0);
  return w > 1 && h > 1 ? { w, h } : null;
}
