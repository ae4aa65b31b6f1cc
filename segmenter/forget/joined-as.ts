/** Whom customers were one person with, where a generation that is kept has it otherwise than the data. */
import type { KeyObject } from 'node:crypto';
import { identityKey } from '../../proto/ids.ts';
import type { Generations } from '../../store/ports.ts';
import type { FoundPerson } from './find-person.ts';

/** ErasureRecord.joinedAs: persons beside those of `found`. */
export async function joinedAs(
  generations: Pick<Generations, 'list' | 'readLink'>,
  { shop, key }: { readonly shop: string; readonly key: KeyObject },
  { customerIds, persons }: Pick<FoundPerson, 'customerIds' | 'persons'>,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { generation } of await generations.list(shop)) {
    for (const id of customerIds) {
      const identity = identityKey(key, 'customer', id);
      const person = await generations.readLink(shop, generation, identity);
      if (person !== null && !persons.includes(person)) found.add(person);
    }
  }
  return [...found].sort();
}
