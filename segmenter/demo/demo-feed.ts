/** The demo shop's product feed, in the columns of a Google Merchant CSV feed. */
import { CsvFile, csvField } from './csv-file.ts';
import type { DemoProduct } from './demo-products.ts';
import { CATEGORIES } from './demo-range.ts';

export const DEMO_HOST = 'shop.demo.example';

const COLUMNS =
  'id,title,link,image_link,price,sale_price,availability,brand,product_type,google_product_category';

/** Writes feed.csv; throws when it exists. */
export function writeDemoFeed(path: string, products: readonly DemoProduct[]): void {
  using feed = new CsvFile(path, COLUMNS);
  for (const product of products) feed.add(feedRow(product));
}

function feedRow(product: DemoProduct): string {
  const category = CATEGORIES[product.category]!;
  return [
    product.id,
    product.title,
    `https://${DEMO_HOST}/p/${product.id}`,
    product.image,
    `${units(product.priceCents)} USD`,
    product.salePriceCents === null ? '' : `${units(product.salePriceCents)} USD`,
    product.available ? 'in_stock' : 'out_of_stock',
    product.brand,
    category.name,
    category.googleCategory,
  ]
    .map(csvField)
    .join(',');
}

/** 12999 cents as `129.99`, without a float in between. */
export function units(cents: number): string {
  const rest = cents % 100;
  return `${(cents - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}
