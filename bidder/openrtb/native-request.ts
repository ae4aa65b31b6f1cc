/**
 * `imp.native` as one flat NativePlacement, or the reason why it cannot be answered. Total. The request in
 * it comes as JSON text or as an object, from 1.0 with its root in `native`, or as a message of protobuf.
 */
import type {
  NativeAsset,
  NativeContent,
  NativePlacement,
  NativeRefusal,
} from '../../creative/native-placement.ts';
import { NATIVE_REQUEST } from './format-shapes.ts';
import { NOT_JSON } from './json-tokens.ts';
import { ASSETS_MAX, ATTRIBUTES_MAX, MIMES_MAX, TRACKERS_MAX } from './list-bounds.ts';
import { readJson } from './read-json.ts';
import { TOO_DEEP, TOO_MANY } from './read-limits.ts';
import {
  finite,
  isCut,
  isObject,
  type JsonObject,
  list,
  mapped,
  object,
  present,
  texts,
  whole,
  wholes,
} from './read-values.ts';

/** Longer than any exchange's. */
const REQUEST_LENGTH_MAX = 16_384;
const CODE_MAX = 10_000;
const ID_MAX = 2 ** 31 - 1;
const SIDE_MAX = 20_000;
const LENGTH_MAX = 10_000;
const PLACEMENTS_MAX = 1000;
/** Native 1.2, 7.6 and 7.7: an impression, by an image. AdCOM numbers its events otherwise. */
const EVENT_IMPRESSION = 1;
const METHOD_IMAGE = 1;

const IMAGES: Readonly<Partial<Record<number, NativeContent>>> = {
  0: 'image',
  1: 'icon',
  // What 1.2 calls deprecated: the brand's logo.
  2: 'icon',
  3: 'image',
};
/** No ratings, likes, downloads, phone and address: a catalogue knows none of them. */
const DATA: Readonly<Partial<Record<number, NativeContent>>> = {
  1: 'sponsored',
  2: 'description',
  6: 'price',
  7: 'sale-price',
  10: 'description-2',
  11: 'display-url',
  12: 'cta',
};

/** `wire` is imp.native. */
export function decodeNativePlacement(
  wire: JsonObject,
): NativePlacement | NativeRefusal | 'block-list-too-long' {
  const { battr } = wire;
  // Every entry of a block list binds: a list that would be cut is not bid on.
  if (isCut(battr, ATTRIBUTES_MAX)) return 'block-list-too-long';
  const outer = requestOf(wire);
  if (!isObject(outer)) return 'native-unreadable';
  const wrapped = isObject(object(outer)['native']);
  const request = wrapped ? object(object(outer)['native']) : object(outer);
  const assets = assetsOf(request['assets']);
  if (typeof assets === 'string') return assets;
  return {
    kind: 'native',
    version: versionOf(request['ver']) ?? versionOf(wire['ver']) ?? (wrapped ? '1.0' : '1.2'),
    wrapped,
    assets,
    imageTracker: takesImageTracker(request['eventtrackers']),
    privacy: finite(request['privacy']) === 1,
    count: whole(request['plcmtcnt'], PLACEMENTS_MAX, 1),
    blockedAttributes: wholes(battr, ATTRIBUTES_MAX, 1000),
  };
}

function requestOf(wire: JsonObject): unknown {
  const { request } = wire;
  if (typeof request === 'string') return parsed(request);
  return present(request) ? request : wire['request_native'];
}

function parsed(json: string): unknown {
  if (json.length > REQUEST_LENGTH_MAX) return null;
  try {
    return readJson(Buffer.from(json), NATIVE_REQUEST);
  } catch (fault) {
    if (fault === NOT_JSON || fault === TOO_DEEP || fault === TOO_MANY) return null;
    throw fault;
  }
}

/** Newer ones are answered as the newest we know: they may add, and must not change. */
function versionOf(value: unknown): NativePlacement['version'] | null {
  const number = finite(value);
  if (!(number >= 1)) return null;
  if (number >= 1.2) return '1.2';
  return number >= 1.1 ? '1.1' : '1.0';
}

function takesImageTracker(trackers: unknown): boolean {
  for (const each of list(trackers, TRACKERS_MAX)) {
    const tracker = object(each);
    if (finite(tracker['event']) !== EVENT_IMPRESSION) continue;
    if (wholes(tracker['methods'], TRACKERS_MAX, CODE_MAX).includes(METHOD_IMAGE)) return true;
  }
  return false;
}

function assetsOf(wire: unknown): readonly NativeAsset[] | NativeRefusal {
  // One that is required may stand behind what would be cut.
  if (!Array.isArray(wire) || wire.length === 0 || wire.length > ASSETS_MAX) {
    return 'native-unreadable';
  }
  const assets: NativeAsset[] = [];
  for (let i = 0; i < wire.length; i++) {
    const each = object(wire[i]);
    const asset = assetOf(each);
    if (asset !== null) assets.push(asset);
    else if (finite(each['required']) === 1) return 'native-asset-unsupported';
  }
  return assets.length === 0 ? 'native-asset-unsupported' : assets;
}

/** Null for one that we never have, or that has no id to be answered under. */
function assetOf(wire: JsonObject): NativeAsset | null {
  const id = whole(wire['id'], ID_MAX, -1);
  if (id < 0) return null;
  const required = finite(wire['required']) === 1;
  if (isObject(wire['title'])) {
    return textAsset({ id, required, content: 'title', type: 0 }, object(wire['title']));
  }
  if (isObject(wire['img'])) return imageAsset(id, required, object(wire['img']));
  if (!isObject(wire['data'])) return null;
  const data = object(wire['data']);
  const type = whole(data['type'], CODE_MAX, 0);
  const content = DATA[type];
  return content === undefined ? null : textAsset({ id, required, content, type }, data);
}

function textAsset(
  { id, required, content, type }: Pick<NativeAsset, 'id' | 'required' | 'content' | 'type'>,
  wire: JsonObject,
): NativeAsset {
  const lengthMax = whole(wire['len'], LENGTH_MAX, 0);
  return { id, required, content, type, lengthMax, w: 0, h: 0, wMin: 0, hMin: 0, mimes: ANY };
}
const ANY: readonly string[] = Object.freeze([]);

function imageAsset(id: number, required: boolean, wire: JsonObject): NativeAsset | null {
  const type = whole(wire['type'], CODE_MAX, 0);
  const content = IMAGES[type];
  if (content === undefined) return null;
  return {
    id,
    required,
    content,
    type,
    lengthMax: 0,
    w: whole(wire['w'], SIDE_MAX, 0),
    h: whole(wire['h'], SIDE_MAX, 0),
    wMin: whole(wire['wmin'], SIDE_MAX, 0),
    hMin: whole(wire['hmin'], SIDE_MAX, 0),
    mimes: mapped(texts(wire['mimes'], MIMES_MAX, 100), lowerCase),
  };
}

function lowerCase(mime: string): string {
  return mime.toLowerCase();
}
