/** The demo shop's goods: twelve categories, fifty products each, names and prices as a shop has them. */
import type { SeededRandom } from '../../platform/seeded-random.ts';
import { CATEGORIES, COLOURS, type DemoCategory, MODELS } from './demo-range.ts';
import { productImage } from './product-image.ts';

const PRODUCTS_PER_CATEGORY = 50;
const ON_SALE_SHARE = 0.15;
const SOLD_OUT_SHARE = 0.04;

export interface DemoProduct {
  readonly id: string;
  readonly title: string;
  readonly brand: string;
  /** Ordinal in CATEGORIES. */
  readonly category: number;
  readonly priceCents: number;
  /** What a customer pays during a sale, or null. */
  readonly salePriceCents: number | null;
  readonly available: boolean;
  readonly image: string;
}

/** Products in order of category; within one, the first are the best sellers. */
export function demoProducts(random: SeededRandom): DemoProduct[] {
  return CATEGORIES.flatMap((category, ordinal) => rangeOf(category, ordinal, random));
}

function rangeOf(category: DemoCategory, ordinal: number, random: SeededRandom): DemoProduct[] {
  const titles = new Set<string>();
  const products: DemoProduct[] = [];
  while (products.length < PRODUCTS_PER_CATEGORY) {
    const product = productOf(category, ordinal, products.length, random);
    if (titles.has(product.title)) continue;
    titles.add(product.title);
    products.push(product);
  }
  return products;
}

function productOf(
  category: DemoCategory,
  ordinal: number,
  index: number,
  random: SeededRandom,
): DemoProduct {
  const kind = category.kinds[index % category.kinds.length]!;
  const brand = random.pick(category.brands);
  const [colourName, colour] = random.pick(COLOURS);
  const priceCents = shelfPriceCents(kind.fromUnits, kind.toUnits, random);
  return {
    id: `${category.code}-${String(101 + index)}`,
    title: `${brand} ${random.pick(MODELS)} ${random.pick(kind.names)}, ${colourName}`,
    brand,
    category: ordinal,
    priceCents,
    salePriceCents: random.chance(ON_SALE_SHARE)
      ? Math.floor((priceCents * (0.7 + 0.05 * random.below(4))) / 100) * 100 - 1
      : null,
    available: !random.chance(SOLD_OUT_SHARE),
    image: productImage(category.icon, colour, category.hue),
  };
}

/** Prices end in .00, .50, .90 or .99, and cheap things are more common than dear ones. */
function shelfPriceCents(fromUnits: number, toUnits: number, random: SeededRandom): number {
  const units = Math.floor(fromUnits + (toUnits - fromUnits) * random.next() ** 1.6);
  return units * 100 + random.pick([0, 50, 90, 99, 99]);
}
