/**
 * A batch of loss notices: a JSON array, or NDJSON, of the notice URLs or of what stands in them,
 * `{"t": token, "p": price, "m": minimum to win, "c": loss code}`. Untrusted; one broken item is one
 * broken item.
 */
import { type NoticeQuery, parseNoticeQuery } from './notice-query.ts';

/** More are refused whole: the sender splits them. */
export const BATCH_ITEMS_MAX = 1_000;

/** By item; null is one that cannot be read. */
type LossBatch = readonly (NoticeQuery | null)[];

/** Never throws. `unreadable` is neither an array nor lines; `too-many` are over BATCH_ITEMS_MAX. */
export function parseLossBatch(body: Uint8Array): LossBatch | 'unreadable' | 'too-many' {
  const text = new TextDecoder().decode(body).trim();
  const items = text.startsWith('[') ? arrayOf(text) : linesOf(text);
  if (items === null || items.length === 0) return 'unreadable';
  return items.length > BATCH_ITEMS_MAX ? 'too-many' : items.map(queryOf);
}

function arrayOf(text: string): readonly unknown[] | null {
  const value = parsed(text);
  return Array.isArray(value) ? value : null;
}

/** A line is JSON, or a URL as it is. */
function linesOf(text: string): readonly unknown[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => (/^["{]/.test(line) ? parsed(line) : line));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function queryOf(item: unknown): NoticeQuery | null {
  const query = typeof item === 'string' ? queryOfUrl(item) : queryOfObject(item);
  return query === null || query.token === '' ? null : query;
}

/** Of the URL that the bid gave: an absolute one, or its path. A win's URL reports no loss. */
function queryOfUrl(url: string): NoticeQuery | null {
  const cut = url.indexOf('?');
  if (cut < 0 || !url.slice(0, cut).endsWith('/l')) return null;
  const end = url.indexOf('#', cut);
  return parseNoticeQuery(url.slice(cut + 1, end < 0 ? undefined : end));
}

function queryOfObject(item: unknown): NoticeQuery | null {
  if (typeof item !== 'object' || item === null) return null;
  const { t, p, m, c } = item as Readonly<Record<string, unknown>>;
  return { token: textOf(t), price: textOf(p), minToWin: textOf(m), lossCode: textOf(c), slot: '' };
}

/** Prices and codes may be numbers. */
function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}
