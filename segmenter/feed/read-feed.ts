import type { Item } from '../../creative/item.ts';
import type { FeedRecord } from './feed-csv.ts';
import { type FeedItemOptions, readFeedBrand, readFeedItem } from './feed-item.ts';
import { feedText } from './feed-text.ts';
import { FeedUnreadable, SUPPORTED_FORMATS } from './feed-unreadable.ts';

export interface RejectedItem {
  readonly line: number;
  readonly column?: number;
  /** '' when the feed gives none. */
  readonly id: string;
  readonly reason: string;
}

export interface FeedContent {
  /** Unique by id, in the feed's order; of an id that comes twice the last stands. */
  readonly items: Item[];
  /** Brand by item id, where the feed names one. A build alone asks for it. */
  readonly brands: ReadonlyMap<string, string>;
  /** The first REJECTED_MAX. */
  readonly rejected: RejectedItem[];
  readonly rejectedCount: number;
}

const REJECTED_MAX = 10_000;
const ITEMS_MAX = 2_000_000;

/**
 * Reads a product feed: Google Merchant XML (RSS 2.0, Atom) or CSV/TSV with Google's or Facebook's
 * headers, gzipped or not. Products that cannot be advertised are rejected one by one with line and
 * reason; a file that is no such feed, or a damaged one, throws FeedUnreadable.
 */
export async function readFeed(file: string, options: FeedItemOptions): Promise<FeedContent> {
  const items = new Map<string, { item: Item; brand: string; line: number }>();
  const rejected: RejectedItem[] = [];
  let rejectedCount = 0;
  const reject = (record: FeedRecord, id: string, reason: string): void => {
    rejectedCount += 1;
    if (rejected.length === REJECTED_MAX) return;
    const at = record.column === undefined ? {} : { column: record.column };
    rejected.push({ line: record.line, ...at, id, reason });
  };

  let count = 0;
  for await (const record of feedRecords(file)) {
    count += 1;
    if (count > ITEMS_MAX) {
      throw new FeedUnreadable(`more than ${ITEMS_MAX} products`, { file, line: record.line });
    }
    const id = record.row.get('id')?.trim().slice(0, 128) ?? '';
    const item =
      record.problem === null ? readFeedItem(record.row, options) : { reason: record.problem };
    if ('reason' in item) {
      reject(record, id, item.reason);
      continue;
    }
    const earlier = items.get(id);
    if (earlier !== undefined) {
      reject(
        { ...record, line: earlier.line },
        id,
        `line ${record.line} has the same id again, and stands`,
      );
    }
    items.set(id, { item, brand: readFeedBrand(record.row), line: record.line });
  }
  const found = [...items.values()];
  return {
    items: found.map(({ item }) => item),
    brands: new Map(
      found.filter(({ brand }) => brand !== '').map(({ item, brand }) => [item.id, brand]),
    ),
    rejected,
    rejectedCount,
  };
}

/** Looks at the beginning of the text and hands all of it to the reader of its format. */
async function* feedRecords(file: string): AsyncGenerator<FeedRecord> {
  const text = feedText(file);
  let start = '';
  for (let next = await text.next(); next.done !== true; next = await text.next()) {
    start += next.value;
    if (start.trim() !== '') break;
  }
  const beginning = start.trimStart().slice(0, 200);
  const problem = formatProblem(beginning);
  if (problem !== null) {
    await text.return(undefined);
    throw new FeedUnreadable(problem, { file, line: 1 });
  }
  const whole = continued(start, text);
  // Each format has a parser of its own to load.
  if (beginning.startsWith('<')) {
    const { xmlRecords } = await import('./feed-xml.ts');
    yield* xmlRecords(whole, file);
  } else {
    const { csvRecords } = await import('./feed-csv.ts');
    yield* csvRecords(whole, start, file);
  }
}

async function* continued(start: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

function formatProblem(beginning: string): string | null {
  if (beginning === '') return `the feed is empty; ${SUPPORTED_FORMATS}`;
  if (/^<(!doctype\s+html|html|head|body)\b/i.test(beginning)) {
    return `this is an HTML page, perhaps an error or login page of the shop; ${SUPPORTED_FORMATS}`;
  }
  if (/^[[{]/.test(beginning)) return `this is JSON; ${SUPPORTED_FORMATS}`;
  return null;
}
