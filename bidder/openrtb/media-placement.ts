/**
 * `imp.video` and `imp.audio` as one flat MediaPlacement, or the reason why it cannot be bid on. Total. What
 * is absent is unknown, not forbidden: a video that names no mimes takes any. Floors and block lists
 * bind, so those that cannot be read or are too long are refused.
 */
import {
  type DurationFloors,
  type MediaPlacement,
  mediaType,
} from '../../creative/media-placement.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { ATTRIBUTES_MAX, CODES_MAX, DURATION_FLOORS_MAX, MIMES_MAX } from './list-bounds.ts';
import {
  finite,
  floorCpmMicros,
  isCut,
  isObject,
  type JsonObject,
  list,
  mapped,
  object,
  present,
  text,
  texts,
  whole,
  wholes,
} from './read-values.ts';

const CODE_MAX = 1000;
const SIDE_MAX = 20_000;
const DURATION_S_MAX = 86_400;
const BITRATE_KBPS_MAX = 1_000_000;
const POD_ID_LENGTH_MAX = 256;
const POD_ADS_MAX = 1000;
/** More people than see one screen at once is a mistake, and would be paid for. */
const MULTIPLIER_MAX = 100_000;
const NO_CODES: readonly number[] = Object.freeze([]);
const NO_FLOORS: DurationFloors = Object.freeze({ cpmMicrosPerS: 0, ranges: Object.freeze([]) });

/** `wire` is imp.video. */
export function decodeVideoPlacement(wire: JsonObject): MediaPlacement | NoBidReason {
  const floors = boundFloors(wire);
  if (typeof floors === 'string') return floors;
  const protocols = protocolsOf(wire);
  return {
    kind: 'video',
    mimes: mimesOf(wire),
    // What 2.2 and before had.
    protocols: protocols.length > 0 ? protocols : wholes(wire['protocol'], 1, CODE_MAX),
    minDurationS: seconds(wire['minduration']),
    maxDurationS: seconds(wire['maxduration']),
    exactDurationsS: wholes(wire['rqddurs'], CODES_MAX, DURATION_S_MAX),
    linearity: whole(wire['linearity'], CODE_MAX, 0),
    skip: flag(wire['skip']),
    skipMinS: seconds(wire['skipmin']),
    skipAfterS: seconds(wire['skipafter']),
    w: whole(wire['w'], SIDE_MAX, 0),
    h: whole(wire['h'], SIDE_MAX, 0),
    minBitrateKbps: whole(wire['minbitrate'], BITRATE_KBPS_MAX, 0),
    maxBitrateKbps: whole(wire['maxbitrate'], BITRATE_KBPS_MAX, 0),
    delivery: wholes(wire['delivery'], CODES_MAX, CODE_MAX),
    boxingAllowed: flag(wire['boxingallowed']) !== false,
    blockedAttributes: wholes(wire['battr'], ATTRIBUTES_MAX, CODE_MAX),
    plcmt: whole(wire['plcmt'], CODE_MAX, 0),
    floors,
    pod: podOf(wire, wholes(wire['poddedupe'], CODES_MAX, CODE_MAX)),
  };
}

/** `wire` is imp.audio: it has no picture, and no viewer who could skip it. */
export function decodeAudioPlacement(wire: JsonObject): MediaPlacement | NoBidReason {
  const floors = boundFloors(wire);
  if (typeof floors === 'string') return floors;
  return {
    kind: 'audio',
    mimes: mimesOf(wire),
    protocols: protocolsOf(wire),
    minDurationS: seconds(wire['minduration']),
    maxDurationS: seconds(wire['maxduration']),
    exactDurationsS: wholes(wire['rqddurs'], CODES_MAX, DURATION_S_MAX),
    linearity: 0,
    skip: null,
    skipMinS: 0,
    skipAfterS: 0,
    w: 0,
    h: 0,
    minBitrateKbps: whole(wire['minbitrate'], BITRATE_KBPS_MAX, 0),
    maxBitrateKbps: whole(wire['maxbitrate'], BITRATE_KBPS_MAX, 0),
    delivery: wholes(wire['delivery'], CODES_MAX, CODE_MAX),
    boxingAllowed: true,
    blockedAttributes: wholes(wire['battr'], ATTRIBUTES_MAX, CODE_MAX),
    plcmt: 0,
    floors,
    pod: podOf(wire, NO_CODES),
  };
}

/** Of a video, an audio or a deal; all of them name both fields alike. */
export function decodeDurationFloors(wire: JsonObject): DurationFloors | 'floor-not-readable' {
  const { durfloors } = wire;
  if (!present(wire['mincpmpersec']) && !present(durfloors)) return NO_FLOORS;
  const cpmMicrosPerS = floorCpmMicros(wire['mincpmpersec']);
  if (cpmMicrosPerS < 0) return 'floor-not-readable';
  if (present(durfloors) && !Array.isArray(durfloors)) return 'floor-not-readable';
  const offered = list(durfloors, DURATION_FLOORS_MAX + 1);
  if (offered.length > DURATION_FLOORS_MAX) return 'floor-not-readable';
  const ranges: DurationFloors['ranges'][number][] = [];
  for (const each of offered) {
    const range = object(each);
    const floor = floorCpmMicros(range['bidfloor']);
    if (floor < 0) return 'floor-not-readable';
    ranges.push({
      minS: whole(range['mindur'], DURATION_S_MAX, 0),
      maxS: whole(range['maxdur'], DURATION_S_MAX, DURATION_S_MAX),
      floorCpmMicros: floor,
    });
  }
  return { cpmMicrosPerS, ranges };
}

/** How many impressions one play counts as, by imp.qty: 1 when it does not say, -1 when it is unreadable. */
export function impressionMultiplier(qty: unknown): number {
  if (!present(qty)) return 1;
  if (!isObject(qty)) return -1;
  const { multiplier } = object(qty);
  if (!present(multiplier)) return 1;
  const number = finite(multiplier);
  return number > 0 && number <= MULTIPLIER_MAX ? number : -1;
}

/** Of all that binds: the floors, once the block list is known to be whole. */
function boundFloors(wire: JsonObject): DurationFloors | NoBidReason {
  if (isCut(wire['battr'], ATTRIBUTES_MAX)) return 'block-list-too-long';
  return decodeDurationFloors(wire);
}

function mimesOf(wire: JsonObject): readonly string[] {
  return mapped(texts(wire['mimes'], MIMES_MAX, 100), mediaType);
}

function protocolsOf(wire: JsonObject): readonly number[] {
  return wholes(wire['protocols'], CODES_MAX, CODE_MAX);
}

function seconds(value: unknown): number {
  return whole(value, DURATION_S_MAX, 0);
}

function podOf(wire: JsonObject, dedupe: readonly number[]): MediaPlacement['pod'] {
  const id = text(wire['podid'], POD_ID_LENGTH_MAX);
  const durationS = seconds(wire['poddur']);
  if (id === '' && durationS === 0) return null;
  return {
    id,
    sequence: place(wire['podseq'], 1),
    slot: place(wire['slotinpod'], 2),
    durationS,
    adsMax: whole(wire['maxseq'], POD_ADS_MAX, 0),
    dedupe,
  };
}

/** -1 is the last of them. */
function place(value: unknown, max: number): number {
  const number = finite(value);
  return number >= -1 && number <= max ? Math.trunc(number) : 0;
}

function flag(value: unknown): boolean | null {
  const number = finite(value);
  if (number === 1) return true;
  return number === 0 ? false : null;
}
