/** What an order of retailCRM's API is of: its `items`, in a cell that holds their list as JSON. */
import { parseMicros } from '../../proto/micros.ts';
import { scalarText } from './ndjson-rows.ts';

/** Goods of a whole order, as they stand in its cell: nothing of them is checked yet. */
export interface NamedProduct {
  readonly sku: string;
  /** Null for what is no quantity. */
  readonly micros: number | null;
}

/** What is read of an item. */
export const ITEM_KEYS: readonly string[] = ['offer', 'quantity', 'isCanceled'];
/** The first of these that an item's offer has names its product; feeds call it by the first two. */
const SKU_KEYS = ['externalId', 'xmlId', 'id'] as const;
const UNREADABLE: NamedProduct = { sku: '', micros: null };

/** Whether a cell is a list of items, not `SKU:quantity`. */
export function isItemsCell(cell: string): boolean {
  return /^\[\s*(?:\{|\]$)/.test(cell);
}

/** An item that is cancelled was not bought, and one that is of no catalogue has no SKU: both are left out. */
export function itemProducts(cell: string): NamedProduct[] {
  let items: unknown;
  try {
    items = JSON.parse(cell);
  } catch {
    return [UNREADABLE];
  }
  const named = (items as unknown[]).map(namedProduct);
  return named.filter((product) => product !== null);
}

function namedProduct(item: unknown): NamedProduct | null {
  if (!isObject(item)) return UNREADABLE;
  const { offer = null, quantity, isCanceled } = item;
  if (isCanceled === true || offer === null) return null;
  if (!isObject(offer)) return UNREADABLE;
  const ids = SKU_KEYS.map((key) => offer[key]).filter((id) => (id ?? '') !== '');
  if (ids.length === 0) return null;
  return { sku: scalarText(ids[0])?.trim() ?? '', micros: parseMicros(scalarText(quantity) ?? '') };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
