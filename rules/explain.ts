/**
 * Why a person is or is not in a segment: the rule's own tree, each condition with what it expects,
 * what the person has, where it is written, and the day on which time alone will change it. Every
 * `matched` comes from the closures of evaluate.ts, so an explanation cannot disagree with a bid.
 */
import { formatMicros } from '../proto/micros.ts';
import { aggregateFound, aggregateText } from './aggregate-text.ts';
import { attributeText, attributeValue } from './attribute-text.ts';
import { type BuiltOrdinals, isBuilt } from './built-conditions.ts';
import { SYMBOLS } from './comparison.ts';
import { crossingsOf } from './crossings.ts';
import type { AsOf, Customer } from './customer.ts';
import { changeDays } from './due.ts';
import { compileCondition, operandThousandths } from './evaluate.ts';
import { customerFacts, type Facts } from './facts.ts';
import { dayToDate } from './local-day.ts';
import {
  DAY_FIELDS,
  MONEY_FIELDS,
  type NumberField,
  type Rule,
  SHARE_FIELDS,
  type SourcePosition,
} from './rule.ts';
import { affinityText, affinityValue, scoreText, scoreValue } from './score-text.ts';
import { type StaysRule, staysText, staysUntil } from './stays.ts';
import { windowText } from './window-text.ts';

export interface RuleExplanation {
  readonly kind: Rule['kind'];
  readonly matched: boolean;
  /** `orders.last_days > 90 days`, or for a group `all of`. */
  readonly expected: string;
  /** What the person has; null for a group, `none` where there is no answer. */
  readonly value: string | null;
  readonly at: SourcePosition;
  /** Local date on which the condition changes if no order comes before; null when it never does. */
  readonly changesOn: string | null;
  readonly of: readonly RuleExplanation[];
}

const GROUP_WORDS = { all: 'all of', any: 'any of', none: 'none of' } as const;
const NAMES_SHOWN = 10;
const PPM_PER_PERCENT = 10_000;

/** Who a rule is explained for. */
export interface ExplainedPerson {
  readonly customer: Customer;
  readonly asOf: AsOf;
  /** Names of the segments that the person matches. */
  readonly segments: ReadonlySet<string>;
  /** Of the conditions that `customer.built` answers. */
  readonly built: BuiltOrdinals;
  /** What the build answered them from; null or absent where that is not known here. */
  readonly asBuilt?: { readonly customer: Customer; readonly asOf: AsOf } | null;
}

/** Explains the rule condition by condition; amounts are the shop's currency. */
export function explainRule(rule: Rule, person: ExplainedPerson): RuleExplanation {
  const { customer, asOf } = person;
  const facts = customerFacts(customer, asOf, person.segments);
  const matched = compileCondition(rule, person.built)(facts);
  const found = facts.built === null ? null : foundByBuild(rule, matched, person.asBuilt);
  const common = { kind: rule.kind, matched, at: rule.at, changesOn: null, of: [] };
  switch (rule.kind) {
    case 'all':
    case 'any':
    case 'none': {
      const of = rule.of.map((inner) => explainRule(inner, person));
      return { ...common, expected: GROUP_WORDS[rule.kind], value: null, of };
    }
    case 'attribute':
      return {
        ...common,
        expected: attributeText(rule),
        value: found ?? attributeValue(rule, facts),
      };
    case 'aggregate':
      return {
        ...common,
        expected: aggregateText(rule, found === null ? facts : factsThen(person, facts)),
        value: found ?? aggregateFound(rule, facts),
        changesOn: changeDate(rule, customer, asOf),
      };
    case 'score':
      return { ...common, expected: scoreText(rule), value: scoreValue(rule, facts, matched) };
    case 'affinity':
      return {
        ...common,
        expected: affinityText(rule),
        value: affinityValue(rule, facts, matched),
      };
    case 'compare': {
      const value = facts.number(rule.field, rule.window);
      return {
        ...common,
        expected: expectedText(rule, { customer, facts, asOf }),
        value: value === null ? 'none' : numberText(rule.field, value),
        changesOn: changeDate(rule, customer, asOf),
      };
    }
    case 'has':
      return {
        ...common,
        expected: `${rule.field} ${rule.quantifier} ${listText(rule.names)}`,
        value: heldNames(rule, facts),
      };
    case 'stays': {
      const of = rule.of.map((inner) => explainRule(inner, person));
      return { ...common, expected: staysText(rule), ...staysFound(rule, facts, matched, of), of };
    }
    // The other segment's own explanation has its reasons, and when they change.
    case 'segment':
      return {
        ...common,
        expected: `in segment ${rule.segment}`,
        value: matched ? 'in' : 'out',
      };
  }
}

