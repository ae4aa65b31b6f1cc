/**
 * Refreshes the files of `supply/` while the service runs: for the sites that workers met without a
 * file, too, and only while some exchange asks for files.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { writeDurably } from '../../platform/durable-file.ts';
import type { Log } from '../../platform/log.ts';
import type { Exchange } from '../../settings/exchange.ts';
import { FETCH_RULES } from './fetch-text.ts';
import { asksForFiles } from './load-supply-index.ts';
import type { refreshSupply } from './refresh-supply.ts';
import { rootDomain } from './root-domain.ts';
import { SupplyFolder, WANTED_LIST } from './supply-folder.ts';

const EVERY_MS = 900_000;
/** The oldest make room for new ones. */
const WANTED_MAX = 100_000;

export interface SupplyKeeperDeps {
  readonly workspaceDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** As they are served now. */
  exchanges(): readonly Exchange[];
  readonly refresh: typeof refreshSupply;
}

export class SupplyKeeper {
  readonly #deps: SupplyKeeperDeps;
  readonly #folder: SupplyFolder;
  readonly #stop = new AbortController();
  #wanted = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(deps: SupplyKeeperDeps) {
    this.#deps = deps;
    this.#folder = new SupplyFolder(deps.workspaceDir);
  }

  /** The first refresh begins at once. */
  start(): void {
    this.#next(0);
  }

  /** Hosts of sites without a known file. */
  want(hosts: readonly string[]): void {
    for (const host of hosts)
      if (this.#wanted.size < WANTED_MAX) this.#wanted.add(rootDomain(host));
  }

  /** Resolves when nothing is fetched any more; what is under way is given up. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#refreshing;
  }

  #next(waitMs: number): void {
    if (this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#refreshing = this.#refresh();
    }, waitMs);
  }

  async #refresh(): Promise<void> {
    const { workspaceDir, clock, log, exchanges, refresh } = this.#deps;
    try {
      if (asksForFiles(exchanges())) {
        this.#listWanted();
        const { fetched, absent, fresh, unreachable } = await refresh({
          workspaceDir,
          exchanges: exchanges(),
          nowMs: clock.nowMs(),
          rules: FETCH_RULES,
          force: false,
          signal: this.#stop.signal,
          onProblem: () => {},
          onProgress: () => {},
        });
        const counts = { fetched, absent, fresh, unreachable: unreachable.length };
        log.info('supply was refreshed', counts);
      }
    } catch (error) {
      log.error('supply was not refreshed; the files that are there serve', { error });
    }
    this.#next(EVERY_MS);
  }

  /** Adds what is wanted to the list of it, from which it is fetched again later. */
  #listWanted(): void {
    const listed = this.#folder.list(WANTED_LIST, () => {});
    const all = new Set([...listed, ...this.#wanted]);
    this.#wanted = new Set();
    if (all.size === listed.length) return;
    mkdirSync(this.#folder.dir, { recursive: true });
    const kept = [...all].slice(-WANTED_MAX);
    writeDurably(join(this.#folder.dir, WANTED_LIST), `${kept.join('\n')}\n`);
  }
}
