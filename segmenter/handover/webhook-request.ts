/** What sending a segment to a webhook is asked for and what it answers: plain data, as it crosses processes. */
import type { ShopDataRequest } from '../open-shop-data.ts';

export interface WebhookRequest extends ShopDataRequest {
  readonly segment: string;
  /** See checkedUrl() in sign-webhook.ts. */
  readonly url: string;
  /** See secretBytes() in sign-webhook.ts. */
  readonly secret: string;
  /** As HandoverRequest has it. */
  readonly phoneRegion: string | null;
  readonly nowMs: number;
}

export interface WebhookReport {
  readonly shop: string;
  readonly segment: string;
  readonly generation: string;
  /** The first part of every page's webhook-id; the same while nobody's data changes. */
  readonly id: string;
  readonly members: number;
  readonly withoutConsent: number;
  readonly gone: number;
  /** Persons; each of several customers who are one stands on the pages by its own id. */
  readonly people: number;
  readonly pages: number;
  /** By this run; those of runs before, which ended early, are not sent again. */
  readonly pagesSent: number;
}
