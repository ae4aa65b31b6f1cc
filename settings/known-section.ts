/** A section of `import:` that names a known file, with what that says beside it. */
import { KNOWN_FILES, KNOWN_NAMES } from './known-headers.ts';

const MONEY = ['unit_price', 'line_total', 'revenue'] as const;
/** Columns of whole orders, each with those of which one tells that a section counts by lines and says it itself. */
const OF_WHOLE_ORDERS = {
  cost: ['unit_price', 'line_total', 'unit_cost', 'kept_quantity'],
  products: ['product', 'quantity', 'unit_price', 'line_total'],
} as const;

/**
 * A section of shop.yaml with what it leaves out taken from the file that it is `like`. Whatever
 * is no such section is given back for the schema to judge.
 */
export function withKnown(section: unknown): unknown {
  if (typeof section !== 'object' || section === null || !('like' in section)) return section;
  const known = KNOWN_NAMES.find((name) => name === section.like);
  if (known === undefined) return section;
  const named = (section as { columns?: unknown }).columns ?? {};
  if (typeof named !== 'object') return section;
  const file = KNOWN_FILES[known].section;
  const columns = { ...columnsBeside(named, file.columns), ...named };
  return { ...file, ...section, columns };
}

/** The columns of the known file that stay where the section names `named`. */
function columnsBeside(
  named: object,
  ofFile: Readonly<Record<string, string>>,
): Record<string, string> {
  const columns = { ...ofFile };
  const drop = (name: string) => delete columns[name];
  if (MONEY.some((name) => name in named)) MONEY.forEach(drop);
  for (const [column, ofLines] of Object.entries(OF_WHOLE_ORDERS)) {
    if (ofLines.some((name) => name in named)) drop(column);
  }
  // A header that the section takes for something else is not read as the known file has it too.
  const taken = new Set<unknown>(Object.values(named));
  for (const name of ['cost', 'currency', 'products']) {
    if (taken.has(columns[name])) drop(name);
  }
  return columns;
}
