import type { Route } from './http-port.ts';

const DIGITS = /^[0-9]{1,15}$/;

/**
 * The status that refuses a body before it is read, or 0. `contentLength` is '' where the header is
 * absent or empty.
 */
export function refusalOf(route: Route, contentLength: string): 0 | 400 | 413 {
  if (contentLength === '') return route.method === 'POST' && route.bodyBytesMax > 0 ? 400 : 0;
  if (!DIGITS.test(contentLength)) return 400;
  return Number(contentLength) > route.bodyBytesMax ? 413 : 0;
}
