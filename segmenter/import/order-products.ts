/** What a whole order is of, from one cell: Metrica's `SKU:quantity,SKU2:quantity`. */
import { parseMicros } from '../../proto/micros.ts';
import type { OrdersMapping } from '../../settings/import-mapping.ts';
import { severalValues } from './cell-recipes.ts';
import type { MergeRules } from './merge-mode.ts';
import { type CellProblem, type ColumnPlaces, cellProblem } from './order-columns.ts';

const SKU_CHARS_MAX = 255;
const EXPECTED = `expected SKU:quantity with commas between them, each SKU of at most ${SKU_CHARS_MAX} characters`;

/** A cell as `micros:SKU,micros:SKU2`, each SKU once; '' for an empty one, and where no column is mapped. */
export function productsReader(
  at: ColumnPlaces,
): (cells: readonly string[]) => string | CellProblem {
  const { products: column } = at;
  if (column === -1) return () => '';
  return (cells) => {
    const microsOf = new Map<string, number>();
    for (const text of severalValues(cells[column]!)) {
      const product = productOf(text);
      const micros = product === null ? null : product.micros + (microsOf.get(product.sku) ?? 0);
      if (product === null || !Number.isSafeInteger(micros)) {
        return cellProblem(at, column, cells, EXPECTED);
      }
      microsOf.set(product.sku, micros!);
    }
    return Array.from(microsOf, ([sku, micros]) => `${micros}:${sku}`).join(',');
  };
}

/** A SKU may hold colons itself: the last one is before the quantity, which is no less than 0. */
function productOf(text: string): { readonly sku: string; readonly micros: number } | null {
  const colon = text.lastIndexOf(':');
  const sku = text.slice(0, Math.max(colon, 0)).trim();
  const micros = parseMicros(text.slice(colon + 1).trim());
  if (sku === '' || sku.length > SKU_CHARS_MAX || micros === null || micros < 0) return null;
  return { sku, micros };
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
