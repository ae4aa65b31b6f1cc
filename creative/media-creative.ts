/** A video or audio ad as a campaign supplies it: the same film in one or several files. */
export interface MediaCreative {
  readonly kind: 'video' | 'audio';
  /** Shown by some players; plain text. */
  readonly adTitle: string;
  /** Whole seconds. */
  readonly durationS: number;
  /** A viewer may skip it after so many seconds, with the ad's own button; null: never. */
  readonly skipAfterS: number | null;
  /** AdCOM creative attributes, for battr and bid.attr; with ATTRIBUTE_SKIP exactly where it may be skipped. */
  readonly attributes: readonly number[];
  /** At least one. */
  readonly files: readonly MediaFile[];
}

interface MediaFile {
  /** https, serialised (WHATWG), without macros. */
  readonly url: string;
  /** As mediaType leaves it. */
  readonly mime: string;
  /** In pixels; 0 of an audio. */
  readonly width: number;
  readonly height: number;
  readonly bitrateKbps: number;
  /** RFC 4281, such as avc1.42E01E; '' is not said. */
  readonly codec: string;
  readonly delivery: 'progressive' | 'streaming';
}

/** AdCOM creative attribute of an ad with its own button to skip it. */
export const ATTRIBUTE_SKIP = 16;
