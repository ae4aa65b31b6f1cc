/** Explains one bid request as the serving workers would decide it, over the same store. */
import { join } from 'node:path';
import { compileCampaignIndex } from '../bidder/auction/campaign-index.ts';
import { explainRequest, type Trace } from '../bidder/explain-request.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { loadServingState, snapshotOf } from './serving-state.ts';
import { KEY_FILE } from './workspace-files.ts';

export interface ExplainQuestion {
  readonly config: ServiceConfig;
  readonly store: Store;
  readonly exchange: string;
  /** The bid request as an exchange sends it. */
  readonly body: Uint8Array;
}

/** Throws Failure for an unknown exchange, and what loadServingState throws. */
export async function explainBid(question: ExplainQuestion): Promise<Trace> {
  const { config, store, body } = question;
  const state = await loadServingState(config.dir, store, compileCampaignIndex);
  const exchange = state.exchanges.find((known) => known.exchange === question.exchange);
  if (exchange === undefined) {
    const names = state.exchanges.map((known) => known.exchange).join(', ');
    throw new Failure(
      'usage',
      `there is no exchange "${question.exchange}"; expected one of: ${names}`,
    );
  }
  const { publicUrl } = config;
  const snapshot = snapshotOf(state, publicUrl, systemClock.nowMs());
  const key = loadOrCreateKey(join(config.dir, KEY_FILE));
  return explainRequest({ snapshot, exchange, store, key, publicUrl, clock: systemClock }, body);
}
