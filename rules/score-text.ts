/** Conditions on scores and affinities in words: what an explanation shows. */
import { formatMicros } from '../proto/micros.ts';
import { shareOf } from './affinity.ts';
import { SYMBOLS } from './comparison.ts';
import type { Facts } from './facts.ts';
import type { Rule } from './rule.ts';
import type { ScoreField } from './score.ts';

type ScoreRule = Rule & { kind: 'score' };
type AffinityRule = Rule & { kind: 'affinity' };

const SHOWN = 10;
const PPM_PER_PERCENT = 10_000;
export const FAVOURITES = { category: 'categories.favourite', brand: 'brands.favourite' } as const;

/** `rfm.recency ≥ 4`, `rfm.score any_of 555, 554`. */
export function scoreText({ field, expects: test }: ScoreRule): string {
  if (test.kind === 'compare')
    return `${field} ${SYMBOLS[test.op]} ${scoreNumber(field, test.value)}`;
  return `${field} ${test.quantifier} ${listText(test.values.map(String))}`;
}

/** A score for people; amounts are the shop's currency. */
export function scoreNumber(field: ScoreField, value: number): string {
  switch (field) {
    case 'clv.value':
    case 'clv.expected_orders':
      return formatMicros(value);
    case 'clv.p_alive':
      return `${value / PPM_PER_PERCENT} %`;
    default:
      return String(value);
  }
}

/** The person's own score, or what the last build found where no more than that is known. */
export function scoreValue({ field }: ScoreRule, facts: Facts, matched: boolean): string {
  if (facts.scores === null) return asBuilt(matched);
  const value = facts.scores[field] ?? null;
  return value === null ? 'none' : scoreNumber(field, value);
}

/** `share of category Tea ≥ 50 %`, `categories.favourite any_of Tea`. */
export function affinityText({ by, expects: test }: AffinityRule): string {
  if (test.kind === 'favourite')
    return `${FAVOURITES[by]} ${test.quantifier} ${listText(test.names)}`;
  return `share of ${by} ${test.name} ${SYMBOLS[test.op]} ${percent(test.sharePpm)}`;
}

/** The share asked for and the favourite, or what the last build found. */
export function affinityValue(
  { by, expects: test }: AffinityRule,
  facts: Facts,
  matched: boolean,
): string {
  if (facts.affinities === null) return asBuilt(matched);
  const favourite = facts.affinities.find((one) => one.by === by && one.place === 1);
  if (favourite === undefined) return 'none';
  if (test.kind === 'favourite') return `${favourite.name} (${percent(favourite.sharePpm)})`;
  return percent(shareOf(by, test.name, facts.affinities));
}

function asBuilt(matched: boolean): string {
  return `${matched ? 'met' : 'not met'} as of the last build`;
}

function percent(ppm: number): string {
  return `${ppm / PPM_PER_PERCENT} %`;
}

function listText(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return names.slice(0, SHOWN).join(', ') + more;
}
