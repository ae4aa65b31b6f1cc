/**
 * What a test beside a rule says of a person's scores and affinities:
 *
 *   profile: { rfm: { recency: 5 }, clv: { value: 300 USD, p_alive: 0.9 } }
 *   profile: { affinity: { category: { Tea: 0.6, Cups: 0.4 } } }
 */
import type { Affinity, AffinityKind } from '../rules/affinity.ts';
import { SCORE_FIELDS, type ScoreField } from '../rules/score.ts';
import { parseLiteral, type Refusal } from './operand-parser.ts';
import { parseScoreValue } from './score-parser.ts';

/** For people: what may be said. */
export const SCORE_FACTS: readonly string[] = [...SCORE_FIELDS, 'affinity.category.…'];

const AFFINITY = /^affinity\.(category|brand)\.(.+)$/s;

export interface ScoreFacts {
  readonly scores: Partial<Record<ScoreField, number>>;
  /** In no order; see ranked(). */
  readonly shares: Omit<Affinity, 'place'>[];
}

/** Adds the fact; what is wrong with it, or null. False for a fact of another kind. */
export function addScoreFact(
  field: string,
  value: unknown,
  facts: ScoreFacts,
  currency: string,
): Refusal | null | false {
  if ((SCORE_FIELDS as readonly string[]).includes(field)) {
    const parsed = parseScoreValue(field as ScoreField, value, currency);
    if (typeof parsed !== 'number') return parsed;
    facts.scores[field as ScoreField] = parsed;
    return null;
  }
  const named = AFFINITY.exec(field);
  if (named === null) return false;
  const sharePpm = parseLiteral('share', value, currency);
  if (typeof sharePpm !== 'number') return sharePpm;
  facts.shares.push({ by: named[1] as AffinityKind, name: named[2]!, sharePpm });
  return null;
}

/** With their places, as a build gives them: by share, equal ones by name. */
export function ranked(shares: ScoreFacts['shares']): Affinity[] {
  const sorted = shares.toSorted((a, b) => b.sharePpm - a.sharePpm || (a.name < b.name ? -1 : 1));
  return sorted.map((one) => ({
    ...one,
    place: sorted.filter(({ by }) => by === one.by).indexOf(one) + 1,
  }));
}
