/**
 * A YAML file and a schema in; a typed value, or every problem with its line and column, out.
 * Files are bounded in size and aliases, keys are strict, and nothing is guessed: the same file
 * gives the same value or the same problems.
 */
import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isNode, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import { describeIssues, type Finding } from './config-issues.ts';

export const CONFIG_BYTES_MAX = 1_048_576;
const ALIASES_MAX = 100;
const EXCERPT_CHARS = 100;

export interface ConfigProblem {
  /** As the reader knows it, e.g. relative to the workspace. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Keys joined with dots; '' is the whole file. */
  readonly path: string;
  readonly message: string;
  /** What to write instead. */
  readonly suggestion?: string;
  /** The source line with a caret line below it; '' when there is no source to show. */
  readonly excerpt: string;
}

export type ConfigPath = readonly (string | number)[];

/** Knows where in a file each value stands, for checks that a schema cannot make. */
export interface ConfigSource {
  readonly file: string;
  /** Whether the file itself has a value there. */
  has(path: ConfigPath): boolean;
  position(path: ConfigPath): { readonly line: number; readonly column: number };
  problem(path: ConfigPath, message: string, suggestion?: string): ConfigProblem;
  /** The same, pointing at the key itself instead of its value. */
  keyProblem(path: ConfigPath, message: string, suggestion?: string): ConfigProblem;
}

export interface ConfigFile<T> {
  /** Null exactly when there are problems. */
  readonly value: T | null;
  readonly source: ConfigSource;
  readonly problems: readonly ConfigProblem[];
}

/** The configuration cannot be used; `problems` has all that is wrong with it. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(formatProblems(problems));
    this.problems = problems;
  }
}

/** What is checked instead of a file's own keys and values: made of them. */
export type Prepare = (data: Readonly<Record<string, unknown>>) => unknown;

/** Reads and checks a YAML file; `file` is what problems call it. Never throws for bad input. */
export function readConfigFile<S extends z.ZodType>(
  path: string,
  file: string,
  schema: S,
  prepare: Prepare = (data) => data,
): ConfigFile<z.output<S>> {
  const text = readText(path);
  if (typeof text === 'string') return parseConfig(text, file, schema, prepare);
  const source = sourceOf(file, '', null);
  return { value: null, source, problems: [source.problem([], text.unreadable)] };
}

function readText(path: string): string | { readonly unreadable: string } {
  try {
    const { size } = statSync(path);
    if (size > CONFIG_BYTES_MAX) {
      return { unreadable: `the file has ${size} bytes; at most ${CONFIG_BYTES_MAX} are allowed` };
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof TypeError)
      return { unreadable: 'expected YAML, but this is not UTF-8 text' };
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return { unreadable: 'the file does not exist' };
    return { unreadable: `the file cannot be read (${code ?? String(error)})` };
  }
}

/** As readConfigFile, from text already at hand. */
export function parseConfig<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  prepare: Prepare = (data) => data,
): ConfigFile<z.output<S>> {
  const lines = new LineCounter();
  const broken = (finding: { at: number; message: string; suggestion?: string }) => {
    const source = sourceOf(file, text, null);
    const problem = problemAt({ file, text, lines }, finding);
    return { value: null, source, problems: [problem] };
  };
  if (text.includes('\0'))
    return broken({ at: 0, message: 'expected YAML, but this is binary data' });
  let doc: Document;
  let data: unknown;
  try {
    doc = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      merge: false,
      stringKeys: true,
    });
    const error = doc.errors[0] ?? doc.warnings[0];
    if (error !== undefined) return broken({ at: error.pos[0], ...syntaxMessage(error, text) });
    if (doc.contents === null) return broken({ at: 0, message: 'the file is empty' });
    data = doc.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    return broken({ at: 0, message: tooMuchMessage(error) });
  }
  if (!isMap(doc.contents)) return broken({ at: 0, message: notAMapMessage(text) });
  const source = sourceOf(file, text, { doc, lines });
  const checked = prepare(data as Readonly<Record<string, unknown>>);
  const parsed = schema.safeParse(checked);
  if (parsed.success) return { value: parsed.data, source, problems: [] };
  const findings = describeIssues(parsed.error.issues, schema, checked);
  return { value: null, source, problems: findings.map((finding) => located(source, finding)) };
}

function located(source: ConfigSource, finding: Finding): ConfigProblem {
  const report = finding.atKey ? source.keyProblem : source.problem;
  return report(finding.path, finding.message, finding.suggestion);
}

