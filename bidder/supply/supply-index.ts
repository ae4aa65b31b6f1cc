/**
 * What ads.txt, app-ads.txt and sellers.json files say, compiled so that a bid asks without making
 * anything. Files that were not read are no part of it, nor those that say nothing.
 */
import type { SupplyPath } from '../auction/supply-path.ts';
import { addText, beginKey, type FactTable, FactTableBuilder, valueOfKey } from './fact-table.ts';
import type { AdsTxt } from './parse-ads-txt.ts';
import type { SellersJson } from './parse-sellers-json.ts';

/** A file, from 1. */
type FileNumber = number;

/** Plain data, shared by the threads of a process. */
export interface SupplyIndex {
  readonly facts: FactTable;
  readonly counts: SupplyCounts;
}

interface SupplyCounts {
  readonly files: number;
  readonly facts: number;
}

/** Names of files, and what stands in them. */
const KIND = { site: 1, developer: 2, bundle: 3, record: 4, partner: 5, system: 6, seller: 7 };
const DOT = 0x2e;

/** The ads.txt of the site or the app-ads.txt of the app's developer; 0 when it is not known. */
export function ownersFile(
  { facts }: SupplyIndex,
  { site, store }: SupplyPath,
  bundle: string,
): FileNumber {
  if (site !== '') return siteFile(facts, site);
  if (bundle === '') return 0;
  const inStore = appFile(facts, bundle, store);
  return inStore === 0 && store !== '' ? appFile(facts, bundle, '') : inStore;
}

/** The file of the partner with whom the inventory is shared, 0 when it is not known. */
export function partnersFile({ facts }: SupplyIndex, partner: string, inApp: boolean): FileNumber {
  return inApp ? nameOf(facts, KIND.developer, partner) : siteFile(facts, partner);
}

/** Whether the file names the domain as an inventory partner. */
export function namesPartner({ facts }: SupplyIndex, file: FileNumber, partner: string): boolean {
  return entryOf(facts, KIND.partner, file, partner) !== 0;
}

/** RELATIONSHIP bits of an account in a file, 0 when it is not listed. */
export function relationshipOf(
  { facts }: SupplyIndex,
  file: FileNumber,
  system: string,
  account: string,
): number {
  beginKey(facts.seed, KIND.record, file);
  addText(system, 0);
  addText(account, 0);
  return valueOfKey(facts);
}

/** The sellers.json of an advertising system, 0 when it is not known. */
export function sellersFile({ facts }: SupplyIndex, system: string): FileNumber {
  return nameOf(facts, KIND.system, system);
}

/** SELLER bits of an account in a sellers.json, 0 when it is not listed. */
export function sellerType({ facts }: SupplyIndex, file: FileNumber, account: string): number {
  return entryOf(facts, KIND.seller, file, account);
}

/** A page's host is below the domain whose file counts: the longest name that has one. */
function siteFile(facts: FactTable, host: string): FileNumber {
  for (let from = 0; from >= 0; from = behindDot(host, from)) {
    beginKey(facts.seed, KIND.site, 0);
    addText(host, from);
    const file = valueOfKey(facts);
    if (file !== 0) return file;
  }
  return 0;
}

/** Where the next label begins, -1 behind the last. */
function behindDot(host: string, from: number): number {
  for (let i = from; i < host.length; i++) if (host.charCodeAt(i) === DOT) return i + 1;
  return -1;
}

function nameOf(facts: FactTable, kind: number, name: string): number {
  return entryOf(facts, kind, 0, name);
}

function entryOf(facts: FactTable, kind: number, file: FileNumber, text: string): number {
  beginKey(facts.seed, kind, file);
  addText(text, 0);
  return valueOfKey(facts);
}

/** Stores may have different apps under the same name. */
function appFile(facts: FactTable, bundle: string, store: string): FileNumber {
  beginKey(facts.seed, KIND.bundle, 0);
  addText(bundle, 0);
  addText(store, 0);
  return valueOfKey(facts);
}

/** A row of apps.csv. */
export interface StoreApp {
  readonly bundle: string;
  /** Host of the store's pages; '' is any store. */
  readonly store: string;
  readonly developer: string;
}

/** Takes files one by one, off the hot path. */
export class SupplyIndexBuilder {
  readonly #facts: FactTableBuilder;
  readonly #systems: ReadonlySet<string> | null;
  readonly #developers = new Map<string, FileNumber>();
  #files = 0;

  /**
   * `seed` is drawn for each index. `systems`: records of others need not be kept, as nobody asks
   * for them; null keeps all.
   */
  constructor(seed: number, systems: ReadonlySet<string> | null) {
    this.#facts = new FactTableBuilder(seed);
    this.#systems = systems;
  }

  /** `domain` is where it was found, lower case. A file that says nothing is as if it were not there. */
  addAdsTxt(kind: 'site' | 'developer', domain: string, file: AdsTxt): void {
    if (file.records.length === 0 && !file.nobody) return;
    const number = this.#file(KIND[kind], domain);
    if (kind === 'developer') this.#developers.set(domain, number);
    for (const { system, account, relationship } of file.records) {
      if (this.#systems !== null && !this.#systems.has(system)) continue;
      beginKey(this.#facts.seed, KIND.record, number);
      addText(system, 0);
      addText(account, 0);
      this.#facts.put(relationship);
    }
    for (const partner of file.variables.INVENTORYPARTNERDOMAIN)
      this.#put(KIND.partner, number, { text: partner, value: 1 });
  }

  addSellersJson(system: string, file: SellersJson): void {
    const number = this.#file(KIND.system, system);
    for (const { id, type } of file.sellers)
      this.#put(KIND.seller, number, { text: id, value: type });
  }

  /** Behind the developers' files. Of rows for one bundle and store the first counts. */
  addApps(apps: readonly StoreApp[]): void {
    const taken = new Set<string>();
    for (const { bundle, store, developer } of apps) {
      const number = this.#developers.get(developer);
      const name = `${bundle} ${store}`;
      if (number === undefined || taken.has(name)) continue;
      taken.add(name);
      beginKey(this.#facts.seed, KIND.bundle, 0);
      addText(bundle, 0);
      addText(store, 0);
      this.#facts.put(number);
    }
  }

  index(): SupplyIndex {
    return {
      facts: this.#facts.table(),
      counts: { files: this.#files, facts: this.#facts.count },
    };
  }

  #file(kind: number, name: string): FileNumber {
    this.#files++;
    this.#put(kind, 0, { text: name, value: this.#files });
    return this.#files;
  }

  #put(kind: number, file: FileNumber, { text, value }: { text: string; value: number }): void {
    beginKey(this.#facts.seed, kind, file);
    addText(text, 0);
    this.#facts.put(value);
  }
}
