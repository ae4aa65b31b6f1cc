/** A person's records in the store: every generation, live facts, exposure logs and user syncs. */
import type { Generations } from '../../store/ports.ts';
import type { ErasedRecords, Erasure, Sync, Syncs } from '../../store/record-ports.ts';

export interface PersonStore {
  readonly generations: Pick<Generations, 'list' | 'scanLinks' | 'readLink' | 'serving'>;
  readonly syncs: Syncs;
  readonly erasure: Erasure;
}

export interface StoredPerson {
  readonly shop: string;
  readonly persons: readonly string[];
  readonly identities: readonly string[];
}

export interface SoughtPerson extends StoredPerson {
  /** Identity keys that others have too: what an older generation links to the person may be theirs now. */
  readonly shared: readonly string[];
}

/** What leads to a person in the store besides what the CRM knows: found by looking at all of it. */
interface StoreFinds {
  /** Of links to the persons, and of the other side of their syncs; none that others have too. */
  readonly identities: readonly string[];
  /** Of all links to the persons. */
  readonly links: readonly string[];
  readonly syncs: readonly Sync[];
}

const SCAN_LINKS = 1000;

export async function findInStore(
  store: Pick<PersonStore, 'generations' | 'syncs'>,
  person: SoughtPerson,
  nowMs: number,
): Promise<StoreFinds> {
  const links = await linked(store, person);
  const identities = new Set([...person.identities, ...links]);
  const others = new Set(person.shared);
  const syncs: Sync[] = [];
  for await (const batch of store.syncs.all(person.shop, nowMs)) {
    for (const sync of batch) {
      if (others.has(sync.cookie)) others.add(sync.theirs);
      else if (identities.has(sync.cookie) || identities.has(sync.theirs)) syncs.push(sync);
    }
  }
  for (const { cookie, theirs } of syncs) identities.add(cookie).add(theirs);
  for (const identity of others) identities.delete(identity);
  return { identities: [...identities].sort(), links, syncs };
}

/** A link that a sync made in an earlier build is known to nobody but the generation. */
async function linked(
  { generations }: Pick<PersonStore, 'generations'>,
  { shop, persons }: StoredPerson,
): Promise<string[]> {
  const found: string[] = [];
  const wanted = new Set(persons);
  for (const { generation } of await generations.list(shop)) {
    for (let after = ''; ; ) {
      const links = await generations.scanLinks(shop, generation, after, SCAN_LINKS);
      if (links.length === 0) break;
      found.push(...links.filter(({ person }) => wanted.has(person)).map((link) => link.identity));
      after = links.at(-1)!.identity;
    }
  }
  return found;
}

export interface ErasedFromStore extends ErasedRecords {
  readonly syncs: number;
}

/**
 * `person` with what findInStore() found of them. Safe to do again. Syncs of these browsers are not taken
 * for the next sixty days (Syncs.forget).
 */
export async function eraseFromStore(
  store: PersonStore,
  person: StoredPerson,
  { syncs, nowMs }: { readonly syncs: readonly Sync[]; readonly nowMs: number },
): Promise<ErasedFromStore> {
  const cookies = new Set(syncs.map(({ cookie }) => cookie));
  for (const cookie of cookies) await store.syncs.forget(person.shop, cookie, nowMs);
  const { shop, persons, identities } = person;
  const erased = await store.erasure.erase({ shop, persons, identities });
  return { ...erased, syncs: syncs.length };
}
