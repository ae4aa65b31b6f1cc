/** What a build is asked for and what it answers: plain data, because it crosses processes. */
import type { Segment } from '../../rules/rule.ts';
import type { BrokenFile, SoundSegments } from '../../rules/sound-segments.ts';
import type { LeftOut, Stale } from '../../rules/stale.ts';
import type { IdentitySettings } from '../../settings/identity-section.ts';
import type { ModelSettings } from '../../settings/model-settings.ts';
import type { RejectedItem } from '../feed/read-feed.ts';
import type { WithoutRate } from '../import/total-orders.ts';
import type { PhaseTiming } from '../job-progress.ts';
import type { StatusMap } from '../status-groups.ts';
import type { ShopModels } from './shop-models.ts';

export interface BuildRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly statuses: StatusMap;
  readonly identity?: IdentitySettings;
  /** As the shop's files have them, each sound by itself (rules/sound-segments.ts). */
  readonly segments: readonly Segment[];
  /** Files that no segment could be read from. */
  readonly broken?: readonly BrokenFile[];
  readonly models: ModelSettings;
  /** By segment: the share of its people that may enter and leave in one build without an alarm. */
  readonly driftLimits: Readonly<Record<string, number>>;
  /** The product feed, or null when the shop has none. */
  readonly feed: string | null;
  /** Unix ms the rules are evaluated at; later orders do not exist yet. */
  readonly asOfMs: number;
  /**
   * asOfMs is now, and not a moment that somebody asked for: a build of the same local day and the same
   * inputs that did not end is finished at its own moment instead.
   */
  readonly asOfIsNow: boolean;
  /** Computes everybody, whether or not it must; see build-mode.ts. */
  readonly full: boolean;
  /** Everybody is computed when the last time lies so far back. */
  readonly fullEveryMs: number;
  /** Publishes although the base shrank by more than CUSTOMERS_DROP_MAX. */
  readonly force: boolean;
  readonly memoryMb: number;
  readonly threads: number;
  /** Most profiles and links a second; null for as many as the store takes. */
  readonly publishRate: number | null;
  /** Default CUSTOMERS_PER_BUCKET (buckets.ts). What is built is the same whatever it is. */
  readonly customersPerBucket?: number;
}

/** With the segments that are sound. */
export type SoundRequest = BuildRequest & SoundSegments;

interface SegmentSize {
  readonly segment: string;
  /** Whom it bids for. */
  readonly members: number;
  /** Who would be a member, but is held out for control. */
  readonly heldOut: number;
  /** In the generation that served before; null when it had no such segment. */
  readonly before: number | null;
  /** Since then; null without it, where it kept no memberships, and where an older one serves again. */
  readonly entered: number | null;
  readonly left: number | null;
  /** More people moved than the segment's limit allows. It serves all the same. */
  readonly drifted: boolean;
  /** Why it serves as it was before; null for one that is as its file has it. */
  readonly stale: Stale | null;
}

export interface BuildResult {
  readonly shop: string;
  readonly generation: string;
  readonly previous: string | null;
  /** True when this very generation was already there: nothing was written. */
  readonly unchanged: boolean;
  /** The moment the rules were evaluated at, Unix ms. */
  readonly asOfMs: number;
  /** It went on with a build that had not ended. */
  readonly resumed: boolean;
  /** Null for a build that is unchanged. */
  readonly mode:
    | null
    | { readonly kind: 'full'; readonly why: string }
    /** How many were computed anew; models are of the full build of that moment, Unix ms. */
    | { readonly kind: 'incremental'; readonly touched: number; readonly fullAsOfMs: number };
  /** Those who may be recognised. */
  readonly customers: number;
  /** Without consent to ads: no profile, no link, no bid of their own. */
  readonly optedOut: number;
  readonly profiles: number;
  readonly links: number;
  /** Identities left out because files link them to more than one customer. */
  readonly sharedIdentities: number;
  readonly segments: readonly SegmentSize[];
  /** Files that no segment was made from. */
  readonly leftOut: readonly LeftOut[];
  /** Statuses that `statuses:` does not map; their orders do not count. */
  readonly unmappedStatuses: readonly { readonly status: string; readonly orders: number }[];
  /** Orders in a currency that had no rate on their day when they were imported; they do not count. */
  readonly withoutRate: readonly WithoutRate[];
  readonly feed: {
    readonly items: number;
    readonly rejectedCount: number;
    readonly rejected: readonly RejectedItem[];
  };
  /** What was learned of the customers as a whole; null for a generation that kept nothing. */
  readonly models: ShopModels | null;
  readonly timings: readonly PhaseTiming[];
}

/** The result was not fit to serve; the generation that serves goes on serving. */
export class BuildRefused extends Error {
  override readonly name = 'BuildRefused';
}
