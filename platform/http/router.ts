import type { Route } from './http-port.ts';

/** All routes of one pattern. `allow` is the value of the Allow header of a 405. */
export interface RoutedPath {
  readonly allow: string;
  /** Undefined when the pattern does not answer this method. */
  route(method: string): Route | undefined;
}

export interface RouteMatch {
  readonly path: RoutedPath;
  readonly params: readonly string[];
}

const NO_PARAMS: readonly string[] = [];

/**
 * The routing both HTTP adapters share, so that they cannot disagree. Literal patterns win over
 * patterns with `:name` parts, which are tried in the order given.
 */
export class Router {
  readonly #literal = new Map<string, RouteMatch>();
  readonly #patterns: { parts: readonly string[]; path: PathRoutes }[] = [];

  /** Throws when a pattern is not absolute or a method is given twice for one pattern. */
  constructor(routes: readonly Route[]) {
    const paths = new Map<string, PathRoutes>();
    for (const route of routes) {
      const known = paths.get(route.pattern);
      const path = known ?? new PathRoutes(route.pattern);
      path.add(route);
      if (known === undefined) {
        paths.set(route.pattern, path);
        this.#place(route.pattern, path);
      }
    }
  }

  /** Null when no pattern fits, or when a `:name` part is not valid percent-encoding. */
  find(path: string): RouteMatch | null {
    const literal = this.#literal.get(path);
    if (literal !== undefined) return literal;
    for (const pattern of this.#patterns) {
      const params = matchParts(pattern.parts, path);
      if (params !== null) return { path: pattern.path, params };
    }
    return null;
  }

  #place(pattern: string, path: PathRoutes): void {
    if (!pattern.startsWith('/')) throw new Error(`route pattern ${pattern} must begin with /`);
    if (pattern.includes('/:')) this.#patterns.push({ parts: pattern.slice(1).split('/'), path });
    else this.#literal.set(pattern, { path, params: NO_PARAMS });
  }
}

class PathRoutes implements RoutedPath {
  readonly #pattern: string;
  readonly #methods = new Map<string, Route>();
  allow = '';

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  add(route: Route): void {
    if (this.#methods.has(route.method))
      throw new Error(`route ${route.method} ${this.#pattern} is given twice`);
    this.#methods.set(route.method, route);
    const answered = new Set(this.#methods.keys());
    if (answered.has('GET')) answered.add('HEAD');
    this.allow = [...answered].join(', ');
  }

  route(method: string): Route | undefined {
    const exact = this.#methods.get(method);
    if (exact !== undefined) return exact;
    const got = method === 'HEAD' ? this.#methods.get('GET') : undefined;
    return got ?? this.#methods.get('ANY');
  }
}

function matchParts(parts: readonly string[], path: string): readonly string[] | null {
  const params: string[] = [];
  let start = 1;
  for (let i = 0; i < parts.length; i++) {
    const slash = path.indexOf('/', start);
    const last = i === parts.length - 1;
    if (last !== (slash === -1)) return null;
    const value = last ? path.slice(start) : path.slice(start, slash);
    start = slash + 1;
    const part = parts[i]!;
    if (!part.startsWith(':')) {
      if (part !== value) return null;
      continue;
    }
    const param = decodeParam(value);
    if (param === null) return null;
    params.push(param);
  }
  return params;
}

function decodeParam(value: string): string | null {
  if (value === '') return null;
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}
