import { StoreUnavailable } from '../store/ports.ts';

export interface StateWatchDeps<State> {
  /** Rejects where it cannot be loaded whole. */
  load(): Promise<State>;
  /** What serves of the shops of a state, in one comparable text. Rejects with StoreUnavailable. */
  pointers(state: State): Promise<string>;
  took(state: State, reason: string): void;
  /** What was loaded before serves on. */
  kept(reason: string, error: unknown): void;
}

/** When a process loads what it serves anew: one load at a time, the newest wish last. */
export class StateWatch<State extends { readonly pointers: string }> {
  readonly #deps: StateWatchDeps<State>;
  #state: State;
  /** Pointers of the last look: what cannot be loaded with them is not tried again until something changes. */
  #seen = '';
  #wanted: string | null = null;
  /** Why it was to be loaded while the store was away; null where nothing is owed. */
  #owed: string | null = null;
  #busy = false;
  #looking = false;

  constructor(first: State, deps: StateWatchDeps<State>) {
    this.#state = first;
    this.#deps = deps;
  }

  async want(reason: string): Promise<void> {
    this.#wanted = reason;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#wanted !== null) {
      const why = this.#wanted;
      this.#wanted = null;
      await this.#load(why);
    }
    this.#busy = false;
  }

  /** Loads what has been published since, and what the store has kept from being loaded. */
  async look(): Promise<void> {
    if (this.#busy || this.#looking) return;
    this.#looking = true;
    try {
      const pointers = await this.#deps.pointers(this.#state);
      const isNew = pointers !== this.#state.pointers && pointers !== this.#seen;
      this.#seen = pointers;
      if (this.#owed !== null) await this.want(this.#owed);
      else if (isNew) await this.want('generation');
    } catch {
      // The store is away: workers serve what they have, and metrics show the outage.
    } finally {
      this.#looking = false;
    }
  }

  async #load(reason: string): Promise<void> {
    try {
      this.#state = await this.#deps.load();
      this.#owed = null;
      this.#deps.took(this.#state, reason);
    } catch (error) {
      this.#owed = error instanceof StoreUnavailable ? reason : null;
      this.#deps.kept(reason, error);
    }
  }
}
