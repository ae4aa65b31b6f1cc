/** All that a store holds of a generation, to compare builds by. */
import { CATALOGUE_BLOB, LINK_FILTER_BLOB, MANIFEST_BLOB } from '../../rules/manifest.ts';
import type { Generations } from '../../store/ports.ts';

/** Every profile, link and blob of a generation of the shop `test`, in key order. */
export async function contents(generations: Generations, generation: string): Promise<string[]> {
  const found: string[] = [];
  const hex = (bytes: Uint8Array | null) => Buffer.from(bytes!).toString('hex');
  for (let after = ''; ; ) {
    const persons = await generations.scanProfiles('test', generation, after, 500);
    for (const person of persons) {
      found.push(`${person} ${hex(await generations.readProfile('test', generation, person))}`);
    }
    if (persons.length === 0) break;
    after = persons.at(-1)!;
  }
  for (let after = ''; ; ) {
    const links = await generations.scanLinks('test', generation, after, 500);
    for (const { identity, person } of links) found.push(`${identity} ${person}`);
    if (links.length === 0) break;
    after = links.at(-1)!.identity;
  }
  for (const name of [MANIFEST_BLOB, CATALOGUE_BLOB, LINK_FILTER_BLOB]) {
    found.push(hex(await generations.readBlob('test', generation, name)));
  }
  return found;
}
