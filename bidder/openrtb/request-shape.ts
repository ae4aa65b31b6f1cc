/** The fields of an OpenRTB request that the decoder reads, and how long a list it takes; the rest is never made into values. */
import { SUPPLY_NODES_MAX } from '../auction/supply-path.ts';
import { AUDIO, DURATION_FLOORS, NATIVE, VIDEO } from './format-shapes.ts';
import { fields, type JsonShape, listOf, NAME, SCALAR, withoutFields } from './json-shape.ts';
import {
  ATTRIBUTES_MAX,
  BLOCKS_MAX,
  CURRENCIES_MAX,
  DEAL_DOMAINS_MAX,
  DEALS_MAX,
  EIDS_MAX,
  FORMATS_MAX,
  GPP_SECTIONS_MAX,
  IMPS_MAX,
  LANGUAGES_MAX,
  MIMES_MAX,
  SEATS_MAX,
  UIDS_MAX,
} from './list-bounds.ts';

const GEO = fields(() => ({ country: undefined }));
const SIZE = fields(() => ({
  w: undefined,
  h: undefined,
  wratio: undefined,
  hratio: undefined,
  wmin: undefined,
}));
const BLOCKS = listOf(SCALAR, BLOCKS_MAX);
const ATTRIBUTES = listOf(SCALAR, ATTRIBUTES_MAX);
const SEATS = listOf(SCALAR, SEATS_MAX);
const LANGUAGES = listOf(SCALAR, LANGUAGES_MAX);
const GPP_SECTIONS = listOf(SCALAR, GPP_SECTIONS_MAX);

const BANNER = fields(
  () => ({
    w: undefined,
    h: undefined,
    format: undefined,
    btype: undefined,
    mimes: undefined,
    battr: undefined,
  }),
  {
    format: listOf(SIZE, FORMATS_MAX),
    btype: ATTRIBUTES,
    mimes: listOf(SCALAR, MIMES_MAX),
    battr: ATTRIBUTES,
  },
);

const DEAL = fields(
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
  {
    id: NAME,
    durfloors: DURATION_FLOORS,
    wseat: SEATS,
    wadomain: listOf(SCALAR, DEAL_DOMAINS_MAX),
  },
);

const PMP = fields(() => ({ private_auction: undefined, deals: undefined }), {
  deals: listOf(DEAL, DEALS_MAX),
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

const UID = fields(() => ({ id: undefined, atype: undefined }), { id: NAME });
const EID = fields(() => ({ source: undefined, mm: undefined, uids: undefined }), {
  uids: listOf(UID, UIDS_MAX),
});
const EIDS = listOf(EID, EIDS_MAX);

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
    eids: EIDS,
    ext: fields(() => ({ eids: undefined, consent: undefined }), { eids: EIDS }),
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
    gpp_sid: GPP_SECTIONS,
    ext: fields(
      () => ({
        gdpr: undefined,
        us_privacy: undefined,
        gpp: undefined,
        gpp_sid: undefined,
        gpc: undefined,
        dsa: undefined,
      }),
      { gpp_sid: GPP_SECTIONS, dsa: DSA },
    ),
  },
);

const NODE = fields(() => ({ asi: undefined, sid: undefined, hp: undefined }), { sid: NAME });
const CHAIN = fields(() => ({ complete: undefined, nodes: undefined, ver: undefined }), {
  nodes: listOf(NODE, SUPPLY_NODES_MAX),
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
    imp: listOf(IMP, IMPS_MAX),
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
    cur: listOf(SCALAR, CURRENCIES_MAX),
    bcat: BLOCKS,
    acat: BLOCKS,
    badv: BLOCKS,
    wlang: LANGUAGES,
    wlangb: LANGUAGES,
    wseat: SEATS,
    bseat: BLOCKS,
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
