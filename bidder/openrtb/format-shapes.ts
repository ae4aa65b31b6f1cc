/** The fields of `imp.video`, `imp.audio` and `imp.native` that the decoder reads: part of request-shape.ts. */
import { fields, NAME } from './json-shape.ts';

export const DURATION_FLOORS = fields(() => ({
  mindur: undefined,
  maxdur: undefined,
  bidfloor: undefined,
}));

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
  { durfloors: DURATION_FLOORS, podid: NAME },
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
  { durfloors: DURATION_FLOORS, podid: NAME },
);

const NATIVE_FIELDS = {
  assets: fields(
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
      img: fields(() => ({
        type: undefined,
        w: undefined,
        h: undefined,
        wmin: undefined,
        hmin: undefined,
        mimes: undefined,
      })),
      data: fields(() => ({ type: undefined, len: undefined })),
    },
  ),
  eventtrackers: fields(() => ({ event: undefined, methods: undefined })),
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
  { request: NATIVE_REQUEST, request_native: NATIVE_ROOT },
);
