import { isBareDomain } from './domain-name.ts';

/** Until somebody takes them. More can wait: whoever is met often is met again. */
const WANTED_MAX = 1000;

/** Sites that requests named and of which no file is known, for whoever fetches files. */
export class WantedDomains {
  #sites = new Set<string>();

  add(site: string): void {
    if (this.#sites.size >= WANTED_MAX || this.#sites.has(site) || !isBareDomain(site)) return;
    // A copy: a part of a request would keep all of it.
    this.#sites.add(Buffer.from(site, 'latin1').toString('latin1'));
  }

  /** Each once; from now on there are none. */
  take(): string[] {
    const sites = [...this.#sites];
    this.#sites = new Set();
    return sites;
  }
}
