/**
 * `supply/` of a workspace: other people's files, as the refresh fetched them or somebody laid them
 * there, and the lists that say of whom there should be some.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { isBareDomain } from '../../bidder/supply/domain-name.ts';
import type { StoreApp } from '../../bidder/supply/supply-index.ts';

const MIB = 1024 * 1024;
const LIST_BYTES_MAX = 64 * MIB;
/** Sites that requests named, as the service collects them. */
export const WANTED_LIST = 'wanted.txt';

/** What is published under a domain: the folder it is kept in, its path there, its largest size. */
export const SUPPLY_KINDS = {
  'ads-txt': { path: '/ads.txt', ending: '.txt', bytesMax: 5 * MIB },
  'app-ads-txt': { path: '/app-ads.txt', ending: '.txt', bytesMax: 5 * MIB },
  'sellers-json': { path: '/sellers.json', ending: '.json', bytesMax: 32 * MIB },
} as const;
export type SupplyKind = keyof typeof SUPPLY_KINDS;

/** Told of what cannot be read: the file, relative to the workspace, with its line where there is one. */
export type OnSupplyProblem = (place: string, problem: string) => void;

export class SupplyFolder {
  readonly dir: string;

  constructor(workspaceDir: string) {
    this.dir = join(workspaceDir, 'supply');
  }

  /** Relative to the workspace. */
  shown(kind: SupplyKind, domain: string): string {
    return `supply/${kind}/${domain}${SUPPLY_KINDS[kind].ending}`;
  }

  file(kind: SupplyKind, domain: string): string {
    return join(this.dir, kind, `${domain}${SUPPLY_KINDS[kind].ending}`);
  }

  /** Domains of which there is a file. Names that are no domains are left alone. */
  domains(kind: SupplyKind): string[] {
    const { ending } = SUPPLY_KINDS[kind];
    return entriesOf(join(this.dir, kind))
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith(ending))
      .map(({ name }) => name.slice(0, -ending.length))
      .filter(isBareDomain)
      .sort();
  }

  /** Null for a file that is not there or cannot be read. */
  read(kind: SupplyKind, domain: string, onProblem: OnSupplyProblem): string | null {
    const { bytesMax } = SUPPLY_KINDS[kind];
    return readBounded(this.file(kind, domain), bytesMax, (problem) =>
      onProblem(this.shown(kind, domain), problem),
    );
  }

  /** Domains of a list, one a line, `#` begins a comment; none when there is no such list. */
  list(name: string, onProblem: OnSupplyProblem): string[] {
    const shown = `supply/${name}`;
    const text = readBounded(join(this.dir, name), LIST_BYTES_MAX, (problem) =>
      onProblem(shown, problem),
    );
    const domains = new Set<string>();
    for (const [i, line] of (text ?? '').split('\n').entries()) {
      const domain = line.split('#', 1)[0]!.trim().toLowerCase();
      if (domain === '') continue;
      if (isBareDomain(domain)) domains.add(domain);
      else onProblem(`${shown}:${i + 1}`, 'expected a domain such as news.example');
    }
    return [...domains];
  }

  /** Rows of apps.csv: `bundle,store,developer_domain`. */
  apps(onProblem: OnSupplyProblem): StoreApp[] {
    const shown = 'supply/apps.csv';
    const text = readBounded(join(this.dir, 'apps.csv'), LIST_BYTES_MAX, (problem) =>
      onProblem(shown, problem),
    );
    if (text === null) return [];
    const apps: StoreApp[] = [];
    for (const { line, row } of csvRows(text, (problem) => onProblem(shown, problem))) {
      const { bundle = '', store = '', developer_domain: developer = '' } = row;
      const app = { bundle, store: store.toLowerCase(), developer: developer.toLowerCase() };
      const isApp = bundle !== '' && isBareDomain(app.developer);
      if (isApp && (store === '' || isBareDomain(app.store))) apps.push(app);
      else onProblem(`${shown}:${line}`, 'expected bundle, host of the store or nothing, domain');
    }
    return apps;
  }
}

interface CsvRow {
  readonly line: number;
  readonly row: Readonly<Record<string, string | undefined>>;
}

function csvRows(text: string, onProblem: (problem: string) => void): readonly CsvRow[] {
  try {
    const rows = parse(text, {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    }) as unknown as { info: { lines: number }; record: CsvRow['row'] }[];
    return rows.map(({ info, record }) => ({ line: info.lines, row: record }));
  } catch (error) {
    onProblem((error as Error).message);
    return [];
  }
}

function readBounded(
  file: string,
  bytesMax: number,
  onProblem: (problem: string) => void,
): string | null {
  try {
    const { size } = statSync(file);
    if (size <= bytesMax) return readFileSync(file, 'utf8');
    onProblem(`it has ${size} bytes; at most ${bytesMax} are read`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') onProblem(message);
  }
  return null;
}

function entriesOf(dir: string): Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
