/**
 * The profile loop of a bucket: customers, their orders and the lines of these stream side by side in the same
 * order (see shop-data.ts), so that each is read once and nothing is looked up.
 */
import assert from 'node:assert/strict';
import { encodeProfile, type ProfileRecord } from '../../proto/records.ts';
import { isHeldOut } from '../../rules/control-group.ts';
import type { Segment } from '../../rules/rule.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import { type Duck, idSql, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';
import type { WrittenBucket } from './build-progress.ts';
import { ColumnCursor } from './column-cursor.ts';
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
  /** Computes the people of the table `touched` alone; the others are counted with them. */
  readonly onlyTouched: boolean;
  readonly writer: Pick<GenerationWriter, 'putProfiles'>;
  /** Told how many profiles of the bucket are written. */
  readonly progress: (done: number) => void;
}

type WrittenProfiles = Omit<WrittenBucket, 'moves' | 'profiles' | 'touched'> & {
  readonly written: number;
};

/**
 * Encodes and writes the profile of every customer of the bucket, in person order. Needs its tables
 * `customers`, `orders`, `bought_lines` and `members`.
 */
export async function writeProfiles(job: ProfileJob): Promise<WrittenProfiles> {
  const people = peopleCursor(job);
  const orders = new OrderReader(job.duck);
  const members = new Array<number>(job.segments.length).fill(0);
  const heldOut = new Array<number>(job.segments.length).fill(0);
  const samples = new SamplePicker(job.segments.length);
  let batch: { person: string; bytes: Uint8Array }[] = [];
  let written = 0;
  while (await people.load()) {
    for (; people.at < people.rowCount; people.at++) {
      const member = readMember(people, job.segments);
      holdOut(member, job.segments, heldOut);
      for (const ordinal of member.segments) members[ordinal]!++;
      samples.offer(member.person, member.segments, numberAt(people, HAS_DEVICE) === 1);
      if (numberAt(people, IS_COMPUTED) === 0) continue;
      const profile = { ...member, ...(await readPurchases(people, orders, job.purchases)) };
      batch.push({ person: member.person, bytes: encodeProfile(profile) });
    }
    if (batch.length < BATCH_PROFILES) continue;
    await job.writer.putProfiles(batch);
    written += batch.length;
    batch = [];
    job.progress(written);
  }
  await job.writer.putProfiles(batch);
  written += batch.length;
  await orders.finish();
  const sold = job.purchases.takeSold();
  return { written, members, heldOut, samples: samples.offers(), sold };
}

/** Takes the segments that hold the person out from the profile, and counts them. */
function holdOut(member: Member, segments: readonly Segment[], heldOut: number[]): void {
  member.segments = member.segments.filter((ordinal) => {
    const { control } = segments[ordinal]!;
    if (control === null || !isHeldOut(control, member.person)) return true;
    heldOut[ordinal]!++;
    return false;
  });
}

const PERSON = 0;
const KEPT_ORDERS = 2;
const FIRST_ORDER_NO = 3;
const CYCLE = 4;
const HAS_DEVICE = 5;
const IS_COMPUTED = 6;
const MASKS = 7;

function peopleCursor({ duck, files, segments, bucket, onlyTouched }: ProfileJob): ColumnCursor {
  const devices = `SELECT person FROM read_parquet(${sqlText(files.devices)})
    WHERE ${inBucket('person', bucket)}`;
  const columns = [
    idSql('c.person'),
    'c.kept_orders',
    'c.first_order_no',
    'COALESCE(c.cycle_half_days, 0)',
    `CASE WHEN c.person IN (${devices}) THEN 1 ELSE 0 END`,
    onlyTouched ? 'CASE WHEN c.person IN (SELECT person FROM touched) THEN 1 ELSE 0 END' : '1',
    ...maskNames(segments),
  ];
  const query = `SELECT ${columns.join(', ')}
    FROM customers c JOIN members m ON m.person = c.person ORDER BY c.person`;
  const numbers = columns.slice(1).map((_, i) => KEPT_ORDERS + i);
  return new ColumnCursor(duck.chunks(query), { ids: [PERSON], numbers });
}

