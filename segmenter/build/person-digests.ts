/** What of a person's facts goes into their profile, as one number: whoever has another one has changed. */
import type { Rule, Segment } from '../../rules/rule.ts';
import type { Duck } from '../duck.ts';

const OF_ORDER = 'orders o ON o.person = c.person';
const PLACE = 'o.order_no - c.first_order_no';
const VALUE = 'a.name, a.text, a.number_micros, a.day';
const OF_EVENT = 'events e ON e.person = c.person';
const EVENT = 'e.day, e.kind, e.name, e.product, e.category, e.brand, e.value_micros';

/**
 * Rows of the bucket's tables, by what of them is the person's own: numbers of orders, products and events
 * change with every import, so an order is told by its key and its place among the person's, an event by all
 * there is to know of it, and the others by their names.
 */
const PARTS = {
  orders: {
    columns: `${PLACE}, o.order_key, o.day, o.at_s, o.status, o.revenue_micros, o.margin_micros`,
    from: OF_ORDER,
  },
  bought_lines: {
    columns: 'b.order_no - c.first_order_no, b.product, b.quantity_micros, b.revenue_micros',
    from: 'bought_lines b ON b.person = c.person',
  },
  customer_attributes: {
    columns: VALUE,
    from: 'customer_attributes a ON a.person = c.person',
  },
  order_lines: {
    columns: `${PLACE}, l.product, l.category, l.brand`,
    from: `${OF_ORDER} JOIN order_lines l ON l.order_no = o.order_no`,
  },
  order_attributes: {
    columns: `${PLACE}, ${VALUE}`,
    from: `${OF_ORDER} JOIN order_attributes a ON a.order_no = o.order_no`,
  },
  events: { columns: EVENT, from: OF_EVENT },
  event_attributes: {
    columns: `${EVENT}, a.told`,
    from: `${OF_EVENT} JOIN (
      SELECT a.event_no, sum(CAST(hash(${VALUE}) AS HUGEINT)) AS told
      FROM event_attributes a GROUP BY a.event_no
    ) a ON a.event_no = e.event_no`,
  },
} as const;
type Part = keyof typeof PARTS;

/** What a profile carries, whatever the rules are. */
const CARRIED: readonly Part[] = ['orders', 'bought_lines'];

/** What the conditions of each kind read beside it. */
const READ: Readonly<Record<Rule['kind'], readonly Part[]>> = {
  all: [],
  any: [],
  none: [],
  segment: [],
  stays: [],
  compare: [],
  has: [],
  score: [],
  affinity: [],
  attribute: ['customer_attributes'],
  aggregate: ['order_lines', 'order_attributes', 'events', 'event_attributes'],
};

/** Makes the table `digests` (person, digest) of the people of the bucket's table `customers`. */
export async function createDigests(duck: Duck, segments: readonly Segment[]): Promise<void> {
  const parts = new Set([...CARRIED, ...segments.flatMap(({ rule }) => partsOf(rule))]);
  // A sum, because rows that are alike must not cancel each other out.
  const sums = [...parts].sort().map((part) => {
    const { columns, from } = PARTS[part];
    return `SELECT c.person, sum(CAST(hash('${part}', ${columns}) AS HUGEINT)) AS part
      FROM customers c JOIN ${from} GROUP BY c.person`;
  });
  await duck.run(`CREATE OR REPLACE TABLE digests AS
    SELECT c.person, hash(COALESCE(sum(p.part), 0)) AS digest
    FROM customers c LEFT JOIN (${sums.join(' UNION ALL ')}) p ON p.person = c.person
    GROUP BY c.person`);
}

function partsOf(rule: Rule): readonly Part[] {
  return 'of' in rule ? rule.of.flatMap(partsOf) : READ[rule.kind];
}
