/**
 * Brings the files of `supply/` up to date. The bidder fetches nothing: it reads what lies here. A
 * file that cannot be had leaves the last good copy; one that its server denies is removed.
 */
import { mkdirSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { parseAdsTxt } from '../../bidder/supply/parse-ads-txt.ts';
import { parseSellersJson } from '../../bidder/supply/parse-sellers-json.ts';
import { writeDurably } from '../../platform/durable-file.ts';
import type { Exchange } from '../../settings/exchange.ts';
import { type FetchedText, type FetchRules, fetchText } from './fetch-text.ts';
import { type Ledger, type LedgerEntry, readLedger, writeLedger } from './ledger.ts';
import {
  type OnSupplyProblem,
  SUPPLY_KINDS,
  SupplyFolder,
  type SupplyKind,
  WANTED_LIST,
} from './supply-folder.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a server says of its file's age counts within these bounds, and the longest without a word. */
const LIFE_MIN_MS = HOUR_MS;
const LIFE_MAX_MS = 7 * DAY_MS;
const ABSENT_LIFE_MS = DAY_MS;
const RETRY_MS = HOUR_MS;
const FETCHES_AT_ONCE = 16;

export interface RefreshOptions {
  readonly workspaceDir: string;
  readonly exchanges: readonly Exchange[];
  readonly nowMs: number;
  readonly rules: FetchRules;
  /** Files that are not due are fetched too. */
  readonly force: boolean;
  /** Aborted when what is left shall wait for the next refresh. */
  readonly signal: AbortSignal;
  readonly onProblem: OnSupplyProblem;
  readonly onProgress: (done: number, total: number) => void;
}

export interface RefreshReport {
  readonly fetched: number;
  readonly absent: number;
  /** Not due yet. */
  readonly fresh: number;
  readonly unreachable: readonly {
    readonly file: string;
    readonly why: string;
    /** Unix ms of the copy that stays, 0 for none. */
    readonly goodMs: number;
  }[];
}

interface Target {
  readonly kind: SupplyKind;
  readonly domain: string;
}

/** Rejects only when the folder cannot be written. */
export async function refreshSupply(options: RefreshOptions): Promise<RefreshReport> {
  const folder = new SupplyFolder(options.workspaceDir);
  const ledger = readLedger(folder.dir);
  const refresh = new Refresh(options, folder, ledger);
  mkdirSync(folder.dir, { recursive: true });
  try {
    await refresh.all(listed(options, folder));
    await refresh.all(await named(folder, options));
  } finally {
    // Last: from it the service knows that there is something new.
    writeLedger(folder.dir, ledger);
  }
  return refresh.report();
}

/** What people and exchanges name. */
function listed({ exchanges, onProblem }: RefreshOptions, folder: SupplyFolder): Target[] {
  const rules = exchanges.flatMap(({ supply }) => (supply === undefined ? [] : [supply]));
  const targets: Target[] = [];
  const add = (kind: SupplyKind, domains: readonly string[]) =>
    targets.push(...domains.map((domain) => ({ kind, domain })));
  if (rules.some(({ adsTxt }) => adsTxt !== 'ignore')) {
    add('ads-txt', folder.list('domains.txt', onProblem));
    add('ads-txt', folder.list(WANTED_LIST, onProblem));
    add(
      'app-ads-txt',
      folder.apps(onProblem).map(({ developer }) => developer),
    );
  }
  const bySellers = rules.filter(({ sellersJson }) => sellersJson !== 'ignore');
  if (bySellers.length > 0) {
    add(
      'sellers-json',
      bySellers.map(({ domain }) => domain),
    );
    add('sellers-json', folder.list('systems.txt', onProblem));
  }
  return targets;
}

/** What the files in the folder name: their subdomains and their partners. */
async function named(folder: SupplyFolder, options: RefreshOptions): Promise<Target[]> {
  const { onProblem, signal } = options;
  const targets: Target[] = [];
  for (const kind of ['ads-txt', 'app-ads-txt'] as const) {
    for (const domain of folder.domains(kind)) {
      if (signal.aborted) return targets;
      await turn();
      const { variables } = parseAdsTxt(folder.read(kind, domain, onProblem) ?? '');
      const subdomains = variables.SUBDOMAIN.filter((name) => name.endsWith(`.${domain}`));
      for (const name of [...subdomains, ...variables.INVENTORYPARTNERDOMAIN])
        targets.push({ kind, domain: name });
    }
  }
  return targets;
}

class Refresh {
  readonly #options: RefreshOptions;
  readonly #folder: SupplyFolder;
  readonly #ledger: Ledger;
  readonly #seen = new Map<string, LedgerEntry['state'] | 'fresh'>();

  constructor(options: RefreshOptions, folder: SupplyFolder, ledger: Ledger) {
    this.#options = options;
    this.#folder = folder;
    this.#ledger = ledger;
  }

  /** Each target once in a refresh, however many name it. */
  async all(targets: readonly Target[]): Promise<void> {
    const due: Target[] = [];
    for (const target of targets) {
      const key = keyOf(target);
      if (this.#seen.has(key)) continue;
      this.#seen.set(key, 'fresh');
      if (this.#isDue(key)) due.push(target);
    }
    const { signal } = this.#options;
    let done = 0;
    const waiting = due.values();
    const work = async () => {
      for (const target of waiting) {
        if (signal.aborted) return;
        await this.#one(target);
        this.#options.onProgress(++done, due.length);
      }
    };
    await Promise.all(Array.from({ length: FETCHES_AT_ONCE }, work));
  }

  report(): RefreshReport {
    const states = [...this.#seen];
    const count = (wanted: string) => states.filter(([, state]) => state === wanted).length;
    const unreachable = states.flatMap(([file, state]) => {
      if (state !== 'unreachable') return [];
      const { why, goodMs } = this.#ledger.get(file)!;
      return [{ file, why, goodMs }];
    });
    return { fetched: count('ok'), absent: count('absent'), fresh: count('fresh'), unreachable };
  }

  #isDue(key: string): boolean {
    const { force, nowMs } = this.#options;
    return force || (this.#ledger.get(key)?.dueMs ?? 0) <= nowMs;
  }

  async #one(target: Target): Promise<void> {
    const { rules, nowMs, signal } = this.#options;
    const { kind, domain } = target;
    const fetched = sound(kind, await fetchText(domain, SUPPLY_KINDS[kind], { ...rules, signal }));
    // What was given up says nothing of the file.
    if (signal.aborted) return;
    const file = this.#folder.file(kind, domain);
    if (fetched.state === 'ok') {
      mkdirSync(dirname(file), { recursive: true });
      writeDurably(file, fetched.text);
    } else if (fetched.state === 'absent') rmSync(file, { force: true });
    const key = keyOf(target);
    this.#seen.set(key, fetched.state);
    this.#ledger.set(key, entryOf(fetched, nowMs, this.#ledger.get(key)?.goodMs ?? 0));
  }
}

function keyOf({ kind, domain }: Target): string {
  return `${kind}/${domain}`;
}

/** A file that is none of its kind takes no good copy's place. */
function sound(kind: SupplyKind, fetched: FetchedText): FetchedText {
  if (kind !== 'sellers-json' || fetched.state !== 'ok') return fetched;
  if (parseSellersJson(fetched.text) !== null) return fetched;
  return { state: 'unreachable', why: 'no list of sellers' };
}

function entryOf(fetched: FetchedText, nowMs: number, goodMs: number): LedgerEntry {
  const { state } = fetched;
  if (state === 'ok') {
    const dueMs = nowMs + lifeMs(fetched.headers, nowMs);
    return { state, fetchedMs: nowMs, dueMs, goodMs: nowMs, why: '' };
  }
  if (state === 'absent')
    return { state, fetchedMs: nowMs, dueMs: nowMs + ABSENT_LIFE_MS, goodMs: 0, why: '' };
  return { state, fetchedMs: nowMs, dueMs: nowMs + RETRY_MS, goodMs, why: fetched.why };
}

/** By Cache-Control, else Expires, else seven days, as ads.txt has it. */
function lifeMs(headers: IncomingHttpHeaders, nowMs: number): number {
  const maxAge = /(?:^|[\s,])max-age\s*=\s*"?(\d{1,10})/i.exec(headers['cache-control'] ?? '');
  const expiresMs = Date.parse(headers['expires'] ?? '');
  let said = LIFE_MAX_MS;
  if (maxAge !== null) said = Number(maxAge[1]) * 1000;
  else if (!Number.isNaN(expiresMs)) said = expiresMs - nowMs;
  return Math.min(LIFE_MAX_MS, Math.max(LIFE_MIN_MS, said));
}
