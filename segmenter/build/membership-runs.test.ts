import { afterEach, beforeEach, expect, it } from 'vitest';
import { customerPersonId } from '../../proto/ids.ts';
import type { Rule, Segment } from '../../rules/rule.ts';
import { compareWith, plainSegment } from '../../rules/segment.contract.ts';
import type { Window } from '../../rules/window.ts';
import { type MembershipRun, personRuns } from '../preview/person-runs.ts';
import { AS_OF_MS, at, key, TestShop } from './test-shop.contract.ts';

const HEADER = 'order,customer,time,product,quantity,price,status\n';
const DAY_MS = 86_400_000;
const TODAY = 20_779; // 2026-11-22
const LAST_2_DAYS: Window = {
  kind: 'last',
  days: 2,
  today: 'included',
  timeZone: 'Europe/Sofia',
};
const RECENT = compareWith('orders.count', 'gte', 1, LAST_2_DAYS);
const staying = (name: string, days: number, of: Rule = RECENT): Segment =>
  plainSegment(name, { kind: 'stays', segment: name, days, of: [of], at });

let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

async function runsOf(
  generation: string,
  segments: readonly Segment[],
  customer: string,
): Promise<Record<string, Omit<MembershipRun, 'segment'>>> {
  const person = customerPersonId(key, 'test', customer);
  const { dir, memoryMb, threads } = shop.request();
  const asked = { dir, shop: 'test', generation, segments, person, memoryMb, threads };
  const runs = await personRuns(asked);
  return Object.fromEntries(
    runs.map(({ segment, sinceDay, heldDay }) => [
      segment,
      { sinceDay: sinceDay - TODAY, heldDay: heldDay === null ? null : heldDay - TODAY },
    ]),
  );
}

/** One customer's orders and runs, day by day of builds, beside those that builds make. */
class Expected {
  readonly #days: readonly number[];
  #plain: number | null = null;
  #since: number | null = null;
  #held: number | null = null;

  constructor(days: readonly number[]) {
    this.#days = days;
  }

