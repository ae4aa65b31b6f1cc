/**
 * How long the lists of a request may be. Written once: the decoder reads so many elements, and the
 * readers make values of one more (json-shape.ts), by which a list that is too long is known.
 */

export const IMPS_MAX = 50;
/** Every entry of a block list binds: one that is longer than this is not cut, the request is passed on. */
export const BLOCKS_MAX = 2000;
export const SEATS_MAX = 200;
export const CURRENCIES_MAX = 20;
export const LANGUAGES_MAX = 200;
/** Sizes of a banner. */
export const FORMATS_MAX = 20;
/** Attributes and banner types that are blocked: one that is longer is not cut, the imp is passed on. */
export const ATTRIBUTES_MAX = 64;
export const MIMES_MAX = 32;
/** Protocols, durations, deliveries. */
export const CODES_MAX = 64;
export const DURATION_FLOORS_MAX = 64;
/** Deals are invitations: whoever sends more has those that come first considered. */
export const DEALS_MAX = 64;
export const DEAL_DOMAINS_MAX = 200;
export const EIDS_MAX = 16;
export const UIDS_MAX = 4;
export const GPP_SECTIONS_MAX = 64;
/** Of a native request. */
export const ASSETS_MAX = 32;
export const TRACKERS_MAX = 32;
