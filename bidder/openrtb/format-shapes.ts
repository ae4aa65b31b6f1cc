/** The fields of `imp.video`, `imp.audio` and `imp.native` that the decoder reads: part of request-shape.ts. */
import { fields, listOf, NAME, SCALAR } from './json-shape.ts';
import {
  ASSETS_MAX,
  ATTRIBUTES_MAX,
  CODES_MAX,
  DURATION_FLOORS_MAX,
  MIMES_MAX,
  TRACKERS_MAX,
} from './list-bounds.ts';

const MIMES = listOf(SCALAR, MIMES_MAX);
const CODES = listOf(SCALAR, CODES_MAX);
const ATTRIBUTES = listOf(SCALAR, ATTRIBUTES_MAX);

const DURATION_FLOOR = fields(() => ({
  mindur: undefined,
  maxdur: undefined,
  bidfloor: undefined,
}));

/** Of a video, an audio and a deal. */
export const DURATION_FLOORS = listOf(DURATION_FLOOR, DURATION_FLOORS_MAX);

/** What video and audio both have. */
const MEDIA_FIELDS = {
  mimes: MIMES,
  protocols: CODES,
  rqddurs: CODES,
  delivery: CODES,
  battr: ATTRIBUTES,
  durfloors: DURATION_FLOORS,
  podid: NAME,
};

export const VIDEO = fields(
  () => ({
    mimes: undefined,
    protocols: undefined,
    protocol: undefined,
    minduration: undefined,
    maxduration: undefined,
    rqddurs: undefined,
    linearity: undefined,
    skip: undefined,
    skipmin: undefined,
    skipafter: undefined,
    w: undefined,
    h: undefined,
    minbitrate: undefined,
    maxbitrate: undefined,
    delivery: undefined,
    boxingallowed: undefined,
    battr: undefined,
    plcmt: undefined,
    mincpmpersec: undefined,
    durfloors: undefined,
    podid: undefined,
    podseq: undefined,
    slotinpod: undefined,
    poddur: undefined,
    maxseq: undefined,
    poddedupe: undefined,
  }),
  { ...MEDIA_FIELDS, poddedupe: CODES },
);

export const AUDIO = fields(
  () => ({
    mimes: undefined,
    protocols: undefined,
    minduration: undefined,
    maxduration: undefined,
    rqddurs: undefined,
    minbitrate: undefined,
    maxbitrate: undefined,
    delivery: undefined,
    battr: undefined,
    mincpmpersec: undefined,
    durfloors: undefined,
    podid: undefined,
    podseq: undefined,
    slotinpod: undefined,
    poddur: undefined,
    maxseq: undefined,
  }),
  MEDIA_FIELDS,
);

const IMAGE = fields(
  () => ({
    type: undefined,
    w: undefined,
    h: undefined,
    wmin: undefined,
    hmin: undefined,
    mimes: undefined,
  }),
  { mimes: MIMES },
);

const ASSET = fields(
  () => ({
    id: undefined,
    required: undefined,
    title: undefined,
    img: undefined,
    video: undefined,
    data: undefined,
  }),
  {
    title: fields(() => ({ len: undefined })),
    img: IMAGE,
    data: fields(() => ({ type: undefined, len: undefined })),
  },
);

const TRACKER = fields(() => ({ event: undefined, methods: undefined }), {
  methods: listOf(SCALAR, TRACKERS_MAX),
});

const NATIVE_FIELDS = {
  assets: listOf(ASSET, ASSETS_MAX),
  eventtrackers: listOf(TRACKER, TRACKERS_MAX),
};

const NATIVE_ROOT = fields(
  () => ({
    ver: undefined,
    plcmtcnt: undefined,
    assets: undefined,
    eventtrackers: undefined,
    privacy: undefined,
  }),
  NATIVE_FIELDS,
);

/** What `imp.native.request` holds, as an object or as JSON text: 1.0 has its root in `native`. */
export const NATIVE_REQUEST = fields(
  () => ({
    ver: undefined,
    plcmtcnt: undefined,
    assets: undefined,
    eventtrackers: undefined,
    privacy: undefined,
    native: undefined,
  }),
  { ...NATIVE_FIELDS, native: NATIVE_ROOT },
);

export const NATIVE = fields(
  () => ({ request: undefined, request_native: undefined, ver: undefined, battr: undefined }),
  { request: NATIVE_REQUEST, request_native: NATIVE_ROOT, battr: ATTRIBUTES },
);
