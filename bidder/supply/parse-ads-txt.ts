/**
 * ads.txt and app-ads.txt 1.1: lines of `system, account, DIRECT|RESELLER[, certification]` and of
 * `VARIABLE=value`. They are other people's files: whatever the text, there is an answer, and what
 * cannot be read is counted with the lines where it stands.
 */
import { isBareDomain } from './domain-name.ts';

const LINES_MAX = 200_000;
const LINE_LENGTH_MAX = 2000;
const ACCOUNT_LENGTH_MAX = 256;
/** Lines that cannot be read, by number. */
const MALFORMED_LISTED = 20;
/** Says that nobody may sell, where an empty file would say nothing. */
const PLACEHOLDER = 'placeholder.example.com';

export const RELATIONSHIP = { DIRECT: 1, RESELLER: 2 } as const;
type Relationship = (typeof RELATIONSHIP)[keyof typeof RELATIONSHIP];

interface AdsRecord {
  /** Domain of the advertising system, lower case. */
  readonly system: string;
  /** As written: accounts differ by case. */
  readonly account: string;
  readonly relationship: Relationship;
}

export interface AdsTxt {
  readonly records: readonly AdsRecord[];
  /** It says that nobody is authorised. */
  readonly nobody: boolean;
  readonly variables: Readonly<Record<AdsVariable, readonly string[]>>;
  readonly malformed: { readonly count: number; readonly lines: readonly number[] };
}

const VARIABLES = [
  'CONTACT',
  'SUBDOMAIN',
  'INVENTORYPARTNERDOMAIN',
  'OWNERDOMAIN',
  'MANAGERDOMAIN',
] as const;
type AdsVariable = (typeof VARIABLES)[number];
/** Values of these are domains; that of MANAGERDOMAIN may have a country behind a comma. */
const NAMES_DOMAIN: ReadonlySet<AdsVariable> = new Set(VARIABLES.slice(1));

interface Reading {
  readonly records: AdsRecord[];
  readonly variables: Record<AdsVariable, string[]>;
  nobody: boolean;
}

/** Never throws. */
export function parseAdsTxt(text: string): AdsTxt {
  const reading: Reading = {
    records: [],
    variables: {
      CONTACT: [],
      SUBDOMAIN: [],
      INVENTORYPARTNERDOMAIN: [],
      OWNERDOMAIN: [],
      MANAGERDOMAIN: [],
    },
    nobody: false,
  };
  const lines: number[] = [];
  let count = 0;
  let line = 0;
  for (let start = 0; start < text.length && line < LINES_MAX; line++) {
    const end = lineEnd(text, start);
    if (!readLine(text, start, end, reading)) {
      count++;
      if (lines.length < MALFORMED_LISTED) lines.push(line + 1);
    }
    start = text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }
  return { ...reading, malformed: { count, lines } };
}

/** Any of the three ways to end a line. */
function lineEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

/** False for a line that is neither empty nor readable. */
function readLine(text: string, start: number, end: number, reading: Reading): boolean {
  if (end - start > LINE_LENGTH_MAX) return false;
  // A byte order mark counts as white space.
  const content = text.slice(start, end).split('#', 1)[0]!.trim();
  if (content === '') return true;
  const variable = /^([A-Za-z]+)\s*=\s*(.*)$/.exec(content);
  if (variable === null) return readRecord(content, reading);
  return readVariable(variable[1]!.toUpperCase(), variable[2]!, reading);
}

function readRecord(content: string, reading: Reading): boolean {
  // Behind a semicolon stand extensions, which nobody has agreed on.
  const [system = '', account = '', relationship = ''] = content
    .split(';', 1)[0]!
    .split(',', 3)
    .map((field) => field.trim());
  const kind = relationship.toUpperCase();
  const domain = system.toLowerCase();
  const isRecord =
    (kind === 'DIRECT' || kind === 'RESELLER') &&
    account !== '' &&
    account.length <= ACCOUNT_LENGTH_MAX &&
    isBareDomain(domain);
  if (!isRecord) return false;
  if (domain === PLACEHOLDER) reading.nobody = true;
  else reading.records.push({ system: domain, account, relationship: RELATIONSHIP[kind] });
  return true;
}

/** A variable that we do not know is somebody's extension: no mistake. */
function readVariable(name: string, value: string, reading: Reading): boolean {
  const known = VARIABLES.find((variable) => variable === name);
  if (known === undefined) return true;
  if (!NAMES_DOMAIN.has(known)) {
    reading.variables[known].push(value);
    return true;
  }
  const domain = value.split(/[,;]/, 1)[0]!.trim().toLowerCase();
  if (!isBareDomain(domain)) return false;
  reading.variables[known].push(domain);
  return true;
}
