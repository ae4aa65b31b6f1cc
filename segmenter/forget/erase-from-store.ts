/** A person's records in the store: every generation, live facts, exposure logs and user syncs. */
import type { Generations } from '../../store/ports.ts';
import type {
  ErasedRecords,
  Erasure,
  GenerationLink,
  Sync,
  Syncs,
} from '../../store/record-ports.ts';

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
  /** Identity keys that others have too. */
  readonly shared: readonly string[];
  /** Which of these others have: what an older generation links to the person may be theirs now. */
  readonly ofOthers: (identities: readonly string[]) => Promise<readonly string[]>;
}

/** What leads to a person in the store besides what the CRM knows: found by looking at all of it. */
interface StoreFinds {
  /** Of links to the persons, and of the other side of their syncs; none that others have too. */
  readonly identities: readonly string[];
  /** Links to the persons whose identities others have too. */
  readonly links: readonly GenerationLink[];
  readonly syncs: readonly Sync[];
}

const SCAN_LINKS = 1000;

export async function findInStore(
  store: Pick<PersonStore, 'generations' | 'syncs'>,
  person: SoughtPerson,
  nowMs: number,
): Promise<StoreFinds> {
  const links = await linked(store, person);
  const found = links.map(({ identity }) => identity);
  const identities = new Set([...person.identities, ...found]);
  const others = await sharedOf(person, found);
  const syncs: Sync[] = [];
  for await (const batch of store.syncs.all(person.shop, nowMs)) {
    for (const sync of batch) {
      if (others.has(sync.cookie)) others.add(sync.theirs);
      else if (identities.has(sync.cookie) || identities.has(sync.theirs)) syncs.push(sync);
    }
  }
  for (const { cookie, theirs } of syncs) identities.add(cookie).add(theirs);
  for (const identity of others) identities.delete(identity);
  const theirs = links.filter(({ identity }) => others.has(identity));
  return { identities: [...identities].sort(), links: theirs, syncs };
}

/** Without what is theirs alone now, as an e-mail that another had once. */
async function sharedOf(person: SoughtPerson, found: readonly string[]): Promise<Set<string>> {
  const others = [...person.shared, ...(await person.ofOthers(found))];
  return new Set(others.filter((identity) => !person.identities.includes(identity)));
}

/** A link that a sync made in an earlier build is known to nobody but the generation. */
async function linked(
  { generations }: Pick<PersonStore, 'generations'>,
  { shop, persons }: StoredPerson,
): Promise<GenerationLink[]> {
  const found: GenerationLink[] = [];
  const wanted = new Set(persons);
  for (const { generation } of await generations.list(shop)) {
    for (let after = ''; ; ) {
      const links = await generations.scanLinks(shop, generation, after, SCAN_LINKS);
      if (links.length === 0) break;
      const theirs = links.filter(({ person }) => wanted.has(person));
      found.push(...theirs.map(({ identity }) => ({ generation, identity })));
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
  { links, syncs, nowMs }: Pick<StoreFinds, 'links' | 'syncs'> & { readonly nowMs: number },
): Promise<ErasedFromStore> {
  const cookies = new Set(syncs.map(({ cookie }) => cookie));
  for (const cookie of cookies) await store.syncs.forget(person.shop, cookie, nowMs);
  const { shop, persons, identities } = person;
  const erased = await store.erasure.erase({ shop, persons, identities, links });
  return { ...erased, syncs: syncs.length };
}
