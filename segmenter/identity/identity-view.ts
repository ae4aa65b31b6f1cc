/** What `rekindle identity` is asked and answers: plain data, because it crosses processes. */
import type { IdentitySettings } from '../../settings/identity-section.ts';
import type { ShopDataRequest } from '../open-shop-data.ts';
import type { JoinKind } from './identity-policy.ts';

export interface IdentityRequest extends ShopDataRequest {
  /** A customer id, or the value of an identifier as somebody writes it. */
  readonly asked: string;
  readonly joinBy: readonly JoinKind[];
  /** ISO 3166, for phones; null for none. */
  readonly phoneRegion: string | null;
  readonly identity: IdentitySettings;
  readonly nowMs: number;
}

export interface IdentityView {
  readonly v: 1;
  readonly shop: string;
  readonly asked: string;
  /** Persons of the customers, and who else they are. */
  readonly persons: readonly { readonly person: string; readonly customers: readonly string[] }[];
  /** More customers have what was asked for than are shown. */
  readonly customersMore: number;
  readonly links: readonly ShownLink[];
}

export interface ShownLink {
  readonly customer: string;
  readonly space: string;
  /** As the log has it; of a user sync the keyed hash. */
  readonly value: string;
  /** What says so: the kind of file, events, hand, or sync. */
  readonly source: string;
  readonly evidence: string;
  /** Unix ms; null for a user sync, which the store keeps until its end. */
  readonly firstSeenMs: number | null;
  readonly lastSeenMs: number | null;
  readonly revokedAtMs: number | null;
  /** Whether it leads to the person today. */
  readonly counts: boolean;
  /** Why, or why not. */
  readonly reason: string;
}
