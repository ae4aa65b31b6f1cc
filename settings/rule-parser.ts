/**
 * The rule part of a segment file as a typed tree: `all`, `any` and `none` of conditions, nested.
 * Several keys side by side must all hold.
 */
import type { ConfigPath, ConfigProblem } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import { NAME_PATTERN } from '../proto/ids.ts';
import type { Comparison } from '../rules/comparison.ts';
import { type NumberField, type Rule, SET_FIELDS, type SetField } from '../rules/rule.ts';
import type { Window } from '../rules/window.ts';
import { parseAggregates } from './aggregate-parser.ts';
import { ATTRIBUTE_OPERATORS, attributeName, parseAttributeTest } from './attribute-parser.ts';
import { impossibleConditions } from './impossible-rules.ts';
import { fieldType, parseOperand } from './operand-parser.ts';
import {
  isSection,
  parseNames,
  positionOf,
  type RuleOrigin,
  type RuleReading,
  refusalAt,
} from './rule-reading.ts';
import {
  GROUPS,
  KNOWN,
  meantOperator,
  NUMBER_FIELDS,
  OPERATORS,
  QUANTIFIERS,
  WINDOW_WORDS,
} from './rule-words.ts';
import { parseScored, type ScoredPart } from './score-parser.ts';
import type { SegmentReference } from './segment-reference.ts';
import { parseWindow, WINDOW_KEYS } from './window-parser.ts';

const DEPTH_MAX = 8;
const CONDITIONS_MAX = 200;

/**
 * Reads the groups of a segment file. `problems` empty means that the rule is sound; otherwise the
 * rule is only what could be read.
 */
export function parseRule(
  groups: Readonly<Record<string, unknown>>,
  origin: RuleOrigin,
): {
  readonly rule: Rule;
  readonly references: readonly SegmentReference[];
  readonly problems: readonly ConfigProblem[];
} {
  const reading: RuleReading = { ...origin, problems: [], paths: new Map(), references: [] };
  const rule = parseNode(groups, [], reading);
  if (reading.paths.size > CONDITIONS_MAX) {
    const message = `the rule has ${reading.paths.size} conditions; at most ${CONDITIONS_MAX} are allowed`;
    reading.problems.push(origin.source.problem([], message));
  }
  for (const { condition, reason } of impossibleConditions(rule)) {
    reading.problems.push(origin.source.keyProblem(reading.paths.get(condition) ?? [], reason));
  }
  return { rule, references: reading.references, problems: reading.problems };
}

function parseNode(value: unknown, path: ConfigPath, reading: RuleReading): Rule {
  const at = positionOf(path, reading);
  const nothing: Rule = { kind: 'all', of: [], at };
  if (!isSection(value)) {
    const message = 'expected a condition such as "orders.count: { gte: 2 }", or all, any or none';
    reading.problems.push(reading.source.problem(path, message));
    return nothing;
  }
  const parts = Object.entries(value).flatMap(([key, inner]) =>
    parseEntry(key, inner, path, reading),
  );
  if (parts.length === 1) return parts[0]!;
  if (Object.keys(value).length === 0) {
    reading.problems.push(reading.source.problem(path, 'expected at least one condition'));
  }
  return { ...nothing, of: parts };
}

function parseEntry(key: string, value: unknown, path: ConfigPath, reading: RuleReading): Rule[] {
  const inner = [...path, key];
  if ((GROUPS as readonly string[]).includes(key)) {
    return [parseGroup(key as 'all' | 'any' | 'none', value, inner, reading)];
  }
  if (NUMBER_FIELDS.includes(key)) return parseNumber(key as NumberField, value, inner, reading);
  if ((SET_FIELDS as readonly string[]).includes(key)) {
    return parseSet(key as SetField, value, inner, reading);
  }
  if (key === 'orders' || key === 'events') return parseAggregates(key, value, inner, reading);
  const attribute = attributeName(key);
  if (attribute !== null) return parseAttribute(attribute, value, inner, reading);
  if (key === 'segment') return parseReference(value, inner, reading);
  const scored = parseScored(key, value, reading.currency);
  if (scored !== null) return scored.flatMap((part) => placed(part, inner, reading));
  const message = `unknown condition; known: ${KNOWN.join(', ')}`;
  reading.problems.push(reading.source.keyProblem(inner, message, closest(key, KNOWN)));
  return [];
}

function parseGroup(
  kind: 'all' | 'any' | 'none',
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): Rule {
  const at = positionOf(path, reading);
  // Lists sit at every second step of the path.
  if (path.length > DEPTH_MAX * 2) {
    const message = `groups are nested too deeply; at most ${DEPTH_MAX} levels are allowed`;
    reading.problems.push(reading.source.keyProblem(path, message));
    return { kind, of: [], at };
  }
  if (!Array.isArray(value) || value.length === 0) {
    const message = `expected a list of conditions under ${kind}, each after "- "`;
    reading.problems.push(reading.source.problem(path, message));
    return { kind, of: [], at };
  }
  return { kind, of: value.map((item, i) => parseNode(item, [...path, i], reading)), at };
}

