/** Of what kind each field of request-shape.ts is read, by its path without indexes. */

export type FieldKind =
  /** A text, or a number as its text. */
  | 'text'
  /** A text and nothing else. */
  | 'strict-text'
  | 'country'
  /** 0 or 1. */
  | 'flag'
  /** 0 or 1; anything else forbids to read identities. */
  | 'privacy-flag'
  | 'number'
  | 'whole'
  | 'texts'
  | 'wholes'
  /** A list that is none when it is no list. */
  | 'list'
  | 'objects'
  /** Of which only counts that it is there. */
  | 'object'
  /** An object, or the JSON text of one. */
  | 'json-object';

const MEDIA = ['imp.video', 'imp.audio'];
/** Where a native request stands: with a root in 1.0, without it since, and as a message. */
const NATIVE_REQUESTS = [
  'imp.native.request',
  'imp.native.request.native',
  'imp.native.request_native',
];

const MEDIA_PATHS: Partial<Record<FieldKind, string>> = {
  text: 'podid',
  number: 'mincpmpersec durfloors.bidfloor',
  whole: `minduration maxduration minbitrate maxbitrate podseq slotinpod poddur maxseq
    durfloors.mindur durfloors.maxdur`,
  texts: 'mimes',
  wholes: 'protocols rqddurs delivery battr',
  objects: 'durfloors',
};

const VIDEO_PATHS: Partial<Record<FieldKind, string>> = {
  number: 'skip boxingallowed',
  whole: 'protocol linearity skipmin skipafter w h plcmt',
  wholes: 'poddedupe',
};

const NATIVE_PATHS: Partial<Record<FieldKind, string>> = {
  text: 'ver',
  flag: 'assets.required privacy',
  whole: `plcmtcnt assets.id assets.title.len assets.img.type assets.img.w assets.img.h
    assets.img.wmin assets.img.hmin assets.data.type assets.data.len eventtrackers.event`,
  texts: 'assets.img.mimes',
  wholes: 'eventtrackers.methods',
  objects: 'assets eventtrackers',
  object: 'assets.video',
};

const PATHS: Readonly<Record<FieldKind, string>> = {
  text: `id imp.id imp.bidfloorcur imp.pmp.deals.id imp.pmp.deals.bidfloorcur device.ua device.ifa
    user.id user.buyeruid site.domain app.bundle user.eids.source user.ext.eids.source
    user.eids.uids.id user.ext.eids.uids.id imp.native.ver device.ext.ifa_type site.page
    site.publisher.id site.inventorypartnerdomain site.ext.inventorypartnerdomain
    app.storeurl app.publisher.id app.inventorypartnerdomain app.ext.inventorypartnerdomain
    source.schain.ver source.schain.nodes.asi source.schain.nodes.sid source.ext.schain.ver
    source.ext.schain.nodes.asi source.ext.schain.nodes.sid ext.schain.ver
    ext.schain.nodes.asi ext.schain.nodes.sid`,
  'strict-text': `user.consent user.ext.consent regs.us_privacy regs.ext.us_privacy regs.gpp regs.ext.gpp`,
  country: 'device.geo.country user.geo.country',
  flag: `test imp.instl imp.secure imp.pmp.private_auction imp.pmp.deals.guar
    source.schain.complete source.schain.nodes.hp source.ext.schain.complete
    source.ext.schain.nodes.hp ext.schain.complete ext.schain.nodes.hp`,
  'privacy-flag': `device.lmt device.dnt regs.coppa regs.gdpr regs.gpc regs.ext.gdpr regs.ext.gpc`,
  number: `imp.pmp.deals.mincpmpersec imp.pmp.deals.durfloors.bidfloor
    imp.bidfloor imp.pmp.deals.bidfloor imp.qty.multiplier device.ext.atts user.eids.mm
    user.ext.eids.mm user.eids.uids.atype user.ext.eids.uids.atype`,
  whole: `imp.pmp.deals.durfloors.mindur imp.pmp.deals.durfloors.maxdur
    imp.banner.w imp.banner.h imp.banner.format.w imp.banner.format.h imp.banner.format.wratio
    imp.banner.format.hratio imp.banner.format.wmin imp.exp
    imp.pmp.deals.at device.w device.h device.devicetype cattax tmax at
    regs.ext.dsa.dsarequired regs.ext.dsa.pubrender regs.ext.dsa.datatopub`,
  texts: `cur bcat acat badv wlang wlangb wseat bseat imp.banner.mimes imp.pmp.deals.wseat
    imp.pmp.deals.wadomain`,
  wholes: 'imp.banner.btype imp.banner.battr imp.native.battr',
  list: 'regs.gpp_sid regs.ext.gpp_sid',
  objects: `imp.pmp.deals.durfloors imp imp.banner.format imp.pmp.deals user.eids user.ext.eids user.eids.uids
    user.ext.eids.uids source.schain.nodes source.ext.schain.nodes ext.schain.nodes`,
  object: 'dooh',
  'json-object': 'imp.native.request',
};

const KINDS = new Map([
  ...below([''], PATHS),
  ...below(MEDIA, MEDIA_PATHS),
  ...below(['imp.video'], VIDEO_PATHS),
  ...below(NATIVE_REQUESTS, NATIVE_PATHS),
]);

function below(
  places: readonly string[],
  paths: Readonly<Partial<Record<FieldKind, string>>>,
): (readonly [string, FieldKind])[] {
  return (Object.keys(paths) as FieldKind[]).flatMap((kind) =>
    paths[kind]!.split(/\s+/).flatMap((path) =>
      places.map((place) => [place === '' ? path : `${place}.${path}`, kind] as const),
    ),
  );
}

/** Undefined for a single object. */
export function kindOf(field: string): FieldKind | undefined {
  return KINDS.get(field);
}
