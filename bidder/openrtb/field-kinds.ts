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
  | 'objects';

const PATHS: Readonly<Record<FieldKind, string>> = {
  text: `id imp.id imp.bidfloorcur imp.pmp.deals.id imp.pmp.deals.bidfloorcur device.ua device.ifa user.id user.buyeruid site.domain app.bundle
    user.eids.source user.ext.eids.source user.eids.uids.id user.ext.eids.uids.id`,
  'strict-text': `user.consent user.ext.consent regs.us_privacy regs.ext.us_privacy regs.gpp
    regs.ext.gpp`,
  country: 'device.geo.country user.geo.country',
  flag: 'test imp.instl imp.secure imp.pmp.private_auction imp.pmp.deals.guar',
  'privacy-flag': `device.lmt device.dnt regs.coppa regs.gdpr regs.gpc regs.ext.gdpr
    regs.ext.gpc`,
  number: 'imp.bidfloor imp.pmp.deals.bidfloor device.ext.atts user.eids.mm user.ext.eids.mm',
  whole: `imp.banner.w imp.banner.h imp.banner.format.w imp.banner.format.h imp.exp imp.pmp.deals.at
    device.w device.h
    device.devicetype cattax tmax at`,
  texts: `cur bcat acat badv wlang wlangb wseat bseat imp.banner.mimes imp.pmp.deals.wseat
    imp.pmp.deals.wadomain`,
  wholes: 'imp.banner.btype imp.banner.battr',
  list: 'regs.gpp_sid regs.ext.gpp_sid',
  objects:
    'imp imp.banner.format imp.pmp.deals user.eids user.ext.eids user.eids.uids user.ext.eids.uids',
};

const KINDS = new Map(
  (Object.keys(PATHS) as FieldKind[]).flatMap((kind) =>
    PATHS[kind].split(/\s+/).map((path) => [path, kind] as const),
  ),
);

/** Undefined for a single object. */
export function kindOf(field: string): FieldKind | undefined {
  return KINDS.get(field);
}
