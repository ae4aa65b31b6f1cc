import type { KeyObject } from 'node:crypto';
import { anonymousPersonId, customerPersonId, identityKey } from '../proto/ids.ts';
import { type Generations, StoreUnavailable } from '../store/ports.ts';
import type { PostedEvent } from './parse-shop-events.ts';

export interface ResolveDeps {
  readonly key: KeyObject;
  readonly generations: Pick<Generations, 'readLink' | 'readProfile'>;
}

interface Posted {
  readonly shop: string;
  readonly generation: string;
  /** At least one, most trusted first. */
  readonly identities: PostedEvent['identities'];
}

/**
 * Whom an event is about: the person that the generation links to the best identifier; else the
 * customer named, when the base knows him; else the visitor that a bid for this browser will see,
 * so that a first purchase counts at once. `linked` is false when the store could not be asked: the
 * event is kept all the same, since a sale must not be lost because a link could not be read.
 */
export async function resolvePerson(
  deps: ResolveDeps,
  posted: Posted,
): Promise<{ person: string; linked: boolean }> {
  try {
    const person = (await linkedPerson(deps, posted)) ?? (await knownCustomer(deps, posted));
    return { person: person ?? visitor(deps, posted), linked: true };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { person: customer(deps, posted) ?? visitor(deps, posted), linked: false };
  }
}

async function linkedPerson(deps: ResolveDeps, posted: Posted): Promise<string | null> {
  const { shop, generation, identities } = posted;
  for (const { space, value } of identities) {
    const identity = identityKey(deps.key, space, value);
    const person = await deps.generations.readLink(shop, generation, identity);
    if (person !== null) return person;
  }
  return null;
}

async function knownCustomer(deps: ResolveDeps, posted: Posted): Promise<string | null> {
  const person = customer(deps, posted);
  if (person === null) return null;
  const { shop, generation } = posted;
  const profile = await deps.generations.readProfile(shop, generation, person);
  return profile === null ? null : person;
}

function customer(deps: ResolveDeps, posted: Posted): string | null {
  const given = posted.identities.find(({ space }) => space === 'customer');
  return given === undefined ? null : customerPersonId(deps.key, posted.shop, given.value);
}

/** A bid knows a stranger by the cookie before the device; a customer without either is himself. */
function visitor(deps: ResolveDeps, posted: Posted): string {
  const { identities } = posted;
  const device = identities.find(({ space }) => space === 'cookie' || space === 'ifa');
  if (device === undefined) {
    const person = customer(deps, posted);
    if (person !== null) return person;
  }
  const { space, value } = device ?? identities[0]!;
  return anonymousPersonId(identityKey(deps.key, space, value));
}
