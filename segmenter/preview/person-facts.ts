/** What the serving build answered its conditions from, for one person: what an explanation shows of it. */
import type { AttributeValue } from '../../rules/attribute.ts';
import { builtConditions } from '../../rules/built-conditions.ts';
import type { AsOf, Customer, CustomerEvent, CustomerOrder } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import { type Kept, keptTable, readKept } from '../build/kept-generation.ts';
import { Duck, sqlText } from '../duck.ts';
import { readImportState, readTogether } from '../import/import-state.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { asksByOrderNumber, createPreviewFacts } from './preview-facts.ts';

export interface PersonFactsRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly generation: string;
  /** Those that serve. */
  readonly segments: readonly Segment[];
  readonly asOfMs: number;
  readonly timeZone: string;
  readonly currency: string;
  readonly memoryMb: number;
  readonly threads: number;
}

/** A customer at the moment of the build. */
export interface AsBuilt {
  readonly customer: Customer;
  readonly asOf: AsOf;
}

/** Null where no rule asks for what a profile does not carry, or where it is not here any more. */
export async function factsAsBuilt(
  request: PersonFactsRequest,
  person: string,
): Promise<AsBuilt | null> {
  const files = shopFiles(request.dir, request.shop);
  const kept = readKept(files, request.generation);
  if (kept === null || builtConditions(request.segments).length === 0) return null;
  return await readTogether(files, () => factsOver(files, { ...request, kept }, person));
}

async function factsOver(
  files: ShopFiles,
  request: PersonFactsRequest & { readonly kept: Kept },
  person: string,
): Promise<AsBuilt | null> {
  const { segments, memoryMb, threads, kept } = request;
  const { asOf } = kept;
  const importedSince = readImportState(files)?.contentHash !== kept.contentHash;
  if (importedSince && asksByOrderNumber(segments, asOf)) return null;
  const options = { memoryMb, threads, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  await viewPerson(duck, files, kept, person);
  const facts = { ...request, asOf, wantsAffinities: false, ofOnePerson: true };
  if ((await createPreviewFacts(duck, files, facts)) !== null) return null;
  return { customer: await readCustomer(duck, person), asOf };
}

/** Makes `customers` and `orders` of the person alone. */
async function viewPerson(duck: Duck, files: ShopFiles, kept: Kept, person: string): Promise<void> {
  for (const table of ['customers', 'orders'] as const) {
    const source = keptTable(files, kept, table);
    await duck.run(
      `CREATE VIEW ${table} AS SELECT * FROM ${source} WHERE person = ${sqlText(person)}`,
    );
  }
}

async function readCustomer(duck: Duck, person: string): Promise<Customer> {
  const theirs = `WHERE person = ${sqlText(person)}`;
  const attributes = attributesOf(
    await duck.rows(`SELECT 0, name, text, number_micros, day FROM customer_attributes ${theirs}`),
  );
  const [customer] = await duck.rows('SELECT cycle_half_days FROM customers');
  const cycle = customer?.[0] ?? null;
  return {
    orders: await readOrders(duck),
    events: await readEvents(duck, theirs),
    attributes: attributes.get('0') ?? [],
    cycleHalfDays: cycle === null ? null : Number(cycle),
    // A profile carries them.
    products: [],
    categories: [],
  };
}

async function readOrders(duck: Duck): Promise<CustomerOrder[]> {
  const attributes = attributesOf(
    await duck.rows('SELECT order_no, name, text, number_micros, day FROM order_attributes'),
  );
  const products = textsOf(await duck.rows('SELECT order_no, product FROM order_lines'));
  const categories = textsOf(
    await duck.rows('SELECT order_no, category FROM order_lines WHERE category IS NOT NULL'),
  );
  const brands = textsOf(
    await duck.rows('SELECT order_no, brand FROM order_lines WHERE brand IS NOT NULL'),
  );
  const rows = await duck.rows(
    'SELECT order_no, day, status, revenue_micros, margin_micros FROM orders ORDER BY order_no',
  );
  return rows.map(([orderNo, day, status, revenue, margin]) => ({
    day: Number(day),
    status: Number(status),
    revenueMicros: Number(revenue),
    marginMicros: numberOr(margin),
    products: products.get(String(orderNo)) ?? [],
    categories: categories.get(String(orderNo)) ?? [],
    brands: brands.get(String(orderNo)) ?? [],
    attributes: attributes.get(String(orderNo)) ?? [],
  }));
}

async function readEvents(duck: Duck, theirs: string): Promise<CustomerEvent[]> {
  const rows = await duck.rows(
    `SELECT event_no, day, kind, name, product, category, brand, value_micros FROM events ${theirs}`,
  );
  const numbers = rows.map(([eventNo]) => Number(eventNo));
  const attributes = attributesOf(
    numbers.length === 0
      ? []
      : await duck.rows(`SELECT event_no, name, text, number_micros, day FROM event_attributes
          WHERE event_no IN (${numbers.join(', ')})`),
  );
  return rows.map(([eventNo, day, kind, name, product, category, brand, value]) => ({
    day: Number(day),
    kind: String(kind) as CustomerEvent['kind'],
    name: String(name),
    valueMicros: numberOr(value),
    products: product === null ? [] : [String(product)],
    categories: category === null ? [] : [String(category)],
    brands: brand === null ? [] : [String(brand)],
    attributes: attributes.get(String(eventNo)) ?? [],
  }));
}

/** By the number of whose they are. */
function attributesOf(rows: readonly unknown[][]): ReadonlyMap<string, AttributeValue[]> {
  return grouped(rows, ([, name, text, numberMicros, day]) => ({
    name: String(name),
    text: text === null ? null : String(text),
    numberMicros: numberOr(numberMicros),
    day: numberOr(day),
  }));
}

function textsOf(rows: readonly unknown[][]): ReadonlyMap<string, string[]> {
  return grouped(rows, ([, text]) => String(text));
}

function grouped<T>(
  rows: readonly unknown[][],
  valueIn: (row: unknown[]) => T,
): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const owner = String(row[0]);
    const values = groups.get(owner) ?? [];
    values.push(valueIn(row));
    groups.set(owner, values);
  }
  return groups;
}

function numberOr(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
