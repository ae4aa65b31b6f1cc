/** The demo shop's CRM as the files a shop would export: customers, orders, devices. */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SeededRandom } from '../../platform/seeded-random.ts';
import { CsvFile } from './csv-file.ts';
import {
  DAY_MS,
  drawBasket,
  drawHabits,
  drawOrderTimes,
  drawStatus,
  isoSeconds,
  orderRows,
  SHOP_AGE_DAYS,
} from './demo-customer.ts';
import { writeDevices } from './demo-devices.ts';
import type { DemoProduct } from './demo-products.ts';

const ORDERS_PER_CUSTOMER = 5;
const ORDERS_MAX = 60;
const CUSTOMERS_PER_TURN = 5_000;

export interface DemoCrmOptions {
  readonly dir: string;
  readonly customers: number;
  readonly nowMs: number;
  readonly products: readonly DemoProduct[];
  readonly random: SeededRandom;
  /** Called now and then with the share done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

export interface DemoCrmCounts {
  readonly orders: number;
  readonly devices: number;
}

/** Writes customers.csv, orders.csv and devices.csv; throws when one exists. */
export async function writeDemoCrm(options: DemoCrmOptions): Promise<DemoCrmCounts> {
  using customers = new CsvFile(
    join(options.dir, 'customers.csv'),
    'customer_id,email,phone,registered_at',
  );
  using orders = new CsvFile(
    join(options.dir, 'orders.csv'),
    'order_id,customer_id,ordered_at,status,product_id,quantity,unit_price',
  );
  using devices = new CsvFile(join(options.dir, 'devices.csv'), 'customer_id,space,value');
  const orderCounts = drawOrderCounts(options.customers, options.random);
  const counts = { orders: 0, devices: 0 };

  for (let i = 0; i < options.customers; i++) {
    const customer = `C${100_001 + i}`;
    const buyer = { customer, orders: orderCounts[i]!, firstNumber: 500_001 + counts.orders };
    const firstAtMs = writeOrders(orders, buyer, options);
    counts.orders += buyer.orders;
    counts.devices += writeDevices(devices, customer, options.random);
    customers.add(customerRow(customer, i, firstAtMs, options.random));
    if (i % CUSTOMERS_PER_TURN === 0) {
      options.onProgress?.(i / options.customers);
      await nextTurn();
    }
  }
  options.onProgress?.(1);
  return counts;
}

/** Registered and never bought, once, a few times, often: five orders a head in all, exactly. */
function drawOrderCounts(customers: number, random: SeededRandom): Uint8Array {
  const counts = new Uint8Array(customers);
  let missing = customers * ORDERS_PER_CUSTOMER;
  for (let i = 0; i < customers; i++) {
    counts[i] = Math.min(drawOrderCount(random), ORDERS_MAX);
    missing -= counts[i]!;
  }
  while (missing !== 0) {
    const i = random.below(customers);
    const step = Math.sign(missing);
    // Only repeat buyers are adjusted, so the shares of the others stay as drawn.
    const frozen = counts[i]! < 3 && customers > 50;
    if (frozen || counts[i]! + step < 0 || counts[i]! + step > ORDERS_MAX) continue;
    counts[i]! += step;
    missing -= step;
  }
  return counts;
}

function drawOrderCount(random: SeededRandom): number {
  const kind = random.next();
  if (kind < 0.12) return 0;
  if (kind < 0.4) return 1;
  if (kind < 0.85) return 2 + Math.floor(2.6 * random.exponential());
  return 9 + Math.floor(9 * random.exponential());
}

/** Returns when the customer's first order was, or when the one who never bought came by. */
function writeOrders(
  file: CsvFile,
  buyer: { customer: string; orders: number; firstNumber: number },
  { nowMs, products, random }: DemoCrmOptions,
): number {
  const { customer, orders, firstNumber } = buyer;
  if (orders === 0) return nowMs - SHOP_AGE_DAYS * DAY_MS * random.next() ** 3;
  const habits = drawHabits(orders, random);
  const times = drawOrderTimes(orders, habits, nowMs, random);
  for (let i = 0; i < times.length; i++) {
    const atMs = times[i]!;
    const status = drawStatus((nowMs - atMs) / DAY_MS, habits.refusalShare, random);
    const basket = drawBasket(habits, products, random);
    file.add(orderRows({ number: firstNumber + i, customer, atMs, status }, basket));
  }
  return times.at(-1)!;
}

const MAIL_HOSTS = ['example.com', 'example.com', 'example.net', 'example.org', 'mail.example'];

/** Telephone numbers are of the range that is reserved for fiction: +1 NPA 555 01XX. */
function customerRow(
  customer: string,
  index: number,
  firstAtMs: number,
  random: SeededRandom,
): string {
  const email = `buyer.${(index + 46_656).toString(36)}@${random.pick(MAIL_HOSTS)}`;
  const line = 100 + random.below(100);
  const phone = random.chance(0.6) ? `+1${201 + random.below(780)}5550${line}` : '';
  return `${customer},${email},${phone},${isoSeconds(firstAtMs - random.below(3_600_000))}`;
}
