/** What may be uploaded, where, and what the parameters of a request ask for: Metrica's names. */
import { editDistance } from '../platform/edit-distance.ts';
import type { HttpRequest } from '../platform/http/http-port.ts';
import { MERGE_MODES, type MergeMode } from '../segmenter/import/merge-mode.ts';
import type { UploadSpec } from '../segmenter/uploads/waiting-uploads.ts';
import type { FileKind } from '../settings/event-mapping.ts';
import type { KnownName } from '../settings/known-headers.ts';

export interface UploadEntity {
  readonly kind: FileKind;
  /** Null where shop.yaml says how the columns are read. */
  readonly like: KnownName | null;
  readonly paths: readonly string[];
}

const CDP = '/cdp/api/v1/counter/:counter/data';
const MANAGEMENT = '/management/v1/counter/:counter/offline_conversions';

export const ENTITIES = {
  simpleOrders: {
    kind: 'orders',
    like: 'metrica_simple_orders',
    paths: ['/crm/:shop/data/simple_orders', `${CDP}/simple_orders`],
  },
  orders: {
    kind: 'orders',
    like: 'metrica_orders',
    paths: ['/crm/:shop/data/orders/:format', `${CDP}/orders/:format`],
  },
  contacts: {
    kind: 'customers',
    like: 'metrica_contacts',
    paths: ['/crm/:shop/data/contacts/:format', `${CDP}/contacts/:format`],
  },
  conversions: {
    kind: 'conversions',
    like: 'metrica_offline_conversions',
    paths: ['/crm/:shop/offline_conversions/upload', `${MANAGEMENT}/upload`],
  },
  calls: {
    kind: 'calls',
    like: 'metrica_calls',
    paths: ['/crm/:shop/offline_conversions/upload_calls', `${MANAGEMENT}/upload_calls`],
  },
  events: { kind: 'events', like: null, paths: ['/crm/:shop/data/events'] },
  devices: { kind: 'devices', like: null, paths: ['/crm/:shop/data/devices'] },
} as const satisfies Readonly<Record<string, UploadEntity>>;

/** A request as an upload; `names` are the columns of its header by Metrica's, null where it has those. */
export type AskedUpload = Omit<UploadSpec, 'receivedMs'> & {
  readonly names: Readonly<Record<string, string>> | null;
};

const PARAMETERS = ['merge_mode', 'delimiter_type', 'columns_mapping', 'dry_run', 'force'];
const FORMATS = ['csv', 'json'];
const DELIMITERS = { COMMA: ',', SEMICOLON: ';' } as const;
const FLAGS: Readonly<Record<string, boolean>> = { '': false, 0: false, 1: true };

/** Or what is wrong with it. */
export function readAsked(
  { kind, like }: UploadEntity,
  { params, query }: Pick<HttpRequest, 'params' | 'query'>,
): AskedUpload | string {
  const asked = new URLSearchParams(query);
  const misspelt = misspeltName(asked);
  if (misspelt !== null) return misspelt;
  const format = params[1] ?? 'csv';
  if (!FORMATS.includes(format))
    return `expected csv or json at the end of the path, got ${format}`;
  const mode = (asked.get('merge_mode') ?? 'SAVE').toLowerCase() as MergeMode;
  if (!MERGE_MODES.includes(mode)) return 'merge_mode: expected SAVE, UPDATE or APPEND';
  const delimiter = DELIMITERS[(asked.get('delimiter_type') ?? 'COMMA') as 'COMMA' | 'SEMICOLON'];
  if (delimiter === undefined) return 'delimiter_type: expected COMMA or SEMICOLON';
  const names = readNames(asked.get('columns_mapping') ?? '');
  if (typeof names === 'string') return names;
  const flags = readFlags(asked);
  if (typeof flags === 'string') return flags;
  return {
    ...{ kind, like, merge: mode, ...flags, names, file: `${kind}.${format}` },
    ...(asked.has('delimiter_type') && { delimiter }),
  };
}

const LETTERS_WRONG_MAX = 2;

/** What is wrong with a name that is nearly a parameter's, which would be passed over; null where none is. */
function misspeltName(asked: URLSearchParams): string | null {
  for (const name of asked.keys()) {
    if (PARAMETERS.includes(name)) continue;
    const meant = PARAMETERS.find((parameter) => isNearly(name, parameter));
    if (meant !== undefined) return `${name}: there is no such parameter; it is ${meant}`;
  }
  return null;
}

/** Its first word, or it in another case, or with a letter in three and at most two wrong: `source` is not `force`. */
function isNearly(name: string, parameter: string): boolean {
  if (name.toLowerCase() === parameter.split('_')[0]) return true;
  const wrongMax = Math.min(LETTERS_WRONG_MAX, Math.floor(parameter.length / 3));
  if (Math.abs(name.length - parameter.length) > wrongMax) return false;
  return editDistance(name.toLowerCase(), parameter) <= wrongMax;
}

function readFlags(asked: URLSearchParams): { dryRun: boolean; force: boolean } | string {
  const dryRun = FLAGS[asked.get('dry_run') ?? ''];
  const force = FLAGS[asked.get('force') ?? ''];
  if (dryRun !== undefined && force !== undefined) return { dryRun, force };
  return `${dryRun === undefined ? 'dry_run' : 'force'}: expected 0 or 1`;
}

const NO_NAMES = 'columns_mapping: expected "column":"header", with commas between them';

/** Metrica writes `"id":"ИД","revenue":"Сумма"`, without the braces that would make it JSON. */
function readNames(text: string): Readonly<Record<string, string>> | null | string {
  if (text.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(text.trim().startsWith('{') ? text : `{${text}}`);
  } catch {
    return NO_NAMES;
  }
  const isNames = Object.values(value as object).every((name) => typeof name === 'string');
  return isNames ? (value as Readonly<Record<string, string>>) : NO_NAMES;
}
