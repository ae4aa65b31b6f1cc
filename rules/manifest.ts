/**
 * What a generation says about itself: the blob named MANIFEST_BLOB, JSON. A reader that has the
 * manifest knows which rules made the memberships that its profiles carry.
 */
import type { Segment } from './rule.ts';
import type { LeftOut } from './stale.ts';

export const MANIFEST_BLOB = 'manifest';
/** JSON of creative/item.ts Catalogue. */
export const CATALOGUE_BLOB = 'catalogue';
/** Bytes of proto/link-filter.ts over the identities of the generation's links. */
export const LINK_FILTER_BLOB = 'link-filter';
export const MANIFEST_FORMAT = 4;

/** A segment with its people: those that it bids for, and those it holds out for control. */
export type PublishedSegment = Segment & { readonly members: number; readonly heldOut: number };

export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly shop: string;
  readonly generation: string;
  /** Unix ms the rules were evaluated at. */
  readonly asOfMs: number;
  readonly timeZone: string;
  readonly shopCycleHalfDays: number;
  /** Ordinals in profiles index this list. */
  readonly segments: readonly PublishedSegment[];
  /** Of the shop's files those that no segment was made from. */
  readonly leftOut: readonly LeftOut[];
  readonly customers: number;
  readonly profiles: number;
  readonly links: number;
  /** Spaces of the identifiers that the links lead from, sorted. */
  readonly linkedSpaces: readonly string[];
}
