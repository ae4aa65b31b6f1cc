/** What we use of a request of uWebSockets.js: dead once the callback that brought it returns. */
export interface UwsRequest {
  getCaseSensitiveMethod(): string;
  getHeader(name: string): string;
  forEach(visit: (name: string, value: string) => void): void;
}

export const NO_HEADERS: readonly string[] = [];

/**
 * The headers a handler may ask for after the request object is gone: the named ones, or all.
 * Null when two Content-Length differ, which shows only in the full list.
 */
export function copyHeaders(
  request: UwsRequest,
  names: readonly string[] | undefined,
): readonly string[] | null {
  if (names !== undefined) {
    if (names.length === 0) return NO_HEADERS;
    const named: string[] = [];
    for (const name of names) named.push(name, request.getHeader(name));
    return named;
  }
  copied = [];
  lengths = 0;
  request.forEach(copyHeader);
  const all = copied;
  return lengths > 1 ? null : all;
}

/** One request's at a time, so that `forEach` needs no closure of its own. */
let copied: string[] = [];
let lengths = 0;
function copyHeader(name: string, value: string): void {
  copied.push(name, value);
  if (name === 'content-length') lengths++;
}
