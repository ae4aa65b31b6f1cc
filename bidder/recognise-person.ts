/** Who a request is about, read from the store outside the hot path: for explanations and benchmarks. */
import type { KeyObject } from 'node:crypto';
import { identityKey } from '../proto/ids.ts';
import { decodeLiveFacts, decodeProfile } from '../proto/records.ts';
import { emptyRead, type HotReads, type PersonRead } from '../store/ports.ts';
import type { BidRequest, RawIdentity } from './auction/bid-request.ts';
import { nobody, type PersonView, viewPerson } from './auction/person-view.ts';
import type { ShopSnapshot, Snapshot } from './auction/snapshot.ts';
import { aimRead, hashIdentities } from './hash-identities.ts';
import { mayRecognise } from './may-recognise.ts';

export interface RecogniseDeps {
  readonly snapshot: Snapshot;
  readonly store: { readonly hot: HotReads };
  /** Of identifiers. */
  readonly key: KeyObject;
}

/** The person as this shop knows them, and which kind of identifier led there; null when none did. */
export async function recognisePerson(
  deps: RecogniseDeps,
  shop: ShopSnapshot,
  { request, nowMs }: { readonly request: BidRequest; readonly nowMs: number },
): Promise<{ view: PersonView; space: string | null }> {
  const view = nobody();
  if (request.identities.length === 0 || !mayRecognise(request, shop)) {
    return { view, space: null };
  }
  const read = await readPerson(deps, shop, request.identities);
  if (read.failed) return { view, space: null };
  const { person } = read;
  const profile = read.profile === null ? null : decodeProfile(read.profile, person);
  const live = read.live === null ? null : decodeLiveFacts(read.live, person);
  viewPerson(view, shop, { person, profile, live }, nowMs);
  view.countsKnown = true;
  view.exposures = read.exposures;
  const matched = read.identities[read.matchedIdentity];
  const isMatched = (raw: RawIdentity) => identityKey(deps.key, raw.space, raw.value) === matched;
  return { view, space: request.identities.find(isMatched)?.space ?? null };
}

/** The store's bytes live only during the call, so they are copied. */
function readPerson(
  deps: RecogniseDeps,
  shop: ShopSnapshot,
  identities: readonly RawIdentity[],
): Promise<PersonRead> {
  const read = emptyRead();
  aimRead(read, shop, hashIdentities(deps.key, identities, deps.snapshot.linkedSpaces));
  return new Promise((resolve) => {
    deps.store.hot.readPerson(read, {
      personRead: ({ profile, live, exposures }) =>
        resolve({
          ...read,
          profile: profile && Buffer.from(profile),
          live: live && Buffer.from(live),
          exposures: exposures && Buffer.from(exposures),
        }),
    });
  });
}
