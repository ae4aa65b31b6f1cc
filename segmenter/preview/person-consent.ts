/** Whether a person may be recognised, as the CRM has it now: a build before may have known them. */
import { optedOutPerson } from '../build/opted-out.ts';
import { Duck } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';

export interface PersonConsentRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  /** Hashed person id. */
  readonly person: string;
  /** As it was asked for: whoever is one person with others has another person id than their own. */
  readonly customer: string;
  readonly memoryMb: number;
  readonly threads: number;
}

/**
 * The person they are when they have not consented to ads, without profile and link after the next build;
 * null when they may be recognised.
 */
export async function refusedPerson(request: PersonConsentRequest): Promise<string | null> {
  const { dir, shop, memoryMb, threads } = request;
  const files = shopFiles(dir, shop);
  const folders = [files.folder];
  await using duck = await Duck.open({ memoryMb, threads, tempDir: files.temp, folders });
  return await optedOutPerson(duck, files, request);
}
