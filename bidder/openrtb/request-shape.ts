/** The fields of an OpenRTB request that the decoder reads; the rest is never made into values. */
import { AUDIO, DURATION_FLOORS, NATIVE, VIDEO } from './format-shapes.ts';
import { fields, type JsonShape, NAME, withoutFields } from './json-shape.ts';

const GEO = fields(() => ({ country: undefined }));
const SIZE = fields(() => ({ w: undefined, h: undefined }));

const BANNER = fields(
  () => ({
    w: undefined,
    h: undefined,
    format: undefined,
    btype: undefined,
    mimes: undefined,
    battr: undefined,
  }),
  { format: SIZE },
);

const PMP = fields(() => ({ private_auction: undefined, deals: undefined }), {
  deals: fields(
    () => ({
      id: undefined,
      bidfloor: undefined,
      bidfloorcur: undefined,
      at: undefined,
      guar: undefined,
      wseat: undefined,
      wadomain: undefined,
      mincpmpersec: undefined,
      durfloors: undefined,
    }),
    { id: NAME, durfloors: DURATION_FLOORS },
  ),
});

const IMP = fields(
  () => ({
    id: undefined,
    banner: undefined,
    native: undefined,
    video: undefined,
    audio: undefined,
    qty: undefined,
    pmp: undefined,
    bidfloor: undefined,
    bidfloorcur: undefined,
    instl: undefined,
    secure: undefined,
    exp: undefined,
  }),
  {
    id: NAME,
    banner: BANNER,
    native: NATIVE,
    video: VIDEO,
    audio: AUDIO,
    qty: fields(() => ({ multiplier: undefined })),
    pmp: PMP,
  },
);

const DEVICE = fields(
  () => ({
    ua: undefined,
    devicetype: undefined,
    w: undefined,
    h: undefined,
    ifa: undefined,
    lmt: undefined,
    dnt: undefined,
    geo: undefined,
    ext: undefined,
  }),
  { ifa: NAME, geo: GEO, ext: fields(() => ({ atts: undefined, ifa_type: undefined })) },
);

const EID = fields(() => ({ source: undefined, mm: undefined, uids: undefined }), {
  uids: fields(() => ({ id: undefined, atype: undefined }), { id: NAME }),
});

const USER = fields(
  () => ({
    id: undefined,
    buyeruid: undefined,
    geo: undefined,
    eids: undefined,
    consent: undefined,
    ext: undefined,
  }),
  {
    id: NAME,
    buyeruid: NAME,
    geo: GEO,
    eids: EID,
    ext: fields(() => ({ eids: undefined, consent: undefined }), { eids: EID }),
  },
);

const DSA = fields(() => ({
  dsarequired: undefined,
  pubrender: undefined,
  datatopub: undefined,
}));

const REGS = fields(
  () => ({
    coppa: undefined,
    gdpr: undefined,
    us_privacy: undefined,
    gpp: undefined,
    gpp_sid: undefined,
    gpc: undefined,
    ext: undefined,
  }),
  {
    ext: fields(
      () => ({
        gdpr: undefined,
        us_privacy: undefined,
        gpp: undefined,
        gpp_sid: undefined,
        gpc: undefined,
        dsa: undefined,
      }),
      { dsa: DSA },
    ),
  },
);

const CHAIN = fields(() => ({ complete: undefined, nodes: undefined, ver: undefined }), {
  nodes: fields(() => ({ asi: undefined, sid: undefined, hp: undefined }), { sid: NAME }),
});
const WITH_CHAIN = fields(() => ({ schain: undefined }), { schain: CHAIN });
const PUBLISHER = fields(() => ({ id: undefined }), { id: NAME });
const WITH_PARTNER = fields(() => ({ inventorypartnerdomain: undefined }));

const SITE = fields(
  () => ({
    domain: undefined,
    page: undefined,
    publisher: undefined,
    inventorypartnerdomain: undefined,
    ext: undefined,
  }),
  { publisher: PUBLISHER, ext: WITH_PARTNER },
);

const APP = fields(
  () => ({
    bundle: undefined,
    storeurl: undefined,
    publisher: undefined,
    inventorypartnerdomain: undefined,
    ext: undefined,
  }),
  { publisher: PUBLISHER, ext: WITH_PARTNER },
);

/** All that is read for any exchange. */
export const REQUEST_SHAPE: JsonShape = fields(
  () => ({
    id: undefined,
    imp: undefined,
    device: undefined,
    user: undefined,
    regs: undefined,
    site: undefined,
    app: undefined,
    source: undefined,
    ext: undefined,
    dooh: undefined,
    cur: undefined,
    bcat: undefined,
    acat: undefined,
    cattax: undefined,
    badv: undefined,
    wlang: undefined,
    wlangb: undefined,
    wseat: undefined,
    bseat: undefined,
    test: undefined,
    tmax: undefined,
    at: undefined,
  }),
  {
    id: NAME,
    imp: IMP,
    device: DEVICE,
    user: USER,
    regs: REGS,
    site: SITE,
    app: APP,
    source: fields(() => ({ schain: undefined, ext: undefined }), {
      schain: CHAIN,
      ext: WITH_CHAIN,
    }),
    ext: WITH_CHAIN,
  },
);

/** Of an exchange that asks nothing of the supply path: what is not read costs nothing. */
export const NO_SUPPLY_SHAPE: JsonShape = withoutFields(REQUEST_SHAPE, [
  'source',
  'ext',
  'site.page',
  'site.publisher',
  'site.inventorypartnerdomain',
  'site.ext',
  'app.storeurl',
  'app.publisher',
  'app.inventorypartnerdomain',
  'app.ext',
]);
