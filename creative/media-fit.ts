/**
 * Whether a campaign's video or audio may be played where a request offers a place, and if so, in which
 * version of VAST and from which of its files. What the request does not say forbids nothing.
 *
 * Not looked at: `api` (a plain file needs none), `maxextended` (nothing extends ours), `startdelay`,
 * `playbackmethod` and `placement` (ours may run anywhere).
 */
import type { MediaCreative } from './media-creative.ts';
import type { MediaPlacement } from './media-placement.ts';

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
export function mediaMisfit(media: MediaCreative, placement: MediaPlacement): MediaMisfit | null {
  if (protocolOf(media, placement) === null) return 'protocol-not-accepted';
  if (placement.linearity > LINEAR) return 'linearity-not-accepted';
  if (!hasDuration(media.durationS, placement)) return 'duration-not-accepted';
  if (!maySkip(media, placement)) return 'skip-not-accepted';
  if (isBlocked(media, placement.blockedAttributes)) return 'attribute-blocked';
  return filesMisfit(media, placement);
}

/** For a media that has no misfit. */
export function chooseMedia(media: MediaCreative, placement: MediaPlacement): MediaChoice {
  const [protocol, version] = protocolOf(media, placement) ?? UNNAMED;
  const files: number[] = [];
  for (let i = 0; i < media.files.length; i++) {
    const file = media.files[i]!;
    if (hasMime(file, placement) && hasDelivery(file, placement)) files.push(i);
  }
  files.sort(
    (one, other) =>
      distance(media.files[one]!, placement) - distance(media.files[other]!, placement),
  );
  return { protocol, version, files };
}

type MediaFile = MediaCreative['files'][number];

/** 2.0 knows no skipping: a player would show the ad whole. */
function protocolOf(
  { skipAfterS }: MediaCreative,
  { protocols }: MediaPlacement,
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
function hasDuration(durationS: number, placement: MediaPlacement): boolean {
  const { exactDurationsS, minDurationS, maxDurationS, pod } = placement;
  if (pod !== null && pod.durationS > 0 && durationS > pod.durationS) return false;
  if (exactDurationsS.length > 0) return exactDurationsS.includes(durationS);
  return durationS >= minDurationS && (maxDurationS === 0 || durationS <= maxDurationS);
}

/** An ad with its own button only where a viewer may skip, not before, and if it is long enough. */
function maySkip({ durationS, skipAfterS }: MediaCreative, placement: MediaPlacement): boolean {
  if (skipAfterS === null) return true;
  if (placement.skip === false) return false;
  return durationS > placement.skipMinS && skipAfterS >= placement.skipAfterS;
}

function isBlocked({ attributes }: MediaCreative, blocked: readonly number[]): boolean {
  for (let i = 0; i < blocked.length; i++) if (attributes.includes(blocked[i]!)) return true;
  return false;
}

function filesMisfit({ files }: MediaCreative, placement: MediaPlacement): MediaMisfit | null {
  let misfit: MediaMisfit = 'mime-not-accepted';
  for (let i = 0; i < files.length; i++) {
    if (!hasMime(files[i]!, placement)) continue;
    if (hasDelivery(files[i]!, placement)) return null;
    misfit = 'media-file-not-accepted';
  }
  return misfit;
}

function hasMime({ mime }: MediaFile, { mimes }: MediaPlacement): boolean {
  return mimes.length === 0 || mimes.includes(mime);
}

/** Bitrate, way of delivery, and the shape where bars beside the picture are not allowed. */
function hasDelivery(file: MediaFile, placement: MediaPlacement): boolean {
  const { bitrateKbps } = file;
  const { minBitrateKbps, maxBitrateKbps, delivery } = placement;
  if (bitrateKbps < minBitrateKbps) return false;
  if (maxBitrateKbps > 0 && bitrateKbps > maxBitrateKbps) return false;
  if (!placement.boxingAllowed && !hasShape(file, placement)) return false;
  if (delivery.length === 0) return true;
  return file.delivery === 'streaming'
    ? delivery.includes(STREAMING)
    : delivery.includes(PROGRESSIVE) || delivery.includes(DOWNLOAD);
}

function hasShape({ width, height }: MediaFile, { w, h }: MediaPlacement): boolean {
  if (w === 0 || h === 0 || width === 0 || height === 0) return true;
  return Math.abs((width * h) / (height * w) - 1) <= SHAPE_TOLERANCE;
}

/** From the player's size, in pixels of width: any that is not larger is nearer than any that is. */
function distance({ width }: MediaFile, { w }: MediaPlacement): number {
  if (w === 0) return -width;
  return width <= w ? w - width : width;
}