function syntaxMessage(
  error: { readonly code: string; readonly message: string; readonly pos: readonly number[] },
  text: string,
): { message: string } {
  if (/^\s*</.test(text)) return { message: notAMapMessage(text) };
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    return { message: `the key ${JSON.stringify(key)} appears twice` };
  }
  if (error.code === 'MULTIPLE_DOCS') return { message: 'expected one YAML document, got several' };
  return { message: `not valid YAML: ${error.message}` };
}

function tooMuchMessage(error: unknown): string {
  if (error instanceof ReferenceError) {
    return `too many YAML aliases (at most ${ALIASES_MAX}), or one without its anchor`;
  }
  if (error instanceof RangeError) return 'the file is nested too deeply';
  throw error;
}

function notAMapMessage(text: string): string {
  const kind = /^\s*</.test(text) ? 'this looks like HTML or XML' : 'this is plain text or a list';
  return `expected YAML with "key: value" lines, but ${kind}`;
}

interface Parsed {
  readonly doc: Document;
  readonly lines: LineCounter;
}

function sourceOf(file: string, text: string, parsed: Parsed | null): ConfigSource {
  const lines = parsed?.lines ?? new LineCounter();
  const report = (offset: (path: ConfigPath) => number): ConfigSource['problem'] => {
    return (path, message, suggestion) =>
      problemAt(
        { file, text, lines },
        { at: offset(path), path, message, ...(suggestion === undefined ? {} : { suggestion }) },
      );
  };
  const valueOffset = (path: ConfigPath) => (parsed ? offsetOf(parsed.doc, path) : 0);
  const keyOffset = (path: ConfigPath) => (parsed ? offsetOfKey(parsed.doc, path) : 0);
  return {
    file,
    has: (path) => parsed?.doc.hasIn(path) ?? false,
    position: (path) => linePosition(lines, keyOffset(path)),
    problem: report(valueOffset),
    keyProblem: report(keyOffset),
  };
}

/** Where a value begins; where it is absent, where its nearest parent begins. */
function offsetOf(doc: Document, path: ConfigPath): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? doc.contents : doc.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function offsetOfKey(doc: Document, path: ConfigPath): number {
  const parent = path.length === 0 ? null : doc.getIn(path.slice(0, -1), true);
  const map = path.length === 1 ? doc.contents : parent;
  if (isMap(map)) {
    const pair = (map as YAMLMap).items.find(({ key }) => String(key) === String(path.at(-1)));
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  return offsetOf(doc, path);
}

function linePosition(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function problemAt(
  origin: { readonly file: string; readonly text: string; readonly lines: LineCounter },
  finding: { at: number; path?: ConfigPath; message: string; suggestion?: string },
): ConfigProblem {
  const { line, column } = linePosition(origin.lines, finding.at);
  return {
    file: origin.file,
    line,
    column,
    path: printable((finding.path ?? []).join('.')),
    message: printable(finding.message),
    ...(finding.suggestion === undefined ? {} : { suggestion: printable(finding.suggestion) }),
    excerpt: excerptOf(origin.text, line, column),
  };
}

function excerptOf(text: string, line: number, column: number): string {
  const whole = text.split('\n')[line - 1];
  if (whole === undefined || whole.trim() === '') return '';
  const from = Math.max(0, column - 1 - EXCERPT_CHARS / 2);
  const shown = printable(whole.slice(from, from + EXCERPT_CHARS));
  const start = column - 1 - from;
  const token = /^("[^"]*"?|'[^']*'?|[^\s,}\]#]+)/.exec(shown.slice(start))?.[0] ?? '^';
  const label = String(line).padStart(5);
  return `${label} │ ${shown}\n${' '.repeat(5)} │ ${' '.repeat(start)}${'^'.repeat(token.length)}`;
}

/** Control characters of a file must not reach the reader's terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/** All problems as text for a terminal: position, path, what was expected, suggestion, source. */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(formatProblem).join('\n');
}

function formatProblem(problem: ConfigProblem): string {
  const where = `${problem.file}:${problem.line}:${problem.column}`;
  const parts = [where, problem.path, problem.message].filter((part) => part !== '');
  const suggestion =
    problem.suggestion === undefined ? '' : `   did you mean ${problem.suggestion}?`;
  const excerpt = problem.excerpt === '' ? '' : `\n${problem.excerpt}`;
  return `${parts.join('  ')}${suggestion}${excerpt}`;
}
