/**
 * The profile loop of a bucket: customers, their orders and the lines of these stream side by side in the same
 * order (see shop-data.ts), so that each is read once and nothing is sorted or looked up.
 */
import assert from 'node:assert/strict';
import { encodeProfile, type ProfileRecord } from '../../proto/records.ts';
import { isHeldOut } from '../../rules/control-group.ts';
import { isValid } from '../../rules/customer.ts';
import type { Segment } from '../../rules/rule.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';
import type { WrittenBucket } from './build-progress.ts';
import { ColumnCursor } from './column-cursor.ts';
import { linesOfOrders } from './facts.ts';
import { maskNames, ordinalsOf } from './membership.ts';
import type { Purchases } from './purchases.ts';
import { SamplePicker } from './samples.ts';

const BATCH_PROFILES = 2000;

export interface ProfileJob {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly segments: readonly Segment[];
  readonly bucket: Bucket;
  readonly purchases: Purchases;
  readonly writer: Pick<GenerationWriter, 'putProfiles'>;
  /** Told how many profiles of the bucket are written. */
  readonly progress: (done: number) => void;
}

type WrittenProfiles = Omit<WrittenBucket, 'moves'>;

/**
 * Encodes and writes the profile of every customer of the bucket, in person order. Needs its tables
 * `customers`, `orders` and `members`.
 */
export async function writeProfiles(job: ProfileJob): Promise<WrittenProfiles> {
  const people = peopleCursor(job);
  const orders = new OrderReader(job, await linesOfOrders(job.duck));
  const members = new Array<number>(job.segments.length).fill(0);
  const heldOut = new Array<number>(job.segments.length).fill(0);
  const samples = new SamplePicker(job.segments.length);
  let batch: { person: string; bytes: Uint8Array }[] = [];
  let profiles = 0;
  while (await people.load()) {
    for (; people.at < people.rowCount; people.at++) {
      const profile = await readProfile(people, orders, job);
      holdOut(profile, job.segments, heldOut);
      for (const ordinal of profile.segments) members[ordinal]!++;
      const hasDevice = people.numbers[HAS_DEVICE]![people.at] === 1;
      samples.offer(profile.person, profile.segments, hasDevice);
      batch.push({ person: profile.person, bytes: encodeProfile(profile) });
    }
    if (batch.length < BATCH_PROFILES) continue;
    await job.writer.putProfiles(batch);
    profiles += batch.length;
    batch = [];
    job.progress(profiles);
  }
  await job.writer.putProfiles(batch);
  profiles += batch.length;
  await orders.finish();
  const sold = job.purchases.takeSold();
  return { profiles, members, heldOut, samples: samples.offers(), sold };
}

/** Takes the segments that hold the person out from the profile, and counts them. */
function holdOut(profile: Profile, segments: readonly Segment[], heldOut: number[]): void {
  profile.segments = profile.segments.filter((ordinal) => {
    const { control } = segments[ordinal]!;
    if (control === null || !isHeldOut(control, profile.person)) return true;
    heldOut[ordinal]!++;
    return false;
  });
}

const PERSON = 0;
const KEPT_ORDERS = 1;
const FIRST_ORDER_NO = 2;
const CYCLE = 3;
const HAS_DEVICE = 4;
const MASKS = 5;

function peopleCursor({ duck, files, segments, bucket }: ProfileJob): ColumnCursor {
  const devices = `SELECT person FROM read_parquet(${sqlText(files.devices)})
    WHERE ${inBucket('person', bucket)}`;
  const columns = [
    'c.person',
    'c.kept_orders',
    'c.first_order_no',
    'COALESCE(c.cycle_half_days, 0)',
    `CASE WHEN c.person IN (${devices}) THEN 1 ELSE 0 END`,
    ...maskNames(segments),
  ];
  const query = `SELECT ${columns.join(', ')}
    FROM customers c JOIN members m ON m.person = c.person ORDER BY c.person`;
  const numbers = columns.map((_, i) => i).slice(1);
  return new ColumnCursor(duck.chunks(query), { texts: [PERSON], numbers });
}

