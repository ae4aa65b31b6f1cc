/** The files of `supply/` as the index that workers ask, in shared memory. */
import { randomInt } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { parseAdsTxt } from '../../bidder/supply/parse-ads-txt.ts';
import { parseSellersJson } from '../../bidder/supply/parse-sellers-json.ts';
import { type SupplyIndex, SupplyIndexBuilder } from '../../bidder/supply/supply-index.ts';
import { NO_SUPPLY_INDEX } from '../../bidder/supply/supply-refusal.ts';
import type { Exchange } from '../../settings/exchange.ts';
import { supplySignature } from '../folder-signature.ts';
import { type OnSupplyProblem, SupplyFolder, type SupplyKind } from './supply-folder.ts';

/** What the exchanges of a workspace ask of files. */
interface Asked {
  readonly adsTxt: boolean;
  readonly sellersJson: boolean;
  /** Advertising systems whose records are asked for; null for any. */
  readonly systems: ReadonlySet<string> | null;
}

/** Reads the files anew only when they or what is asked of them have changed. */
export class SupplyFiles {
  readonly #dir: string;
  #key = '';
  #index = NO_SUPPLY_INDEX;

  constructor(workspaceDir: string) {
    this.#dir = workspaceDir;
  }

  async index(exchanges: readonly Exchange[]): Promise<SupplyIndex> {
    const asked = askedOf(exchanges);
    const systems = asked.systems === null ? null : [...asked.systems].sort();
    const key = JSON.stringify([supplySignature(this.#dir), { ...asked, systems }]);
    if (key !== this.#key) {
      this.#index = await loadSupplyIndex(this.#dir, exchanges, () => {});
      this.#key = key;
    }
    return this.#index;
  }
}

/** One file after the other, with a turn of the loop between two. What cannot be read is left out. */
export async function loadSupplyIndex(
  workspaceDir: string,
  exchanges: readonly Exchange[],
  onProblem: OnSupplyProblem,
): Promise<SupplyIndex> {
  const asked = askedOf(exchanges);
  if (!asked.adsTxt && !asked.sellersJson) return NO_SUPPLY_INDEX;
  const folder = new SupplyFolder(workspaceDir);
  const builder = new SupplyIndexBuilder(randomInt(2 ** 32), asked.systems);
  const each = async (kind: SupplyKind, add: (domain: string, text: string) => void) => {
    for (const domain of folder.domains(kind)) {
      const text = folder.read(kind, domain, onProblem);
      if (text !== null) add(domain, text);
      await turn();
    }
  };
  const addAdsTxt = (kind: 'ads-txt' | 'app-ads-txt') => (domain: string, text: string) => {
    const file = parseAdsTxt(text);
    for (const line of file.malformed.lines)
      onProblem(`${folder.shown(kind, domain)}:${line}`, 'neither a record nor a variable');
    builder.addAdsTxt(kind === 'ads-txt' ? 'site' : 'developer', domain, file);
  };
  if (asked.adsTxt) {
    await each('ads-txt', addAdsTxt('ads-txt'));
    await each('app-ads-txt', addAdsTxt('app-ads-txt'));
    builder.addApps(folder.apps(onProblem));
  }
  if (asked.sellersJson) {
    await each('sellers-json', (domain, text) => {
      const file = parseSellersJson(text);
      if (file === null) onProblem(folder.shown('sellers-json', domain), 'no list of sellers');
      else builder.addSellersJson(domain, file);
    });
  }
  return builder.index();
}

/** Whether any exchange asks for files at all. */
export function asksForFiles(exchanges: readonly Exchange[]): boolean {
  const { adsTxt, sellersJson } = askedOf(exchanges);
  return adsTxt || sellersJson;
}

function askedOf(exchanges: readonly Exchange[]): Asked {
  const rules = exchanges.flatMap(({ supply }) => (supply === undefined ? [] : [supply]));
  const byAdsTxt = rules.filter(({ adsTxt }) => adsTxt !== 'ignore');
  return {
    adsTxt: byAdsTxt.length > 0,
    sellersJson: rules.some(({ sellersJson }) => sellersJson !== 'ignore'),
    // A chain may name any system; without one only the exchange itself is looked for.
    systems: byAdsTxt.some(({ schain }) => schain !== 'ignore')
      ? null
      : new Set(byAdsTxt.map(({ domain }) => domain)),
  };
}
