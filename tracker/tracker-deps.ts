import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { EventRecord } from '../proto/records.ts';
import type { Exchange } from '../settings/exchange.ts';
import type { PublishedShop } from '../settings/published-shop.ts';
import type { Generations } from '../store/ports.ts';
import type { SyncShop } from './sync/sync-consent.ts';
import type { TrackerMetrics } from './tracker-metrics.ts';

/** A click to be sent on. */
export interface Click {
  readonly shop: string;
  readonly campaign: string;
  /** The item shown in the slot that was clicked; '' is the banner itself. */
  readonly item: string;
  /** Name of the offer that was shown; '' is none. */
  readonly offer: string;
  /** Names the click for the shop's own statistics. */
  readonly bidId: string;
}

export interface TrackerDeps {
  /** The workspace's key: tokens and hashed ids. */
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly metrics: TrackerMetrics;
  /** Undefined when the exchange has been removed: then its prices are read as plain ones. */
  exchange(name: string): Pick<Exchange, 'price' | 'sync'> | undefined;
  /** Whether settings have it now, active or not. */
  hasCampaign(shop: string, campaign: string): boolean;
  /** EventTracker.record: `done` comes after the event is on the disk. */
  record(event: EventRecord, done: (error: Error | null) => void): void;
  /** The shop as it is served now; undefined when there is none of that name. */
  shop(name: string): Pick<PublishedShop, 'settings' | 'manifest'> | undefined;
  /** Every shop that is served now. */
  shops(): Iterable<SyncShop>;
  /** Base of our URLs, without a trailing slash. */
  readonly publicUrl: string;
  /** 128 bits by chance in 22 characters of base64url: our id of a browser that has none. */
  newBrowserId(): string;
  /**
   * Where the click leads: the item's landing page, else the campaign's; only ever a page of the
   * shop. Null when the shop has none.
   */
  landing(click: Click): string | null;
  readonly generations: Pick<Generations, 'readLink' | 'readProfile'>;
  /** Unique for ever, `[A-Za-z0-9_-]`: the name of an event that came without one. */
  newEventId(): string;
  /** Our bugs. */
  onError(error: unknown): void;
}
