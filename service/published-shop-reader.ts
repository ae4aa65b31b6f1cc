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
  const pointer = await store.generations.serving(settings.shop);
  if (pointer === null) return null;
  const blob = async (name: string): Promise<Uint8Array> => {
    const bytes = await store.generations.readBlob(settings.shop, pointer.generation, name);
    if (bytes !== null) return bytes;
    throw new Error(`${settings.shop}: generation ${pointer.generation} has no ${name}`);
  };
  const manifest = parse(await blob(MANIFEST_BLOB)) as Manifest;
  if (manifest.format !== MANIFEST_FORMAT) {
    const Outdated = manifest.format < MANIFEST_FORMAT ? GenerationOutdated : Error;
    throw new Outdated(
      `${settings.shop}: generation ${pointer.generation} has format ${manifest.format}, this Rekindle reads ${MANIFEST_FORMAT}; run "rekindle segment ${settings.shop}"`,
    );
  }
  return {
    settings,
    manifest,
    catalogue: parse(await blob(CATALOGUE_BLOB)) as Catalogue,
    linkFilter: shared(await blob(LINK_FILTER_BLOB)),
  };
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}

function shared(bytes: Uint8Array): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return buffer;
}
