/** What a build carries from the persons that served to those that will: see person-changes.ts. */

import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Clock } from '../../platform/clock.ts';
import { customerPersonId } from '../../proto/ids.ts';
import type { Store } from '../../store/ports.ts';
import { type Duck, sqlText } from '../duck.ts';
import {
  type JoinedCustomer,
  type PersonChange,
  personChanges,
} from '../identity/person-changes.ts';
import type { JobProgress } from '../job-progress.ts';
import { pending, replaceFiles, type ShopFiles } from '../shop-data.ts';
import { carryPerson } from './carry-person.ts';
import type { PhaseTimer } from './phase-timer.ts';

/** Customers of the data who are one person with others. */
export async function joinedCustomers(
  duck: Duck,
  files: ShopFiles,
  { shop, key }: { readonly shop: string; readonly key: KeyObject },
): Promise<JoinedCustomer[]> {
  const customers = `read_parquet(${sqlText(files.customers)})`;
  const joined: JoinedCustomer[] = [];
  const query = `SELECT customer_id, person FROM ${customers} WHERE person IN (
      SELECT person FROM ${customers} GROUP BY person HAVING count(*) > 1
    ) ORDER BY customer_id`;
  for await (const chunk of duck.chunks(query)) {
    const [ids, persons] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) {
      const customer = ids[i]!;
      joined.push({ customer, person: persons[i]!, alone: customerPersonId(key, shop, customer) });
    }
  }
  return joined;
}

/** The changes since the build that served; none before the first one. */
export function changesSinceServing(
  files: ShopFiles,
  joined: readonly JoinedCustomer[],
): PersonChange[] {
  return personChanges(readJoined(files), joined);
}

/** Who was one person with others in the build that serves. */
export function readJoined(files: ShopFiles): readonly JoinedCustomer[] {
  if (!existsSync(files.joined)) return [];
  return JSON.parse(readFileSync(files.joined, 'utf8')) as JoinedCustomer[];
}

/** For the next build, once this one serves. */
export function rememberJoined(files: ShopFiles, joined: readonly JoinedCustomer[]): void {
  writeFileSync(pending(files.joined), JSON.stringify(joined));
  replaceFiles(files.folder);
}

/** Who is carried, where, and how long it took. */
interface Carrying {
  readonly shop: string;
  readonly files: ShopFiles;
  readonly people: Pick<Store, 'hot' | 'caps' | 'live'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly timer: PhaseTimer;
  readonly progress: (progress: JobProgress) => void;
}

/**
 * Carries impressions, and live facts where they are surely the person's own, before the flip and
 * again after it: until then bids were made as who it was.
 */
export async function carryingPersons(
  carrying: Carrying,
  joined: readonly JoinedCustomer[],
  flip: () => Promise<void>,
): Promise<void> {
  const changes = changesSinceServing(carrying.files, joined);
  await carryPersons(carrying, changes);
  await flip();
  await carryPersons(carrying, changes);
}

/** Persons on their way at once: each waits for the store a few times. */
const CARRIED_AT_ONCE = 16;

async function carryPersons(
  { shop, people, clock, timer, progress }: Carrying,
  changes: readonly PersonChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await timer.time('carrying persons', async () => {
    for (let at = 0; at < changes.length; at += CARRIED_AT_ONCE) {
      const some = changes.slice(at, at + CARRIED_AT_ONCE);
      const move = ({ from, to, parted }: PersonChange) =>
        carryPerson(people, { shop, from, to, withFacts: !parted }, clock.nowMs());
      await Promise.all(some.map(move));
      progress({ phase: 'carrying persons', done: at + some.length, total: changes.length });
    }
  });
}
