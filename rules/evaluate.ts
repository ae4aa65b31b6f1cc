/**
 * A rule as a closure for one person: the second execution beside rule-sql.ts. Closures are built
 * once, when rules are loaded; evaluation is integer arithmetic.
 */
import { affinityHolds, NO_AFFINITIES } from './affinity.ts';
import { compileAggregate } from './aggregate-value.ts';
import { attributeHolds } from './attribute.ts';
import {
  type BuiltCondition,
  type BuiltOrdinals,
  conditionKey,
  isBuilt,
  NOTHING_BUILT,
} from './built-conditions.ts';
import { COMPARES } from './comparison.ts';
import type { AsOf, Customer } from './customer.ts';
import { customerFacts, type Facts } from './facts.ts';
import type { Operand, Rule } from './rule.ts';
import { NO_SCORES, scoreHolds } from './score.ts';
import { type StaysRule, staysThrough } from './stays.ts';

export type Condition = (facts: Facts) => boolean;

const THOUSANDTHS = 1000;

/**
 * Whether a customer who is in no segment matches at a moment. Several rules over one person, and
 * rules that refer to segments: rules/memberships.ts.
 */
export function compileRule(rule: Rule): (customer: Customer, asOf: AsOf) => boolean {
  const matches = compileCondition(rule);
  return (customer, asOf) => matches(customerFacts(customer, asOf));
}

/**
 * The rule over facts already made, so that many rules share one pass over a person's orders.
 * `built` has every condition that facts with `built` answer.
 */
export function compileCondition(rule: Rule, built: BuiltOrdinals = NOTHING_BUILT): Condition {
  switch (rule.kind) {
    case 'all':
      return everyOf(compileAll(rule.of, built));
    case 'any':
      return someOf(compileAll(rule.of, built));
    case 'none': {
      const any = someOf(compileAll(rule.of, built));
      return (facts) => !any(facts);
    }
    case 'compare':
      return compileCompare(rule);
    case 'has':
      return compileHas(rule);
    case 'attribute': {
      const { name, test } = rule;
      return compileBuilt(rule, built, (facts) => attributeHolds(name, test, facts));
    }
    case 'aggregate': {
      const holds = compileComparison(rule);
      return isBuilt(rule) ? compileBuilt(rule, built, holds) : holds;
    }
    case 'score': {
      const { field, expects } = rule;
      const holds = (facts: Facts) => scoreHolds(field, expects, facts.scores ?? NO_SCORES);
      return compileBuilt(rule, built, holds);
    }
    case 'affinity': {
      const { by, expects } = rule;
      const holds = (facts: Facts) => affinityHolds(by, expects, facts.affinities ?? NO_AFFINITIES);
      return compileBuilt(rule, built, holds);
    }
    case 'stays':
      return compileStays(rule, built);
    case 'segment': {
      const { segment } = rule;
      return (facts) => facts.segments.has(segment);
    }
  }
}

function compileAll(rules: readonly Rule[], built: BuiltOrdinals): readonly Condition[] {
  return rules.map((rule) => compileCondition(rule, built));
}

/** What the build has found; where the facts themselves are known, whether it `holds`. */
function compileBuilt(rule: BuiltCondition, built: BuiltOrdinals, holds: Condition): Condition {
  const key = conditionKey(rule);
  const ordinal = built.get(key);
  return (facts) => {
    if (facts.built === null) return holds(facts);
    if (ordinal === undefined) throw new Error(`the build did not answer ${key}`);
    return facts.built.includes(ordinal);
  };
}

function compileComparison(rule: Rule & { kind: 'aggregate' }): Condition {
  const measure = compileAggregate(rule);
  const compares = COMPARES[rule.op];
  return (facts) => {
    const value = measure(facts);
    return value !== null && compares(value, rule.value);
  };
}

function compileStays(rule: StaysRule, built: BuiltOrdinals): Condition {
  const holds = someOf(compileAll(rule.of, built));
  const ordinal = built.get(conditionKey(rule));
  return (facts) => {
    if (holds(facts)) return true;
    // Who was nobody's member needs no day: a test beside a rule may not say which it is.
    if (facts.built === null)
      return facts.earlier.length > 0 && staysThrough(rule, facts.earlier, facts.today);
    if (ordinal === undefined)
      throw new Error(`the build did not answer who stays in ${rule.segment}`);
    return facts.built.includes(ordinal);
  };
}

function everyOf(conditions: readonly Condition[]): Condition {
  return (facts) => {
    for (const condition of conditions) if (!condition(facts)) return false;
    return true;
  };
}

function someOf(conditions: readonly Condition[]): Condition {
  return (facts) => {
    for (const condition of conditions) if (condition(facts)) return true;
    return false;
  };
}

function compileCompare(rule: Rule & { kind: 'compare' }): Condition {
  const { field, window, operand } = rule;
  const compares = COMPARES[rule.op];
  if (operand.kind === 'literal') {
    const { value: expected } = operand;
    return (facts) => {
      const value = facts.number(field, window);
      return value !== null && compares(value, expected);
    };
  }
  return (facts) => {
    const value = facts.number(field, window);
    return value !== null && compares(value * THOUSANDTHS, operandThousandths(operand, facts));
  };
}

/** What a field is compared with, in thousandths of the field's unit. */
export function operandThousandths(operand: Operand, facts: Facts): number {
  if (operand.kind === 'literal') return operand.value * THOUSANDTHS;
  const relative = operand.timesThousandths * facts.effectiveCycleHalfDays;
  return Math.max(relative, operand.minHalfDays * THOUSANDTHS);
}

function compileHas(rule: Rule & { kind: 'has' }): Condition {
  const { field } = rule;
  const wanted: ReadonlySet<string> = new Set(rule.names);
  if (rule.quantifier === 'any_of') {
    // A rule may list a thousand names; a person has bought a few.
    return (facts) => {
      for (const name of facts.names(field)) if (wanted.has(name)) return true;
      return false;
    };
  }
  return (facts) => {
    const own = facts.names(field);
    for (const name of wanted) if (!own.includes(name)) return false;
    return true;
  };
}