/** What the last build found of a condition that it answers; null of another one. */
function foundByBuild(
  rule: Rule,
  matched: boolean,
  asBuilt: ExplainedPerson['asBuilt'],
): string | null {
  if (!isBuilt(rule)) return null;
  const outcome = `${matched ? 'met' : 'not met'} as of the last build`;
  if (!asBuilt) return outcome;
  const facts = customerFacts(asBuilt.customer, asBuilt.asOf);
  if (rule.kind === 'attribute') return `${attributeValue(rule, facts)}, ${outcome}`;
  return rule.kind === 'aggregate' ? `${aggregateFound(rule, facts)}, ${outcome}` : outcome;
}

/** Of the moment of the build, where they are known. */
function factsThen({ asBuilt }: ExplainedPerson, facts: Facts): Facts {
  return asBuilt ? customerFacts(asBuilt.customer, asBuilt.asOf) : facts;
}

function heldNames(rule: Rule & { kind: 'has' }, facts: Facts): string {
  const own = facts.names(rule.field);
  const held = rule.names.filter((name) => own.includes(name));
  return held.length === 0 ? 'none of them' : listText(held);
}

function staysFound(
  rule: StaysRule,
  facts: Facts,
  matched: boolean,
  of: readonly RuleExplanation[],
): Pick<RuleExplanation, 'value' | 'changesOn'> {
  if (of.some((inner) => inner.matched)) return { value: 'the rule holds', changesOn: null };
  const until = staysUntil(rule, facts.earlier);
  if (until === null) return { value: matched ? 'in' : 'out', changesOn: null };
  const value = `${matched ? 'stays' : 'stayed'} until ${dayToDate(until)}`;
  return { value, changesOn: matched ? dayToDate(until + 1) : null };
}

type CompareRule = Rule & { kind: 'compare' };
type AggregateRule = Rule & { kind: 'aggregate' };

interface Person {
  readonly customer: Customer;
  readonly facts: Facts;
  readonly asOf: AsOf;
}

function expectedText(rule: CompareRule, person: Person): string {
  const { field, window, op, operand } = rule;
  const start = `${field} ${SYMBOLS[op]}`;
  if (operand.kind === 'literal') {
    const days = window === null ? '' : ` ${windowText(window, person.asOf.day, person.facts)}`;
    return `${start} ${numberText(field, operand.value)}${days}`;
  }
  const bound = numberText(field, operandThousandths(operand, person.facts) / 1000);
  const whose = person.customer.cycleHalfDays === null ? "the shop's" : 'own';
  const cycle = numberText(field, person.facts.effectiveCycleHalfDays);
  const times = `${operand.timesThousandths / 1000} × ${whose} cycle of ${cycle}`;
  const least =
    operand.minHalfDays > 0 ? `, at least ${numberText(field, operand.minHalfDays)}` : '';
  return `${start} ${bound} (${times}${least})`;
}

function numberText(field: NumberField, value: number): string {
  if ((DAY_FIELDS as readonly string[]).includes(field)) return `${value / 2} days`;
  if ((MONEY_FIELDS as readonly string[]).includes(field)) return formatMicros(value);
  if ((SHARE_FIELDS as readonly string[]).includes(field)) return `${value / PPM_PER_PERCENT} %`;
  return String(value);
}

function listText(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}

/** The days on which time alone may change the condition are tried in order with the condition itself. */
function changeDate(
  rule: CompareRule | AggregateRule,
  customer: Customer,
  asOf: AsOf,
): string | null {
  if (isBuilt(rule)) return null;
  const matches = compileCondition(rule);
  const now = matches(customerFacts(customer, asOf));
  for (const day of changeDays(crossingsOf([rule], asOf.day), customer, asOf)) {
    if (matches(customerFacts(customer, { ...asOf, day })) !== now) return dayToDate(day);
  }
  return null;
}
