/** A place for a video or audio ad as a request offers it: flat and bounded. 0 and an empty list: not said. */
export interface MediaPlacement {
  readonly kind: 'video' | 'audio';
  /** Lower case, without parameters, common other names replaced (mediaType). */
  readonly mimes: readonly string[];
  /** AdCOM creative subtypes of audio and video: VAST versions, a wrapper's apart from an inline's. */
  readonly protocols: readonly number[];
  readonly minDurationS: number;
  readonly maxDurationS: number;
  /** Not empty: exactly one of these, and the two bounds above say nothing. */
  readonly exactDurationsS: readonly number[];
  /** AdCOM: 1 linear, 2 non-linear. */
  readonly linearity: number;
  /** Whether a viewer may skip; null when the request does not say. */
  readonly skip: boolean | null;
  /** An ad may be skipped when it is longer than this, and once it has played for the other. */
  readonly skipMinS: number;
  readonly skipAfterS: number;
  /** Of the player, in device independent pixels. */
  readonly w: number;
  readonly h: number;
  readonly minBitrateKbps: number;
  readonly maxBitrateKbps: number;
  /** AdCOM: 1 streaming, 2 progressive, 3 download. */
  readonly delivery: readonly number[];
  /** False: the picture must have the player's shape. */
  readonly boxingAllowed: boolean;
  readonly blockedAttributes: readonly number[];
  /** AdCOM video placement subtype. */
  readonly plcmt: number;
  readonly floors: DurationFloors;
  /** Null outside of a pod. */
  readonly pod: PodPlace | null;
}

/** Floors that depend on how long the ad is, in the currency of the floor they stand beside. */
export interface DurationFloors {
  readonly cpmMicrosPerS: number;
  /** Both bounds belong to their range. */
  readonly ranges: readonly {
    readonly minS: number;
    readonly maxS: number;
    readonly floorCpmMicros: number;
  }[];
}

/** Where in an ad break the place is. An imp with `durationS` takes several ads that share it. */
interface PodPlace {
  /** Imps of one request with the same id are one break. '' is a break of this imp alone. */
  readonly id: string;
  /** AdCOM: which break of the stream: -1 last, 0 any, 1 first. */
  readonly sequence: number;
  /** AdCOM: which place the seller guarantees: -1 last, 0 any, 1 first, 2 first or last. */
  readonly slot: number;
  readonly durationS: number;
  readonly adsMax: number;
  /** AdCOM: 1 adomain, 2 category, 3 creative, 4 media URL, 5 none. */
  readonly dedupe: readonly number[];
}

/** Names of one media type by another than its own. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['audio/mp3', 'audio/mpeg'],
  ['audio/mpeg3', 'audio/mpeg'],
  ['audio/x-mpeg', 'audio/mpeg'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/x-wav', 'audio/wav'],
  ['video/x-mp4', 'video/mp4'],
  ['application/vnd.apple.mpegurl', 'application/x-mpegurl'],
]);

/** `Video/MP4; codecs=…` as `video/mp4`: how a placement and a file can be compared. */
export function mediaType(mime: string): string {
  const end = mime.indexOf(';');
  const name = (end < 0 ? mime : mime.slice(0, end)).trim().toLowerCase();
  return OTHER_NAMES.get(name) ?? name;
}
