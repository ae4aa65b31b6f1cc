import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SETTINGS } from '../bidder/auction/shop.contract.ts';
import {
  CATALOGUE_BLOB,
  LINK_FILTER_BLOB,
  MANIFEST_BLOB,
  MANIFEST_FORMAT,
} from '../rules/manifest.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/ports.ts';
import { GenerationOutdated, readPublishedShop } from './published-shop-reader.ts';

let dir: string;
let store: Store;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-published-'));
  store = await openStore({ url: '', dir });
});

afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

async function publish(format: number): Promise<void> {
  const generation = `20261122T00000000${format}Z-aaaaaaaaaaaa`;
  await using writer = await store.generations.write(SETTINGS.shop, generation);
  await writer.putBlob(MANIFEST_BLOB, Buffer.from(JSON.stringify({ format, generation })));
  await writer.putBlob(CATALOGUE_BLOB, Buffer.from('{}'));
  await writer.putBlob(LINK_FILTER_BLOB, Buffer.alloc(64, 7));
  await writer.seal({ profiles: 0, links: 0 });
  await store.generations.flip(SETTINGS.shop, generation);
}

it('has nothing to read before the first build', async () => {
  expect(await readPublishedShop(store, SETTINGS)).toBeNull();
});

it('tells a generation of an older Rekindle, which a build replaces, from one of a newer', async () => {
  await publish(MANIFEST_FORMAT - 1);
  await expect(readPublishedShop(store, SETTINGS)).rejects.toThrow(GenerationOutdated);
  await publish(MANIFEST_FORMAT);
  const published = await readPublishedShop(store, SETTINGS);
  expect(published?.manifest.format).toBe(MANIFEST_FORMAT);
  expect(new Uint8Array(published!.linkFilter)).toEqual(new Uint8Array(64).fill(7));
  await publish(MANIFEST_FORMAT + 1);
  const newer = readPublishedShop(store, SETTINGS);
  await expect(newer).rejects.toThrow(`this Rekindle reads ${MANIFEST_FORMAT}`);
  await expect(newer).rejects.not.toThrow(GenerationOutdated);
});
