/** The store's side of a build: what serves now, whether the new one may, and clearing up. */
import assert from 'node:assert/strict';
import { decodeProfile } from '../../proto/records.ts';
import { MANIFEST_BLOB, MANIFEST_FORMAT, type Manifest } from '../../rules/manifest.ts';
import type { Generations } from '../../store/ports.ts';
import { BuildRefused } from './build-request.ts';

/** A base that loses more of its customers in one build is a broken import until somebody says no. */
const CUSTOMERS_DROP_MAX = 0.3;

/** Removes all generations, sealed or not, but what serves, what served before, and one that is gone on with. */
export async function removeOthers(
  generations: Generations,
  shop: string,
  resumed: string | null = null,
): Promise<void> {
  const pointer = await generations.serving(shop);
  const stay = [pointer?.generation, pointer?.previous, resumed];
  for (const { generation } of await generations.list(shop)) {
    if (!stay.includes(generation)) await generations.remove(shop, generation);
  }
}

/** Null when the store does not have the generation at all. */
export async function stateOf(
  generations: Generations,
  shop: string,
  generation: string,
): Promise<'sealed' | 'unfinished' | null> {
  const found = (await generations.list(shop)).find((one) => one.generation === generation);
  if (found === undefined) return null;
  return found.sealed ? 'sealed' : 'unfinished';
}

/** The manifest of a generation; null when it has none that this version reads. */
export async function readManifest(
  generations: Generations,
  shop: string,
  generation: string,
): Promise<Manifest | null> {
  const bytes = await generations.readBlob(shop, generation, MANIFEST_BLOB);
  if (bytes === null) return null;
  const manifest = JSON.parse(Buffer.from(bytes).toString('utf8')) as Manifest;
  return manifest.format === MANIFEST_FORMAT ? manifest : null;
}

/** The manifest of what serves; null when nothing does that this version reads. */
export async function readServing(
  generations: Generations,
  shop: string,
): Promise<Manifest | null> {
  const serving = await generations.serving(shop);
  return serving === null ? null : readManifest(generations, shop, serving.generation);
}

/** Throws BuildRefused for a base that shrank too much, unless forced. */
export function refuseShrunken(customers: number, before: Manifest | null, force: boolean): void {
  if (before === null || force) return;
  if (customers >= before.customers * (1 - CUSTOMERS_DROP_MAX)) return;
  throw new BuildRefused(
    `${customers} customers, where the serving generation ${before.generation} has ` +
      `${before.customers}: more than ${CUSTOMERS_DROP_MAX * 100} % fewer. ` +
      'If that is right, run again with --force; the old generation serves on',
  );
}

const PROFILES_CHECKED = 50;

/** Reads back what was written: the manifest, and some profiles from both ends of the base. */
export async function verifyGeneration(
  generations: Generations,
  manifest: Manifest,
): Promise<void> {
  const { shop, generation } = manifest;
  const stored = await readManifest(generations, shop, generation);
  assert.deepEqual(stored, manifest, `generation ${generation} does not give its manifest back`);
  const persons = await generations.scanProfiles(shop, generation, '', PROFILES_CHECKED);
  assert.equal(persons.length, Math.min(PROFILES_CHECKED, manifest.profiles));
  for (const person of persons) {
    const bytes = await generations.readProfile(shop, generation, person);
    const profile = bytes === null ? null : decodeProfile(bytes, person);
    assert(profile !== null, `generation ${generation} does not give profile ${person} back`);
    assert(profile.segments.every((ordinal) => ordinal < manifest.segments.length));
  }
}
