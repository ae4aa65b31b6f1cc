/**
 * What is known of a person under one id, known under another too: when two customers turn out to be
 * one person, and when one turns out to be two.
 */
import { BLANK, CONFIRMED, type Exposure, liveExposures } from '../../proto/exposure-log.ts';
import {
  LIVE_KEEP_MS,
  mergedFacts,
  readLiveFacts,
  writeLiveFacts,
} from '../../proto/live-facts.ts';
import { emptyRead, type HotReads, type Store, StoreUnavailable } from '../../store/ports.ts';

interface PersonMove {
  readonly shop: string;
  readonly from: string;
  readonly to: string;
  /** False leaves the live facts: nobody knows whose they are. */
  readonly withFacts: boolean;
}

/**
 * Adds the impressions and live facts of `from` to those of `to`, which may be seen and written
 * meanwhile. What `from` has stays: notices of its bids are still to come, and a rollback returns to
 * it. So this may be done again, and brings what came since: an impression is one by its bid.
 *
 * An impression that is still reserved counts at `to` as if it were shown: its notice will name
 * `from`, and a lost bid costs less than a broken cap. Rejects with StoreUnavailable.
 */
export async function carryPerson(
  store: Pick<Store, 'hot' | 'caps' | 'live'>,
  { shop, from, to, withFacts }: PersonMove,
  nowMs: number,
): Promise<void> {
  const { exposures, live } = await readPerson(store.hot, { shop, person: from }, nowMs);
  for (const { campaignKey, bidKey, state, atMs } of exposures) {
    if (campaignKey === BLANK) continue;
    const shownMs = state === CONFIRMED ? atMs : nowMs;
    await store.caps.confirm({ shop, person: to, campaignKey, bidKey, nowMs: shownMs });
  }
  if (live === null || !withFacts) return;
  const facts = readLiveFacts(live, from);
  await store.live.update({ shop, person: to, keepMs: LIVE_KEEP_MS, nowMs }, (current) =>
    writeLiveFacts(mergedFacts(readLiveFacts(current, to), facts), to),
  );
}

/** No generation has the name '': neither profile nor links are looked for. */
function readPerson(
  hot: HotReads,
  who: { readonly shop: string; readonly person: string },
  nowMs: number,
): Promise<{ exposures: readonly Exposure[]; live: Uint8Array | null }> {
  return new Promise((resolve, reject) => {
    hot.readPerson(
      { ...emptyRead(), ...who, wantProfile: false },
      {
        personRead({ failed, exposures, live }) {
          if (failed) reject(new StoreUnavailable('a person could not be read'));
          // The bytes are lent for this call.
          else resolve({ exposures: liveExposures(exposures, nowMs), live: live?.slice() ?? null });
        },
      },
    );
  });
}
