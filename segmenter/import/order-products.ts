/** What a whole order is of, from one cell: Metrica's `SKU:quantity,SKU2:quantity`, or retailCRM's items. */
import { parseMicros } from '../../proto/micros.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { severalValues } from './cell-recipes.ts';
import type { MergeRules } from './merge-mode.ts';
import { type CellProblem, type ColumnPlaces, cellProblem } from './order-columns.ts';
import { isItemsCell, itemProducts, type NamedProduct } from './retailcrm-items.ts';

const SKU_CHARS_MAX = 255;
const EXPECTED = `expected SKU:quantity with commas between them, each SKU of at most ${SKU_CHARS_MAX} characters`;
const EXPECTED_ITEMS = `expected items with a quantity, and in their offer an externalId, xmlId or id without a comma, of at most ${SKU_CHARS_MAX} characters`;

/** A cell as `micros:SKU,micros:SKU2`, each SKU once; '' for an empty one, and where no column is mapped. */
export function productsReader(
  at: ColumnPlaces,
): (cells: readonly string[]) => string | CellProblem {
  const { products: column } = at;
  if (column === -1) return () => '';
  return (cells) => {
    const cell = cells[column]!.trim();
    const isItems = isItemsCell(cell);
    const products = isItems ? itemProducts(cell) : severalValues(cell).map(productOf);
    const staged = stagedProducts(products);
    return staged ?? cellProblem(at, column, cells, isItems ? EXPECTED_ITEMS : EXPECTED);
  };
}

/** Null where one of them is none. */
function stagedProducts(products: readonly NamedProduct[]): string | null {
  const microsOf = new Map<string, number>();
  for (const product of products) {
    const micros = (product.micros ?? Number.NaN) + (microsOf.get(product.sku) ?? 0);
    if (!isProduct(product) || !Number.isSafeInteger(micros)) return null;
    microsOf.set(product.sku, micros);
  }
  return Array.from(microsOf, ([sku, micros]) => `${micros}:${sku}`).join(',');
}

/** A SKU may hold colons itself: the last one is before the quantity. */
function productOf(text: string): NamedProduct {
  const colon = text.lastIndexOf(':');
  const sku = text.slice(0, Math.max(colon, 0)).trim();
  return { sku, micros: parseMicros(text.slice(colon + 1).trim()) };
}

/** Staged lines stand between commas. */
function isProduct({ sku, micros }: NamedProduct): boolean {
  if (sku === '' || sku.length > SKU_CHARS_MAX || sku.includes(',')) return false;
  return micros !== null && micros >= 0;
}

/**
 * A select of order_id, order_key, product, quantity_micros and revenue_micros (NULL: what a whole order is
 * worth says nothing of its lines) of the lines in `stage`. Of rows that say whole orders the last
 * one of each counts, or where what is unsaid stays the last that names products.
 */
export function saidLinesSql(
  columns: OrdersMapping['columns'] | undefined,
  { unsaid }: MergeRules,
): string {
  if (columns?.products === undefined) {
    const worth = columns?.revenue === undefined ? 'amount_micros' : 'NULL';
    return `SELECT order_id, order_key, product, quantity_micros, ${worth} AS revenue_micros
      FROM stage WHERE product <> ''`;
  }
  const isSaying = unsaid === 'lost' ? 'TRUE' : "products <> ''";
  return `SELECT order_id, order_key, substr(line, strpos(line, ':') + 1) AS product,
      split_part(line, ':', 1) AS quantity_micros, NULL AS revenue_micros
    FROM (
      SELECT order_id, order_key, unnest(string_split(arg_max(products, row_no), ',')) AS line
      FROM stage WHERE ${isSaying} GROUP BY order_id, order_key
    ) WHERE line <> ''`;
}
