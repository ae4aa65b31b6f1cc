/** Schema issues as sentences for people: what was expected, what was found, what to write. */
import type { z } from 'zod';
import { closest } from './edit-distance.ts';

export interface Finding {
  readonly path: readonly (string | number)[];
  /** Point at the key instead of its value. */
  readonly atKey: boolean;
  readonly message: string;
  readonly suggestion?: string;
}

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

const SHOWN_CHARS = 60;

/** Every issue of a failed parse; `data` is what was parsed. */
export function describeIssues(
  issues: readonly Issue[],
  schema: z.ZodType,
  data: unknown,
): readonly Finding[] {
  return issues.flatMap((issue) => describeIssue(issue, schema, data));
}

function describeIssue(issue: Issue, schema: z.ZodType, data: unknown): readonly Finding[] {
  const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
  const value = valueAt(data, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, path, schema));
  }
  if (issue.code === 'invalid_key') {
    const expected = issue.issues.map(({ message }) => message).join(', ');
    return [{ path, atKey: true, message: `${expected}, got ${show(path.at(-1))}` }];
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = deepest(issue.errors);
    return branch.flatMap((inner) =>
      describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, schema, data),
    );
  }
  if (value === undefined && path.length > 0) {
    return [{ path, atKey: false, message: `is missing: ${expectation(issue, schema)}` }];
  }
  const message = `${expectation(issue, schema)}, got ${show(value)}`;
  const suggestion = suggestFor(issue, value);
  return [{ path, atKey: false, message, ...(suggestion === undefined ? {} : { suggestion }) }];
}

function unknownKey(key: string, path: Path, schema: z.ZodType): Finding {
  const known = knownKeys(schema, path);
  const near = closest(key, known);
  const allowed = known.length > 0 ? `; known keys: ${known.join(', ')}` : '';
  return {
    path: [...path, key],
    atKey: true,
    message: `unknown key${allowed}`,
    ...(near === undefined ? {} : { suggestion: near }),
  };
}

/** The union's branch that got furthest is the one the writer meant. */
function deepest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (branch: readonly Issue[]) =>
    Math.max(...branch.map((issue) => issue.path.length), -1);
  return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
}

function expectation(issue: Issue, schema: z.ZodType): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'number' && isWhole(schema, issue.path.map(String))) {
        return `expected ${TYPE_NAMES['int']}`;
      }
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_small':
      return `expected ${bound(issue.origin, 'at least', issue.minimum, issue.inclusive)}`;
    case 'too_big':
      return `expected ${bound(issue.origin, 'at most', issue.maximum, issue.inclusive)}`;
    default:
      return issue.message;
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with "key: value" lines',
  record: 'a section with "key: value" lines',
};

function bound(
  origin: string,
  word: 'at least' | 'at most',
  limit: number | bigint,
  inclusive: boolean | undefined,
): string {
  const open = word === 'at least' ? 'more than' : 'less than';
  const unit = UNITS[origin] ?? '';
  return `${inclusive === false ? open : word} ${limit}${unit}`;
}

const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

function suggestFor(issue: Issue, value: unknown): string | undefined {
  if (issue.code === 'custom') return textOf(issue.params?.['suggestion']);
  if (typeof value !== 'string') return undefined;
  if (issue.code === 'invalid_value') return closest(value, issue.values.map(String));
  if (issue.code === 'invalid_type' && NUMERIC.has(issue.expected)) {
    return /-?\d+(\.\d+)?/.exec(value)?.[0];
  }
  return undefined;
}

/** A check of our own may say what to write instead: `params: { suggestion }`. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

const NUMERIC = new Set<string>(['int', 'number']);

/** A text where z.int() stands is reported as "not a number"; the writer wants to hear "whole". */
function isWhole(schema: z.ZodType, path: Path): boolean {
  return schemasAt([schema], path).some((inner) => defOf(inner).format === 'safeint');
}

/** A value as people wrote it, cut short. */
function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key)
      ? (value as Record<string | number, unknown>)[key]
      : undefined;
  }
  return value;
}

interface SchemaDef {
  readonly format?: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly type?: string;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

function knownKeys(schema: z.ZodType, path: Path): readonly string[] {
  const objects = schemasAt([schema], path).map((inner) => defOf(inner).shape ?? {});
  return [...new Set(objects.flatMap((shape) => Object.keys(shape)))];
}

function schemasAt(schemas: readonly z.ZodType[], path: Path): readonly z.ZodType[] {
  const plain = schemas.flatMap(unwrapped);
  const [key, ...rest] = path;
  if (key === undefined) return plain;
  const inner = plain.flatMap((schema) => {
    const def = defOf(schema);
    const next = def.element ?? def.valueType ?? def.shape?.[String(key)];
    return next === undefined ? [] : [next];
  });
  return schemasAt(inner, rest);
}

/** Through optional, default, transform, preprocess and union to what they are made of. */
function unwrapped(schema: z.ZodType): readonly z.ZodType[] {
  const def = defOf(schema);
  if (def.options !== undefined) return def.options.flatMap(unwrapped);
  const prepared = def.in !== undefined && defOf(def.in).type === 'transform';
  const inner = def.innerType ?? (prepared ? def.out : def.in);
  return inner === undefined ? [schema] : unwrapped(inner);
}

function defOf(schema: z.ZodType): SchemaDef {
  return schema.def as SchemaDef;
}