  /** Whether the rule holds, whether the person stays in `stay`, and the runs. */
  on(day: number) {
    const holds = this.#days.some((bought) => bought <= day && bought > day - 2);
    if (holds) this.#held = day;
    const stays = this.#held !== null && day - this.#held <= 3;
    this.#plain = holds ? (this.#plain ?? day) : null;
    this.#since = stays ? (this.#since ?? day) : null;
    const plain = { sinceDay: this.#plain, heldDay: null };
    const stay = { sinceDay: this.#since, heldDay: this.#held };
    return { holds, stays, runs: { ...(holds ? { plain } : {}), ...(stays ? { stay } : {}) } };
  }
}

/** A line of CSV; `day` counts from the day of the first build. */
function orderOf(customer: string, day: number, id: number): string {
  const time = new Date(AS_OF_MS + day * DAY_MS - 3_600_000).toISOString();
  return `${id},${customer},${time},p1,1,10,paid\n`;
}

it('keeps members for days after the rule last held, and counts since when from the first', async () => {
  const customers = ['anna', 'boris', 'vera', 'ivan'];
  const days = [5, 1, 1, 11, 0, 6, 11, 2, 9, 3, 2, 7];
  await shop.import({
    orders: HEADER + days.map((day, i) => orderOf(customers[i % 4]!, day, i)).join(''),
  });
  const segments = [plainSegment('plain', RECENT), staying('stay', 3)];
  const expected = customers.map((_, i) => new Expected(days.filter((__, nth) => nth % 4 === i)));
  let stayed = 0;
  // A day without a build is a day that nobody saw.
  for (const day of [0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 13, 14, 15]) {
    const asOfMs = AS_OF_MS + day * DAY_MS;
    const { generation } = await shop.build({ segments, asOfMs, customersPerBucket: 2 });
    for (const [i, customer] of customers.entries()) {
      const { holds, stays, runs } = expected[i]!.on(day);
      // Each look opens an engine.
      if (day % 3 === 2) {
        const found = await runsOf(generation, segments, customer);
        expect(found, `${customer}, ${day}`).toEqual(runs);
      }
      const profile = await shop.profileOf(generation, customer);
      expect(profile.segments).toEqual([holds, stays].flatMap((is, nth) => (is ? [nth] : [])));
      expect(profile.conditions).toEqual([stays].flatMap((is, nth) => (is ? [nth] : [])));
      stayed += Number(stays) - Number(holds);
    }
  }
  expect(stayed).toBeGreaterThan(8);
});

const ORDERS = `${HEADER}1,anna,2026-11-21,p1,1,10,paid\n2,boris,2026-01-21,p1,1,10,paid\n`;
const build = (day: number, ...segments: Segment[]) =>
  shop.build({ segments, asOfMs: AS_OF_MS + day * DAY_MS });
const membersOf = async (day: number, ...segments: Segment[]) =>
  Object.fromEntries(
    (await build(day, ...segments)).segments.map((one) => [one.segment, one.members]),
  );

it('lets those go at once who were in by a rule that was changed, and keeps them through other edits', async () => {
  await shop.import({ orders: ORDERS });
  const wider: Window = { ...LAST_2_DAYS, days: 1 };
  await build(0, staying('a', 30), staying('b', 30), plainSegment('c', RECENT));
  const later = [
    staying('a', 30, compareWith('orders.count', 'gte', 1, wider)),
    { ...staying('b', 60), title: 'edited', at: { ...at, line: 9 } },
    staying('c', 30),
  ];
  expect(await membersOf(5, ...later)).toEqual({ a: 0, b: 1, c: 1 });
});

it('never lets somebody stay who is excluded, comes first elsewhere in the group, or never was a member', async () => {
  await shop.import({ orders: ORDERS });
  const everybody = compareWith('orders.count', 'gte', 1);
  const none = (name: string): Rule => ({
    kind: 'none',
    of: [{ kind: 'segment', segment: name, at }],
    at,
  });
  const but = (segment: Segment, name: string): Segment => ({
    ...segment,
    rule: { kind: 'all', of: [segment.rule, none(name)], at },
  });
  const nobody = compareWith('orders.count', 'gte', 99);
  const group = { group: 'g', priority: 1 };
  const first = (rule: Rule) => plainSegment('first', rule, { group: 'g', priority: 2 });
  const out = (rule: Rule) => plainSegment('out', rule);
  const all = [but(staying('excluded', 30), 'out'), { ...staying('grouped', 30), ...group }];
  await build(0, ...all, out(nobody), first(nobody));
  const names = { excluded: 1, grouped: 1 };
  expect(await membersOf(5, ...all, out(nobody), first(nobody))).toMatchObject(names);
  const beaten = { excluded: 0, grouped: 0 };
  expect(await membersOf(6, ...all, out(everybody), first(everybody))).toMatchObject(beaten);
  expect(await membersOf(7, ...all, out(nobody), first(nobody))).toMatchObject(names);
  await shop.import({ orders: `${ORDERS}3,ivan,2026-11-30,p1,1,10,paid\n` });
  await build(8, ...all, out(everybody), first(everybody));
  expect(await membersOf(12, ...all, out(nobody), first(nobody))).toMatchObject(names);
});

it('goes back with a rollback', async () => {
  await shop.import({ orders: ORDERS });
  const segments = [staying('a', 3)];
  const first = await build(0, ...segments);
  await build(3, ...segments);
  await shop.store.generations.rollback('test');
  expect(await runsOf(first.generation, segments, 'anna')).toEqual({
    a: { sinceDay: 0, heldDay: 0 },
  });
  const next = await build(2, ...segments);
  expect(await runsOf(next.generation, segments, 'anna')).toEqual({
    a: { sinceDay: 0, heldDay: 0 },
  });
});

it('goes with a customer who becomes one person with another', async () => {
  const columns = { customer: 'id', email: 'email' };
  const joining = (...by: 'email'[]) => ({ ...shop.mapping, customers: { columns, join_by: by } });
  const customers = 'id,email\nanna,ann@mail.example\nboris,ann@mail.example\n';
  await shop.import({ orders: ORDERS, customers }, joining());
  const segments = [staying('a', 30), plainSegment('b', compareWith('orders.count', 'gte', 1))];
  await build(0, ...segments);
  await shop.import({ customers }, joining('email'));
  const asOfMs = AS_OF_MS + 5 * DAY_MS;
  const { generation, customers: persons } = await shop.build({ segments, asOfMs, force: true });
  expect(persons).toBe(1);
  // Boris bought first.
  expect(await runsOf(generation, segments, 'boris')).toEqual({
    a: { sinceDay: 0, heldDay: 0 },
    b: { sinceDay: 0, heldDay: null },
  });
});

it('goes with who brings nothing else along, in an incremental build too', async () => {
  const columns = { customer: 'id', email: 'email' };
  const joining = (...by: 'email'[]) => ({ ...shop.mapping, customers: { columns, join_by: by } });
  const customers = 'id,email\nanna,ann@mail.example\nguest,ann@mail.example\n';
  await shop.import({ orders: `${HEADER}${orderOf('anna', -9, 1)}`, customers }, joining());
  const segments = [staying('newcomer', 30, compareWith('orders.count', 'eq', 0))];
  await shop.build({ segments });
  await shop.import({ customers }, joining('email'));
  const later = { segments, asOfMs: AS_OF_MS + DAY_MS, force: true, fullEveryMs: 30 * DAY_MS };
  const built = await shop.build(later);
  expect(built.mode).toMatchObject({ kind: 'incremental', touched: 1 });
  expect(built.segments).toMatchObject([{ segment: 'newcomer', members: 1 }]);
});

it('lets go of who stays after their days also where each build was incremental', async () => {
  const segments = [staying('a', 3)];
  const buildAt = (hours: number) =>
    shop.build({ segments, asOfMs: AS_OF_MS + hours * 3_600_000, fullEveryMs: 30 * DAY_MS });
  const order = orderOf('anna', 0, 1);
  await shop.import({ orders: HEADER + order });
  await buildAt(0);
  // On the day on which it has held.
  await shop.import({ orders: HEADER + order.replace('paid', 'cancelled') });
  const members: number[] = [];
  for (const hours of [1, 24, 48, 72, 96]) {
    const built = await buildAt(hours);
    expect(built.mode).toMatchObject({ kind: 'incremental' });
    members.push(built.segments[0]!.members);
  }
  expect(members).toEqual([1, 1, 1, 1, 0]);
});
