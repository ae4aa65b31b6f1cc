import type { Catalogue } from '../creative/item.ts';
import {
  CATALOGUE_BLOB,
  LINK_FILTER_BLOB,
  MANIFEST_BLOB,
  MANIFEST_FORMAT,
  type Manifest,
} from '../rules/manifest.ts';
import type { PublishedShop } from '../settings/published-shop.ts';
import type { ShopSettings } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';

/** The generation that serves was built by an older Rekindle: a build replaces it. */
export class GenerationOutdated extends Error {
  override readonly name = 'GenerationOutdated';
}

/**
 * What the shop's pointer names, or null before its first build. Throws when the generation was
 * written by another version of Rekindle (GenerationOutdated by an older one) or is not whole.
 */
export async function readPublishedShop(
  store: Store,
  settings: ShopSettings,
): Promise<PublishedShop | null> {
  const manifest = await readPublishedManifest(store, settings);
  if (manifest === null) return null;
  const at = { shop: settings.shop, generation: manifest.generation };
  return {
    settings,
    manifest,
    catalogue: parse(await readBlob(store, at, CATALOGUE_BLOB)) as Catalogue,
    linkFilter: shared(await readBlob(store, at, LINK_FILTER_BLOB)),
  };
}

/** As readPublishedShop, but null too for what an older Rekindle has built: nothing can be served of it. */
export async function readServedShop(
  store: Store,
  settings: ShopSettings,
): Promise<PublishedShop | null> {
  try {
    return await readPublishedShop(store, settings);
  } catch (error) {
    if (error instanceof GenerationOutdated) return null;
    throw error;
  }
}

/** What a generation says about itself alone; as readPublishedShop. */
export async function readPublishedManifest(
  store: Store,
  { shop }: Pick<ShopSettings, 'shop'>,
): Promise<Manifest | null> {
  const pointer = await store.generations.serving(shop);
  return pointer === null ? null : await readManifest(store, shop, pointer.generation);
}

/** Throws as readPublishedShop. */
export async function readManifest(
  store: Store,
  shop: string,
  generation: string,
): Promise<Manifest> {
  const manifest = parse(await readBlob(store, { shop, generation }, MANIFEST_BLOB)) as Manifest;
  if (manifest.format !== MANIFEST_FORMAT) {
    const Outdated = manifest.format < MANIFEST_FORMAT ? GenerationOutdated : Error;
    throw new Outdated(
      `${shop}: generation ${generation} has format ${manifest.format}, this Rekindle reads ${MANIFEST_FORMAT}; run "rekindle segment ${shop}"`,
    );
  }
  return manifest;
}

async function readBlob(
  { generations }: Store,
  { shop, generation }: Pick<Manifest, 'shop' | 'generation'>,
  name: string,
): Promise<Uint8Array> {
  const bytes = await generations.readBlob(shop, generation, name);
  if (bytes !== null) return bytes;
  throw new Error(`${shop}: generation ${generation} has no ${name}`);
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
