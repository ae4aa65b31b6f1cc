/** What the store holds of a person: keyed hashes, what is known under them, what was shown to them. */
import { CONFIRMED, EXPOSURE_BYTES } from '../../proto/exposure-log.ts';
import { f64At, u32At } from '../../proto/little-endian.ts';
import { decodeLiveFacts, decodeProfile } from '../../proto/records.ts';
import type { Manifest } from '../../rules/manifest.ts';
import { emptyRead, type Generations, type HotReads, StoreUnavailable } from '../../store/ports.ts';
import type { Syncs } from '../../store/record-ports.ts';
import { readManifest } from '../build/publish.ts';
import { findInStore, type SoughtPerson } from '../forget/erase-from-store.ts';
import type { HeldRecord } from './held-record.ts';

export interface AccessStore {
  readonly generations: Generations;
  readonly syncs: Syncs;
  readonly hot: HotReads;
}

export interface StoredOfPerson {
  readonly identities: readonly string[];
  readonly places: Readonly<Record<string, readonly HeldRecord[]>>;
}

export async function collectFromStore(
  store: AccessStore,
  person: SoughtPerson & { readonly joinedAs: readonly string[] },
  nowMs: number,
): Promise<StoredOfPerson> {
  const { shop } = person;
  // Links of those whom they were one person with are not theirs.
  const { identities, syncs } = await findInStore(store, person, nowMs);
  const persons = [...person.persons, ...person.joinedAs];
  const profiles: HeldRecord[] = [];
  const links: HeldRecord[] = [];
  for (const { generation } of await store.generations.list(shop)) {
    const within = { store, shop, generation };
    profiles.push(...(await profilesIn(within, persons)));
    links.push(...(await linksIn(within, identities)));
  }
  const known = await Promise.all(
    [...persons, ...identities].map((id) => readOne(store.hot, shop, id)),
  );
  return {
    identities,
    places: {
      profiles,
      links,
      'live facts': known.flatMap(({ live }) => live),
      'exposure logs': known.flatMap(({ exposures }) => exposures),
      'user syncs': syncs.map((sync) => ({ ...sync })),
    },
  };
}

interface Within {
  readonly store: AccessStore;
  readonly shop: string;
  readonly generation: string;
}

async function profilesIn(
  { store, shop, generation }: Within,
  persons: readonly string[],
): Promise<HeldRecord[]> {
  const manifest = await readManifest(store.generations, shop, generation);
  const found: HeldRecord[] = [];
  for (const person of persons) {
    const bytes = await store.generations.readProfile(shop, generation, person);
    const profile = bytes === null ? null : decodeProfile(bytes, person);
    if (profile === null) continue;
    found.push({ generation, ...profile, segments: segmentNames(manifest, profile.segments) });
  }
  return found;
}

/** Their numbers where the manifest is of another version. */
function segmentNames(manifest: Manifest | null, ordinals: readonly number[]): unknown[] {
  return ordinals.map((ordinal) => manifest?.segments[ordinal]?.segment ?? ordinal);
}

async function linksIn(
  { store, shop, generation }: Within,
  identities: readonly string[],
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (const identity of identities) {
    const person = await store.generations.readLink(shop, generation, identity);
    if (person !== null) found.push({ generation, identity, person });
  }
  return found;
}

interface KnownOfOne {
  readonly live: readonly HeldRecord[];
  readonly exposures: readonly HeldRecord[];
}

function readOne(hot: HotReads, shop: string, person: string): Promise<KnownOfOne> {
  return new Promise((resolve, reject) => {
    const read = { ...emptyRead(), shop, person, wantProfile: false };
    hot.readPerson(read, {
      // What was read is lent for the call.
      personRead: ({ failed, live, exposures }) => {
        if (failed) reject(new StoreUnavailable('the store did not say what it holds of a person'));
        else resolve({ live: liveOf(live, person), exposures: exposuresOf(exposures, person) });
      },
    });
  });
}

function liveOf(bytes: Uint8Array | null, person: string): HeldRecord[] {
  const facts = bytes === null ? null : decodeLiveFacts(bytes, person);
  return facts === null ? [] : [{ ...facts }];
}

/** Entries as proto/exposure-log.ts has them. */
function exposuresOf(log: Uint8Array | null, person: string): HeldRecord[] {
  const found: HeldRecord[] = [];
  for (let at = 0; log !== null && at + EXPOSURE_BYTES <= log.length; at += EXPOSURE_BYTES) {
    const state = u32At(log, at + 4) === CONFIRMED ? 'shown' : 'reserved';
    const entry = { campaignKey: u32At(log, at), state, atMs: f64At(log, at + 8) };
    found.push({ person, ...entry, bidKey: f64At(log, at + 16) });
  }
  return found;
}
