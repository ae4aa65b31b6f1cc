/**
 * Whether a campaign's video or audio may be played where a request offers a place, and if so, in which
 * version of VAST and from which of its files. What the request does not say forbids nothing.
 *
 * Not looked at: `api` (a plain file needs none), `maxextended` (nothing extends ours), `startdelay`,
 * `playbackmethod` and `placement` (ours may run anywhere).
 */
import type { MediaCreative } from './media-creative.ts';
import type { MediaOffer } from './media-offer.ts';

export type VastVersion = '2.0' | '3.0' | '4.0' | '4.1' | '4.2';

/** AdCOM codes of inline VAST, best first; those of wrappers are others, and ours are never wrapped. */
const PROTOCOLS: readonly (readonly [number, VastVersion])[] = [
  [13, '4.2'],
  [11, '4.1'],
  [7, '4.0'],
  [3, '3.0'],
  [2, '2.0'],
];
/** Where a request names no protocol: the oldest that knows of skipping. */
const UNNAMED: readonly [number, VastVersion] = [3, '3.0'];
const LINEAR = 1;
const STREAMING = 1;
const PROGRESSIVE = 2;
const DOWNLOAD = 3;
/** Shapes that differ less than this are the same: heights are whole pixels. */
const SHAPE_TOLERANCE = 0.01;

export type MediaMisfit =
  | 'protocol-not-accepted'
  | 'linearity-not-accepted'
  | 'duration-not-accepted'
  | 'skip-not-accepted'
  | 'attribute-blocked'
  | 'mime-not-accepted'
  | 'media-file-not-accepted';

export interface MediaChoice {
  /** AdCOM code for bid.protocol. */
  readonly protocol: number;
  readonly version: VastVersion;
  /** Indexes in MediaCreative.files, the best one first. */
  readonly files: readonly number[];
}

/** The first reason against it, or null. Allocates nothing: every candidate is asked. */
export function mediaMisfit(media: MediaCreative, offer: MediaOffer): MediaMisfit | null {
  if (protocolOf(media, offer) === null) return 'protocol-not-accepted';
  if (offer.linearity > LINEAR) return 'linearity-not-accepted';
  if (!hasDuration(media.durationS, offer)) return 'duration-not-accepted';
  if (!maySkip(media, offer)) return 'skip-not-accepted';
  if (isBlocked(media, offer.blockedAttributes)) return 'attribute-blocked';
  return filesMisfit(media, offer);
}

/** For a media that has no misfit. */
export function chooseMedia(media: MediaCreative, offer: MediaOffer): MediaChoice {
  const [protocol, version] = protocolOf(media, offer) ?? UNNAMED;
  const files: number[] = [];
  for (let i = 0; i < media.files.length; i++) {
    const file = media.files[i]!;
    if (hasMime(file, offer) && hasDelivery(file, offer)) files.push(i);
  }
  files.sort(
    (one, other) => distance(media.files[one]!, offer) - distance(media.files[other]!, offer),
  );
  return { protocol, version, files };
}

type MediaFile = MediaCreative['files'][number];

/** 2.0 knows no skipping: a player would show the ad whole. */
function protocolOf(
  { skipAfterS }: MediaCreative,
  { protocols }: MediaOffer,
): readonly [number, VastVersion] | null {
  if (protocols.length === 0) return UNNAMED;
  for (let i = 0; i < PROTOCOLS.length; i++) {
    const protocol = PROTOCOLS[i]!;
    if (!protocols.includes(protocol[0])) continue;
    return protocol[1] === '2.0' && skipAfterS !== null ? null : protocol;
  }
  return null;
}

/** The exact ones exclude a range (OpenRTB 2.6, 3.2.7), so where both are sent they win. */
function hasDuration(durationS: number, offer: MediaOffer): boolean {
  const { exactDurationsS, minDurationS, maxDurationS, pod } = offer;
  if (pod !== null && pod.durationS > 0 && durationS > pod.durationS) return false;
  if (exactDurationsS.length > 0) return exactDurationsS.includes(durationS);
  return durationS >= minDurationS && (maxDurationS === 0 || durationS <= maxDurationS);
}

/** An ad with its own button only where a viewer may skip, not before, and if it is long enough. */
function maySkip({ durationS, skipAfterS }: MediaCreative, offer: MediaOffer): boolean {
  if (skipAfterS === null) return true;
  if (offer.skip === false) return false;
  return durationS > offer.skipMinS && skipAfterS >= offer.skipAfterS;
}

function isBlocked({ attributes }: MediaCreative, blocked: readonly number[]): boolean {
  for (let i = 0; i < blocked.length; i++) if (attributes.includes(blocked[i]!)) return true;
  return false;
}

function filesMisfit({ files }: MediaCreative, offer: MediaOffer): MediaMisfit | null {
  let misfit: MediaMisfit = 'mime-not-accepted';
  for (let i = 0; i < files.length; i++) {
    if (!hasMime(files[i]!, offer)) continue;
    if (hasDelivery(files[i]!, offer)) return null;
    misfit = 'media-file-not-accepted';
  }
  return misfit;
}

function hasMime({ mime }: MediaFile, { mimes }: MediaOffer): boolean {
  return mimes.length === 0 || mimes.includes(mime);
}

/** Bitrate, way of delivery, and the shape where bars beside the picture are not allowed. */
function hasDelivery(file: MediaFile, offer: MediaOffer): boolean {
  const { bitrateKbps } = file;
  const { minBitrateKbps, maxBitrateKbps, delivery } = offer;
  if (bitrateKbps < minBitrateKbps) return false;
  if (maxBitrateKbps > 0 && bitrateKbps > maxBitrateKbps) return false;
  if (!offer.boxingAllowed && !hasShape(file, offer)) return false;
  if (delivery.length === 0) return true;
  return file.delivery === 'streaming'
    ? delivery.includes(STREAMING)
    : delivery.includes(PROGRESSIVE) || delivery.includes(DOWNLOAD);
}

function hasShape({ width, height }: MediaFile, { w, h }: MediaOffer): boolean {
  if (w === 0 || h === 0 || width === 0 || height === 0) return true;
  return Math.abs((width * h) / (height * w) - 1) <= SHAPE_TOLERANCE;
}

/** From the player's size, in pixels of width: any that is not larger is nearer than any that is. */
function distance({ width }: MediaFile, { w }: MediaOffer): number {
  if (w === 0) return -width;
  return width <= w ? w - width : width;
}
