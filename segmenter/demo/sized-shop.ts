/** Segments of every kind that there is, for a base of sized-base.ts: with the demo's five they are fifty. */
import { DEMO_HOST } from './demo-feed.ts';

const THRESHOLDS = [1, 2, 3, 4, 5] as const;

/** By name, the YAML of each. */
export function sizedSegments(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    THRESHOLDS.flatMap((n) => kinds(n).map((rule, kind) => [`s${kind}_${n}`, rule] as const)).map(
      ([name, rule]) => [
        name,
        `segment: ${name}\ntitle: ${name}\npriority: 10\nall:\n  - ${rule}\n`,
      ],
    ),
  );
}

function kinds(n: (typeof THRESHOLDS)[number]): readonly string[] {
  const cycles = `{ times: ${n / 2}, of: orders.cycle_days, min: 30 }`;
  return [
    `orders.count: { gte: ${n} }`,
    `orders.revenue: { gte: ${n * 200} USD, within: ${n * 60}d }`,
    `orders.paid: { gte: ${n}, within: this_year }`,
    `orders.last_days: { gt: ${cycles} }`,
    `orders.count: { eq: 0, within: ${cycles} }`,
    `orders.cancelled: { gte: 1, ago: { from: ${n * 30}d, to: ${n * 60}d } }`,
    `categories.bought: { any_of: [category-${n}, category-${n + 5}] }`,
    `attributes.city: { any_of: [city${n}, city${n + 5}] }`,
    `segment: s0_${n}`,
  ];
}

/** A CSV feed of the products of sized-base.ts. */
export function sizedFeed(products: number): string {
  const rows = Array.from({ length: products }, (_, i) => {
    const page = `https://${DEMO_HOST}/p/${i}`;
    return `p${100_000 + i},Product ${i},${page},${page}.png,${1 + (i % 400)}.00 USD,in_stock,category-${i % 40}\n`;
  });
  return `id,title,link,image_link,price,availability,product_type\n${rows.join('')}`;
}
