/**
 * Conditions on what a customer spends most on: shares by category and by brand (docs/models.md).
 * Somebody of whose spend nothing is known by category, respectively by brand, meets none; of the
 * others a category that they have not bought from has the share 0.
 */
import { COMPARES, type Comparison, SQL_OPERATORS } from './comparison.ts';
import { quoted } from './sql-text.ts';

export type AffinityKind = 'category' | 'brand';

/** One category or brand that a person has spent on. */
export interface Affinity {
  readonly by: AffinityKind;
  readonly name: string;
  /** Of what the person has spent on goods whose category, respectively brand, is known. */
  readonly sharePpm: number;
  /** 1 is what most was spent on; of equal ones the first by name. */
  readonly place: number;
}

export const NO_AFFINITIES: readonly Affinity[] = [];

export type AffinityTest =
  | {
      readonly kind: 'share';
      readonly name: string;
      readonly op: Comparison;
      readonly sharePpm: number;
    }
  /** Whether the one that most was spent on is, respectively is not, one of these. */
  | {
      readonly kind: 'favourite';
      readonly quantifier: 'any_of' | 'none_of';
      readonly names: readonly string[];
    };

/** Whether the affinities of a person meet a test on those of one kind. */
export function affinityHolds(
  by: AffinityKind,
  test: AffinityTest,
  affinities: readonly Affinity[],
): boolean {
  const favourite = affinities.find((one) => one.by === by && one.place === 1);
  if (favourite === undefined) return false;
  if (test.kind === 'favourite') {
    return test.names.includes(favourite.name) === (test.quantifier === 'any_of');
  }
  return COMPARES[test.op](shareOf(by, test.name, affinities), test.sharePpm);
}

/** Parts per million. */
export function shareOf(by: AffinityKind, name: string, affinities: readonly Affinity[]): number {
  return affinities.find((one) => one.by === by && one.name === name)?.sharePpm ?? 0;
}

/** The same of customer `c`. */
export function affinitySql(by: AffinityKind, test: AffinityTest): string {
  const people = (condition: string) =>
    `SELECT f.person FROM affinities f WHERE f.kind = '${by}' AND ${condition}`;
  if (test.kind === 'favourite') {
    const word = test.quantifier === 'any_of' ? 'IN' : 'NOT IN';
    const names = [...new Set(test.names)].map(quoted).join(', ');
    return `(c.person IN (${people(`f.place = 1 AND f.name ${word} (${names})`)}))`;
  }
  const { name, op, sharePpm } = test;
  const share = `f.share_ppm ${SQL_OPERATORS[op]} ${sharePpm}`;
  const named = `f.name = ${quoted(name)}`;
  if (!COMPARES[op](0, sharePpm)) return `(c.person IN (${people(`${named} AND ${share}`)}))`;
  // Whoever has no row of that name has a share of 0, which matches.
  const others = people(`${named} AND NOT (${share})`);
  return `(c.person IN (${people('f.place = 1')}) AND c.person NOT IN (${others}))`;
}