function numberAt({ at, numbers }: ColumnCursor, column: number): number {
  return numbers[column]![at]!;
}

type Member = Pick<ProfileRecord, 'conditions'> & { person: string; segments: number[] };

function readMember(people: ColumnCursor, { length }: readonly Segment[]): Member {
  const masks: number[] = [];
  for (let column = MASKS; column < people.numbers.length; column++) {
    masks.push(numberAt(people, column));
  }
  const held = ordinalsOf(masks);
  return {
    person: people.ids[PERSON]![people.at]!,
    segments: held.filter((ordinal) => ordinal < length),
    conditions: held.flatMap((ordinal) => (ordinal < length ? [] : [ordinal - length])),
  };
}

async function readPurchases(
  people: ColumnCursor,
  orders: OrderReader,
  purchases: Purchases,
): Promise<Omit<ProfileRecord, 'segments' | 'conditions'>> {
  purchases.start();
  const kept = numberAt(people, KEPT_ORDERS);
  return {
    orders: kept === 0 ? [] : await orders.take(kept, numberAt(people, FIRST_ORDER_NO), purchases),
    cycleHalfDays: numberAt(people, CYCLE),
    products: purchases.products(),
    categories: purchases.categories(),
    boughtWith: purchases.boughtWith(),
  };
}

interface Order {
  atS: number;
  status: number;
  revenueMicros: number;
  orderKey: string;
  marginMicros: number | null;
}

const ORDER_KEY = 0;
const ORDER_NO = 2;
const STATUS = 3;
const AT_S = 4;
const REVENUE = 5;
const MARGIN = 6;

/** Orders of one person after the other, and the lines of each. */
class OrderReader {
  readonly #orders: ColumnCursor;
  readonly #lines: ColumnCursor;

  constructor(duck: Duck) {
    this.#orders = new ColumnCursor(
      duck.chunks(
        `SELECT ${idSql('order_key')}, order_no, status, at_s, CAST(revenue_micros AS DOUBLE),
           CAST(margin_micros AS DOUBLE) FROM orders`,
      ),
      { ids: [ORDER_KEY], numbers: [ORDER_NO, STATUS, AT_S, REVENUE, MARGIN] },
    );
    this.#lines = new ColumnCursor(
      duck.chunks('SELECT order_no, product_no FROM bought_lines ORDER BY order_no, product_no'),
      { ids: [], numbers: [0, 1] },
    );
  }

  async take(count: number, firstOrderNo: number, purchases: Purchases): Promise<Order[]> {
    const orders = this.#orders;
    const taken: Order[] = [];
    for (let i = 0; i < count; i++) {
      if (orders.at === orders.rowCount) assert(await orders.load(), 'orders end too early');
      const { at, numbers } = orders;
      const orderNo = numbers[ORDER_NO]![at]!;
      assert(i > 0 || orderNo === firstOrderNo, 'customers and orders are not in the same order');
      const status = numbers[STATUS]![at]!;
      taken.push({
        atS: numbers[AT_S]![at]!,
        status,
        revenueMicros: numbers[REVENUE]![at]!,
        orderKey: orders.ids[ORDER_KEY]![at]!,
        marginMicros: numbers[MARGIN]![at] ?? null,
      });
      orders.at++;
      while (!this.#readLines(orderNo, purchases) && (await this.#lines.load()));
    }
    return taken;
  }

  /** Reads on to the end of this order's lines, or of the chunk: false. */
  #readLines(orderNo: number, purchases: Purchases): boolean {
    const lines = this.#lines;
    for (; lines.at < lines.rowCount; lines.at++) {
      const lineOrderNo = lines.numbers[0]![lines.at]!;
      if (lineOrderNo > orderNo) return true;
      assert(lineOrderNo === orderNo, 'a line is left over that belongs to no order');
      purchases.addLine(lines.numbers[1]![lines.at]!);
    }
    return false;
  }

  async finish(): Promise<void> {
    const orders = this.#orders;
    const ended = orders.at === orders.rowCount && !(await orders.load());
    assert(ended, 'orders are left over that belong to no customer');
    await this.#lines.close();
  }
}
