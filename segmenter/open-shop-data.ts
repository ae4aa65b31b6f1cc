import type { KeyObject } from 'node:crypto';
import { customerPersonId } from '../proto/ids.ts';
import { Duck } from './duck.ts';
import type { ShopSource } from './import/import-context.ts';
import { checkKey } from './import/import-files.ts';
import { recoverFiles, shopFiles } from './shop-data.ts';

export interface ShopDataRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly memoryMb: number;
  readonly threads: number;
}

/**
 * A shop's data under its lock, whole. Throws ImportError when it was imported with another key, and
 * FileLocked while another job of the shop runs.
 */
export async function openShopData(
  { dir, shop, memoryMb, threads }: ShopDataRequest,
  key: KeyObject,
): Promise<ShopSource & AsyncDisposable> {
  const files = shopFiles(dir, shop);
  const options = { memoryMb, threads, tempDir: files.temp, folders: [files.folder] };
  const duck = await Duck.open(options);
  try {
    await duck.lock(files.lock);
    recoverFiles(files.folder);
    checkKey(files, customerPersonId(key, shop, ''));
  } catch (error) {
    await duck[Symbol.asyncDispose]();
    throw error;
  }
  return { duck, files, [Symbol.asyncDispose]: () => duck[Symbol.asyncDispose]() };
}
