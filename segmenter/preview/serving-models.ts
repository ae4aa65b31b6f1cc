/** What a generation has learned of a shop's customers, of all of them and of one. */
import type { Affinity, AffinityKind } from '../../rules/affinity.ts';
import { SCORE_COLUMNS, SCORE_FIELDS, type Scores } from '../../rules/score.ts';
import { type Kept, keptTable, readKept } from '../build/kept-generation.ts';
import { readModels, type ShopModels } from '../build/shop-models.ts';
import { Duck, sqlText } from '../duck.ts';
import { type ShopFiles, shopFiles } from '../shop-data.ts';
import { PreviewRefused } from './preview-segment.ts';

export interface ModelsRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly generation: string;
  readonly memoryMb: number;
  readonly threads: number;
}

export interface ServingModels {
  readonly shop: string;
  readonly generation: string;
  /** Local day that the generation was built as of, days since 1970-01-01. */
  readonly day: number;
  readonly models: ShopModels;
  readonly customers: number;
  /** Customers by their number of each rank, of rank 1 to 5; and who has a lifetime value. */
  readonly scored: {
    readonly recency: readonly number[];
    readonly frequency: readonly number[];
    readonly monetary: readonly number[];
    readonly expectedOrders: number;
    readonly value: number;
  };
}

const RANKS = [1, 2, 3, 4, 5];

/** Throws PreviewRefused for a generation that has kept nothing. */
export async function servingModels(request: ModelsRequest): Promise<ServingModels> {
  const { shop, generation } = request;
  const files = shopFiles(request.dir, shop);
  const kept = readKept(files, generation);
  const models = readModels(files, generation);
  if (kept === null || models === null) throw new PreviewRefused(generation, shop);
  await using duck = await openDuck(request, files);
  const ranked = (column: string) =>
    RANKS.map((rank) => `count(*) FILTER (${column} = ${rank})`).join(', ');
  const scores = keptTable(files, kept, 'scores');
  const counts = await duck.numbers(`SELECT ${ranked('rfm_recency')}, ${ranked('rfm_frequency')},
    ${ranked('rfm_monetary')}, count(clv_expected_millionths), count(clv_value_micros),
    (SELECT count(*) FROM ${keptTable(files, kept, 'customers')}) FROM ${scores}`);
  const [expectedOrders, value, customers] = counts.slice(3 * RANKS.length);
  return {
    shop,
    generation,
    day: kept.asOf.day,
    models,
    customers: customers!,
    scored: {
      recency: counts.slice(0, 5),
      frequency: counts.slice(5, 10),
      monetary: counts.slice(10, 15),
      expectedOrders: expectedOrders!,
      value: value!,
    },
  };
}

/** As of the build; null where its tables are not here, or nobody asked for any of it. */
export interface PersonModels {
  readonly scores: Scores | null;
  readonly affinities: readonly Affinity[] | null;
}

export async function personModels(request: ModelsRequest, person: string): Promise<PersonModels> {
  const files = shopFiles(request.dir, request.shop);
  const kept = readKept(files, request.generation);
  const models = readModels(files, request.generation);
  const hasScores = models !== null && (models.rfm !== null || models.clv !== null);
  const hasAffinities = models?.affinities === true;
  if (kept === null || !(hasScores || hasAffinities)) return { scores: null, affinities: null };
  await using duck = await openDuck(request, files);
  return {
    scores: hasScores ? await scoresOf(duck, files, kept, person) : null,
    affinities: hasAffinities ? await affinitiesOf(duck, files, kept, person) : null,
  };
}

async function scoresOf(duck: Duck, files: ShopFiles, kept: Kept, person: string): Promise<Scores> {
  const columns = SCORE_FIELDS.map((field) => SCORE_COLUMNS[field]).join(', ');
  const table = keptTable(files, kept, 'scores');
  const [row] = await duck.rows(
    `SELECT ${columns} FROM ${table} WHERE person = ${sqlText(person)}`,
  );
  const value = (i: number) => (row?.[i] == null ? null : Number(row[i]));
  return Object.fromEntries(SCORE_FIELDS.map((field, i) => [field, value(i)])) as Scores;
}

async function affinitiesOf(
  duck: Duck,
  files: ShopFiles,
  kept: Kept,
  person: string,
): Promise<Affinity[]> {
  const rows = await duck.rows(`SELECT kind, name, share_ppm, place
    FROM ${keptTable(files, kept, 'affinities')} WHERE person = ${sqlText(person)}
    ORDER BY kind, place`);
  return rows.map(([kind, name, sharePpm, place]) => ({
    by: String(kind) as AffinityKind,
    name: String(name),
    sharePpm: Number(sharePpm),
    place: Number(place),
  }));
}

function openDuck({ memoryMb, threads }: ModelsRequest, files: ShopFiles): Promise<Duck> {
  return Duck.open({ memoryMb, threads, tempDir: files.temp, folders: [files.folder] });
}
