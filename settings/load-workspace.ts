/** The workspace folder as checked objects, or every problem of every file together. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigInvalid, type ConfigProblem, readConfigFile } from '../platform/config-file.ts';
import { NAME_PATTERN } from '../proto/ids.ts';
import { crossProblems } from './cross-checks.ts';
import type { Exchange } from './exchange.ts';
import { readExchanges } from './read-exchanges.ts';
import { fileProblem, listFolder, readShop, type ShopReading, type Sourced } from './read-shop.ts';
import { ratesSchema } from './section-schemas.ts';
import { readRekindleFile } from './service-config.ts';
import { isOfSegments } from './shop-segments.ts';
import type { RateTable, Workspace } from './workspace.ts';

const SHOPS_MAX = 1000;

/** What could be read of a workspace, and all that is wrong with it. */
export interface WorkspaceReading {
  readonly shops: readonly ShopReading[];
  readonly exchanges: readonly Sourced<Exchange>[];
  readonly rates: RateTable;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Throws ConfigInvalid listing every problem of every file but those of segments: what serves knows its
 * rules from its generation, and a build forgives them (settings/shop-segments.ts).
 */
export function loadWorkspace(dir: string): Workspace {
  return soundWorkspace(dir, readWorkspace(dir));
}

/** The same of what was read already. */
export function soundWorkspace(
  dir: string,
  { shops, exchanges, rates, problems: all }: WorkspaceReading,
): Workspace {
  const problems = all.filter((problem) => !isOfSegments(problem));
  if (problems.length > 0) throw new ConfigInvalid(problems);
  const settings = shops.flatMap((shop) => (shop.settings === null ? [] : [shop.settings.value]));
  return {
    dir,
    shops: settings,
    campaigns: shops.flatMap((shop) => shop.campaigns.map(({ value }) => value)),
    offers: Object.fromEntries(
      shops.map((shop) => [shop.settings?.value.shop ?? '', shop.offers.map(({ value }) => value)]),
    ),
    exchanges: exchanges.map(({ value }) => value),
    rates,
  };
}

/** As loadWorkspace, for those who show problems beside what is sound. Never throws for bad input. */
export function readWorkspace(dir: string): WorkspaceReading {
  const nothing = { shops: [], exchanges: [], rates: NO_RATES };
  if (!existsSync(dir)) {
    const message =
      'there is no workspace here; "rekindle start" creates a demo, REKINDLE_DIR names another';
    return { ...nothing, problems: [fileProblem(dir, message)] };
  }
  const version = readRekindleFile(dir);
  if (version.problems.length > 0) return { ...nothing, problems: version.problems };
  const problems: ConfigProblem[] = [];
  const exchanges = readExchanges(dir, problems);
  const rates = readRates(dir, problems);
  const shops = shopFolders(dir, problems).map((shop) => readShop(dir, shop));
  for (const shop of shops) problems.push(...shop.problems);
  problems.push(...crossProblems({ shops, exchanges }, problems));
  return { shops, exchanges, rates, problems };
}

const NO_RATES: RateTable = { asOfMs: 0, maxAgeMs: 0, perReference: {} };

function shopFolders(dir: string, problems: ConfigProblem[]): readonly string[] {
  const path = join(dir, 'shops');
  const folders = listFolder(path, 'shops', problems)
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  if (folders.length === 0)
    problems.push(fileProblem('shops', 'expected at least one shop: shops/<shop>/shop.yaml'));
  if (folders.length > SHOPS_MAX) {
    problems.push(
      fileProblem('shops', `expected at most ${SHOPS_MAX} shops, got ${folders.length}`),
    );
    return [];
  }
  const named = folders.filter((name) => NAME_PATTERN.test(name));
  for (const name of folders) {
    if (named.includes(name)) continue;
    problems.push(fileProblem(`shops/${name}`, 'expected a folder name of a-z, 0-9, _ and -'));
  }
  return named;
}

/** Without rates.yaml nothing is converted. */
function readRates(dir: string, problems: ConfigProblem[]): RateTable {
  const path = join(dir, 'rates.yaml');
  if (!existsSync(path)) return NO_RATES;
  const { value, problems: wrong } = readConfigFile(path, 'rates.yaml', ratesSchema);
  problems.push(...wrong);
  if (value === null) return NO_RATES;
  return {
    asOfMs: Date.parse(value.as_of),
    maxAgeMs: value.max_age,
    perReference: value.per_reference,
  };
}