function parseNumber(
  field: NumberField,
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): Rule[] {
  if (!isSection(value)) {
    const meant = typeof value === 'number' ? `{ eq: ${value} }` : undefined;
    const message = `expected an operator (${OPERATORS.join(', ')}) such as { gte: 2 }`;
    reading.problems.push(reading.source.problem(path, message, meant));
    return [];
  }
  const window = windowOf(field, value, path, reading);
  const operators = Object.keys(value).filter((key) => !WINDOW_WORDS.includes(key));
  if (operators.length === 0) {
    const message = `expected at least one operator of ${OPERATORS.join(', ')}`;
    reading.problems.push(reading.source.problem(path, message));
  }
  const rules: Rule[] = [];
  for (const op of operators) {
    const inner = [...path, op];
    if (!OPERATORS.includes(op)) {
      reading.problems.push(unknownOperator(field, op, inner, reading));
      continue;
    }
    const operand = parseOperand(field, value[op], reading.currency);
    if (!('kind' in operand)) {
      reading.problems.push(refusalAt(operand, inner, reading));
      continue;
    }
    const at = positionOf(path, reading);
    const rule: Rule = { kind: 'compare', field, window, op: op as Comparison, operand, at };
    reading.paths.set(rule, inner);
    rules.push(rule);
  }
  return rules;
}

function unknownOperator(
  field: string,
  op: string,
  path: ConfigPath,
  { source }: RuleReading,
): ConfigProblem {
  const { known, meant } = meantOperator(field, op);
  return source.keyProblem(path, `${field} takes ${known.join(', ')}, not ${op}`, meant);
}

/** The days that the condition looks at; all time where it does not say. */
function windowOf(
  field: NumberField,
  value: Readonly<Record<string, unknown>>,
  path: ConfigPath,
  reading: RuleReading,
): Window | null {
  const type = fieldType(field);
  const key = WINDOW_KEYS.find((known) => known in value);
  if (key !== undefined && type !== 'count' && type !== 'money') {
    const message = `${key} limits counts and amounts; ${field} always looks at all orders`;
    reading.problems.push(reading.source.keyProblem([...path, key], message));
    return null;
  }
  const window = parseWindow(value, reading.calendar);
  if (window === null || 'kind' in window) return window;
  reading.problems.push(refusalAt(window, [...path, window.window], reading));
  return null;
}

function parseSet(field: SetField, value: unknown, path: ConfigPath, reading: RuleReading): Rule[] {
  if (!isSection(value) || Object.keys(value).length === 0) {
    const message = 'expected any_of or all_of with a list of names';
    reading.problems.push(reading.source.problem(path, message));
    return [];
  }
  const rules: Rule[] = [];
  for (const [quantifier, names] of Object.entries(value)) {
    const inner = [...path, quantifier];
    if (!QUANTIFIERS.includes(quantifier)) {
      reading.problems.push(unknownOperator(field, quantifier, inner, reading));
      continue;
    }
    const at = positionOf(path, reading);
    const rule: Rule = {
      kind: 'has',
      field,
      quantifier: quantifier as 'any_of' | 'all_of',
      names: parseNames(names, inner, reading),
      at,
    };
    reading.paths.set(rule, inner);
    rules.push(rule);
  }
  return rules;
}

function parseAttribute(
  name: string,
  value: unknown,
  path: ConfigPath,
  reading: RuleReading,
): Rule[] {
  if (!isSection(value) || Object.keys(value).length === 0) {
    const message = `expected one of ${ATTRIBUTE_OPERATORS.join(', ')}, such as { gte: 42 }`;
    reading.problems.push(reading.source.problem(path, message));
    return [];
  }
  const at = positionOf(path, reading);
  return Object.entries(value).flatMap(([op, expected]) => {
    const inner = [...path, op];
    const test = parseAttributeTest(op, expected);
    if (!('kind' in test)) {
      reading.problems.push(refusalAt(test, inner, reading));
      return [];
    }
    const rule: Rule = { kind: 'attribute', name, test, at };
    reading.paths.set(rule, inner);
    return [rule];
  });
}

function placed({ path, parsed }: ScoredPart, condition: ConfigPath, reading: RuleReading): Rule[] {
  const inner = [...condition, ...path];
  if (!('kind' in parsed)) {
    reading.problems.push(refusalAt(parsed, inner, reading));
    return [];
  }
  const rule: Rule = { ...parsed, at: positionOf(condition, reading) };
  reading.paths.set(rule, inner);
  return [rule];
}

/** `segment: existing`: whether the person matches another segment. */
function parseReference(value: unknown, path: ConfigPath, reading: RuleReading): Rule[] {
  if (typeof value !== 'string' || !NAME_PATTERN.test(value)) {
    reading.problems.push(reading.source.problem(path, 'expected the name of another segment'));
    return [];
  }
  const at = positionOf(path, reading);
  const rule: Rule = { kind: 'segment', segment: value, at };
  reading.paths.set(rule, path);
  reading.references.push({ segment: value, path, at });
  return [rule];
}
