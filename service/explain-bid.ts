/** Explains bid requests as the serving workers would decide them, over the same store. */
import { join } from 'node:path';
import { compileCampaignIndex } from '../bidder/auction/campaign-index.ts';
import { explainRequest, type Trace } from '../bidder/explain-request.ts';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { loadOrCreateKey } from '../platform/secret-key.ts';
import { type Exchange, WIRE_FORMATS } from '../settings/exchange.ts';
import type { ServiceConfig } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { loadServingState, snapshotOf } from './serving-state.ts';
import { SupplyFiles } from './supply/load-supply-index.ts';
import { KEY_FILE } from './workspace-files.ts';

/** Explains the bytes of one bid request, in the exchange's own format unless another one is named. */
export type ExplainBid = (body: Uint8Array, format?: Exchange['format']) => Promise<Trace>;

/**
 * What the workers serve at this moment, ready to explain any number of requests of the exchange.
 * Throws Failure for an unknown exchange, and what loadServingState throws.
 */
export async function bidExplainer(
  { config, store }: { readonly config: ServiceConfig; readonly store: Store },
  exchangeName: string,
): Promise<ExplainBid> {
  const supplyFiles = new SupplyFiles(config.dir);
  const readSupply = (exchanges: readonly Exchange[]) => supplyFiles.index(exchanges);
  const state = await loadServingState(config.dir, store, compileCampaignIndex, readSupply);
  const exchange = state.exchanges.find((known) => known.exchange === exchangeName);
  if (exchange === undefined) {
    const names = state.exchanges.map((known) => known.exchange).join(', ');
    throw new Failure('usage', `there is no exchange "${exchangeName}"; expected one of: ${names}`);
  }
  const { publicUrl } = config;
  const { supply } = state;
  const snapshot = snapshotOf(state, publicUrl, systemClock.nowMs());
  const key = loadOrCreateKey(join(config.dir, KEY_FILE));
  const deps = { snapshot, exchange, store, supply, key, publicUrl, clock: systemClock };
  return (body, format) => explainRequest(deps, body, format);
}

/** The format of that name. Throws Failure for an unknown one. */
export function wireFormatOf(name: string): Exchange['format'] {
  const format = WIRE_FORMATS.find((known) => known === name);
  if (format !== undefined) return format;
  throw new Failure(
    'usage',
    `there is no format "${name}"; expected one of: ${WIRE_FORMATS.join(', ')}`,
  );
}