type Profile = ProfileRecord & { person: string; segments: number[] };

async function readProfile(
  people: ColumnCursor,
  orders: OrderReader,
  { purchases, segments }: ProfileJob,
): Promise<Profile> {
  const { at, numbers } = people;
  purchases.start();
  const kept = numbers[KEPT_ORDERS]![at]!;
  const list = kept === 0 ? [] : await orders.take(kept, numbers[FIRST_ORDER_NO]![at]!, purchases);
  const masks: number[] = [];
  for (let column = MASKS; column < numbers.length; column++) masks.push(numbers[column]![at]!);
  const held = ordinalsOf(masks);
  return {
    person: people.texts[PERSON]![at]!,
    segments: held.filter((ordinal) => ordinal < segments.length),
    orders: list,
    cycleHalfDays: numbers[CYCLE]![at]!,
    products: purchases.products(),
    categories: purchases.categories(),
    boughtWith: purchases.boughtWith(),
    conditions: held.flatMap((ordinal) =>
      ordinal < segments.length ? [] : [ordinal - segments.length],
    ),
  };
}

interface Order {
  atS: number;
  status: number;
  revenueMicros: number;
  orderKey: string;
  marginMicros: number | null;
}

/** Orders of one person after the other, and the lines of each. */
class OrderReader {
  readonly #orders: ColumnCursor;
  readonly #lines: ColumnCursor;

  /** `isOfBucket` is SQL for a line of these orders. */
  constructor({ duck, files }: ProfileJob, isOfBucket: string) {
    this.#orders = new ColumnCursor(
      duck.chunks(
        `SELECT order_key, order_no, status, at_s, CAST(revenue_micros AS DOUBLE),
           CAST(margin_micros AS DOUBLE) FROM orders`,
      ),
      { texts: [0], numbers: [1, 2, 3, 4, 5] },
    );
    this.#lines = new ColumnCursor(
      duck.chunks(
        `SELECT order_no, product_no FROM read_parquet(${sqlText(files.orderLines)})
         WHERE ${isOfBucket} AND quantity_micros > 0`,
      ),
      { texts: [], numbers: [0, 1] },
    );
  }

  async take(count: number, firstOrderNo: number, purchases: Purchases): Promise<Order[]> {
    const orders = this.#orders;
    const taken: Order[] = [];
    for (let i = 0; i < count; i++) {
      if (orders.at === orders.rowCount) assert(await orders.load(), 'orders end too early');
      const { at, numbers } = orders;
      const orderNo = numbers[1]![at]!;
      assert(i > 0 || orderNo === firstOrderNo, 'customers and orders are not in the same order');
      const status = numbers[2]![at]!;
      taken.push({
        atS: numbers[3]![at]!,
        status,
        revenueMicros: numbers[4]![at]!,
        orderKey: orders.texts[0]![at]!,
        marginMicros: numbers[5]![at] ?? null,
      });
      orders.at++;
      await this.#readLines(orderNo, isValid(status) ? purchases : null);
    }
    return taken;
  }

  /** Reads on to the end of this order's lines; those of orders left out are passed over. */
  async #readLines(orderNo: number, purchases: Purchases | null): Promise<void> {
    const lines = this.#lines;
    for (;;) {
      if (lines.at === lines.rowCount && !(await lines.load())) return;
      const lineOrderNo = lines.numbers[0]![lines.at]!;
      if (lineOrderNo > orderNo) return;
      if (lineOrderNo === orderNo) purchases?.addLine(lines.numbers[1]![lines.at]!);
      lines.at++;
    }
  }

  async finish(): Promise<void> {
    const orders = this.#orders;
    const ended = orders.at === orders.rowCount && !(await orders.load());
    assert(ended, 'orders are left over that belong to no customer');
    await this.#lines.close();
  }
}
