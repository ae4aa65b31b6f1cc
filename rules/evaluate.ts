/**
 * A rule as a closure for one person: the second execution beside rule-sql.ts. Closures are built
 * once, when rules are loaded; evaluation is integer arithmetic.
 */
import type { AsOf, Customer } from './customer.ts';
import { customerFacts, type Facts } from './facts.ts';
import type { Comparison, Operand, Rule } from './rule.ts';

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

/** The rule over facts already made, so that many rules share one pass over a person's orders. */
export function compileCondition(rule: Rule): Condition {
  switch (rule.kind) {
    case 'all':
      return everyOf(rule.of.map(compileCondition));
    case 'any':
      return someOf(rule.of.map(compileCondition));
    case 'none': {
      const any = someOf(rule.of.map(compileCondition));
      return (facts) => !any(facts);
    }
    case 'compare':
      return compileCompare(rule);
    case 'has':
      return compileHas(rule);
    case 'segment': {
      const { segment } = rule;
      return (facts) => facts.segments.has(segment);
    }
  }
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

const COMPARES: Readonly<Record<Comparison, (value: number, expected: number) => boolean>> = {
  gt: (value, expected) => value > expected,
  gte: (value, expected) => value >= expected,
  lt: (value, expected) => value < expected,
  lte: (value, expected) => value <= expected,
  eq: (value, expected) => value === expected,
  ne: (value, expected) => value !== expected,
};

/** What a field is compared with, in thousandths of the field's unit. */
export function operandThousandths(operand: Operand, facts: Facts): number {
  if (operand.kind === 'literal') return operand.value * THOUSANDTHS;
  const relative = operand.timesThousandths * facts.effectiveCycleHalfDays;
  return Math.max(relative, operand.minHalfDays * THOUSANDTHS);
}

function compileHas(rule: Rule & { kind: 'has' }): Condition {
  const { field, names } = rule;
  const wanted = names.map(
    (name): Condition =>
      (facts) =>
        facts.has(field, name),
  );
  return rule.quantifier === 'any_of' ? someOf(wanted) : everyOf(wanted);
}
