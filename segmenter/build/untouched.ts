/**
 * A bucket of an incremental build (build-mode.ts): profiles of people whom nothing has touched since the
 * generation that serves are taken over from it as they are, their memberships from what it has kept.
 * Touched is whose facts are others, whom somebody else has joined, and who is due: on whom time alone may have worked. Meanwhile the
 * tables of facts hold the touched people alone.
 */
import type { Segment } from '../../rules/rule.ts';
import type { GenerationWriter } from '../../store/ports.ts';
import type { Duck } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';
import { type Bucket, inBucket } from './buckets.ts';
import { type Kept, type KeptTable, keptTable } from './kept-generation.ts';
import { maskNames } from './membership.ts';
import { heldOrdinals } from './membership-runs.ts';

export interface Untouched {
  /** How many profiles stay as they were taken over. */
  readonly copied: number;
  /** As WrittenBucket has it; the lines of the untouched are not read one by one. */
  readonly sold: readonly (readonly [number, number])[];
}

interface TakeOver {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly base: Kept;
  readonly bucket: Bucket;
}

/**
 * Makes the table `touched` (person), takes over all others, and takes them out of the tables `customers`,
 * `orders` and `bought_lines`. Needs `digests` and `renamed`.
 */
export async function takeOver(
  at: TakeOver,
  {
    day,
    writer,
    progress,
  }: {
    readonly day: number;
    readonly writer: Pick<GenerationWriter, 'copyProfiles'>;
    /** Told how many are taken over. */
    readonly progress: (done: number) => void;
  },
): Promise<Untouched> {
  const { duck } = at;
  await createTouched(at, day);
  const [untouched] = await duck.numbers(
    'SELECT (SELECT count(*) FROM customers) - (SELECT count(*) FROM touched)',
  );
  const { from, to } = at.bucket;
  const but = await touchedAndGone(at);
  let copied = 0;
  const range = { generation: at.base.generation, from, to, but };
  for await (const some of writer.copyProfiles(range)) {
    copied += some;
    progress(copied);
  }
  // The store has lost some: nobody is taken over then.
  if (copied !== untouched)
    await duck.run('CREATE OR REPLACE TABLE touched AS SELECT person FROM customers');
  const sold = await soldLines(duck);
  await duck.run('CREATE OR REPLACE TABLE all_customers AS FROM customers');
  for (const table of ['customers', 'orders', 'bought_lines']) {
    await duck.run(`DELETE FROM ${table} WHERE person NOT IN (SELECT person FROM touched)`);
  }
  return { copied: copied === untouched ? copied : 0, sold };
}

/**
 * Adds the untouched to what was made of the touched, as it was kept, and to `customers`. Since when they are
 * members is addRuns()'s to say.
 */
export async function addUntouched(
  at: TakeOver,
  segments: readonly Segment[],
  day: number,
): Promise<void> {
  const { duck } = at;
  // A rule that held for them holds still.
  const held = heldOrdinals(segments).map((i) => `CASE WHEN r${i} THEN ${day} END AS h${i}`);
  await insert('members', ['person', ...maskNames(segments), ...held].join(', '));
  for (const table of ['due', 'scores', 'affinities'] as const) await insert(table, '*');
  await duck.run('DROP TABLE customers');
  await duck.run('ALTER TABLE all_customers RENAME TO customers');

  async function insert(table: KeptTable, columns: string): Promise<void> {
    await duck.run(`INSERT INTO ${table} BY NAME SELECT ${columns} FROM ${keptOf(at, table)} k
      WHERE k.person IN (SELECT person FROM all_customers)
        AND k.person NOT IN (SELECT person FROM touched)`);
  }
}

async function createTouched(at: TakeOver, day: number): Promise<void> {
  const due = `SELECT person FROM ${keptOf(at, 'due')} WHERE due_day <= ${day}`;
  // Who became somebody else brings along what they were members of, from whichever bucket.
  const members = keptTable(at.files, at.base, 'members');
  const joined = `SELECT r.to_person FROM renamed r JOIN ${members} k ON k.person = r.from_person`;
  await at.duck.run(`CREATE OR REPLACE TABLE touched AS
    SELECT d.person FROM digests d LEFT JOIN ${keptOf(at, 'digests')} k ON k.person = d.person
    WHERE k.person IS NULL OR k.digest <> d.digest OR d.person IN (${due})
      OR d.person IN (${joined})`);
}

async function touchedAndGone(at: TakeOver): Promise<Set<string>> {
  const but = new Set<string>();
  const query = `SELECT person FROM touched UNION ALL
    SELECT person FROM ${keptOf(at, 'digests')} WHERE person NOT IN (SELECT person FROM customers)`;
  for await (const chunk of at.duck.chunks(query)) {
    for (const person of chunk.texts(0)) but.add(person);
  }
  return but;
}

async function soldLines(duck: Duck): Promise<[number, number][]> {
  const sold: [number, number][] = [];
  const query = `SELECT product_no, CAST(count(*) AS INTEGER) FROM bought_lines
    GROUP BY product_no ORDER BY product_no`;
  for await (const chunk of duck.chunks(query)) {
    const [products, lines] = [chunk.numbers(0), chunk.numbers(1)];
    for (let i = 0; i < chunk.rowCount; i++) sold.push([products[i]!, lines[i]!]);
  }
  return sold;
}

/** SQL for what the generation that serves has kept of the people of the bucket. */
function keptOf({ files, base, bucket }: TakeOver, table: KeptTable): string {
  return `(SELECT * FROM ${keptTable(files, base, table)} WHERE ${inBucket('person', bucket)})`;
}
