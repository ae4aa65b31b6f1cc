import { expect, it } from 'vitest';
import { route } from './http-talk.contract.ts';
import { Router } from './router.ts';

const router = new Router([
  route('GET', '/bid/health', () => {}),
  route('POST', '/bid/:exchange', () => {}),
  route('ANY', '/n/:kind/:token', () => {}),
  route('GET', '/', () => {}),
  route('POST', '/', () => {}),
  route('HEAD', '/', () => {}),
]);

/** `pattern [params]`, or what stands in the way. */
function found(method: string, path: string): string {
  const match = router.find(path);
  if (match === null) return 'no path';
  const route = match.path.route(method);
  return route === undefined
    ? `no method, allow ${match.path.allow}`
    : `${route.method} ${route.pattern} [${match.params.join('|')}]`;
}

const cases: readonly [string, string, string][] = [
  ['GET', '/bid/health', 'GET /bid/health []'],
  ['POST', '/bid/acme', 'POST /bid/:exchange [acme]'],
  ['POST', '/bid/a%2Fb%20c', 'POST /bid/:exchange [a/b c]'],
  ['POST', '/bid/%D0%BF', 'POST /bid/:exchange [п]'],
  ['POST', '/bid/%E0%A4%A', 'no path'],
  ['POST', '/bid/', 'no path'],
  ['POST', '/bid', 'no path'],
  ['POST', '/bid/a/', 'no path'],
  ['POST', '/bid/a/b', 'no path'],
  ['POST', '//bid/a', 'no path'],
  ['POST', '/Bid/a', 'no path'],
  ['POST', '', 'no path'],
  ['POST', '*', 'no path'],
  ['PUT', '/n/win/t.k', 'ANY /n/:kind/:token [win|t.k]'],
  ['HEAD', '/n/win/t', 'ANY /n/:kind/:token [win|t]'],
  ['HEAD', '/bid/health', 'GET /bid/health []'],
  ['HEAD', '/', 'HEAD / []'],
  ['get', '/', 'no method, allow GET, POST, HEAD'],
  ['GET', '/bid/acme', 'no method, allow POST'],
  ['POST', '/bid/health', 'no method, allow GET, HEAD'],
];

it.each(cases)('%s %s is %s', (method, path, expected) => {
  expect(found(method, path)).toBe(expected);
});

it('refuses a route twice and a pattern that is not absolute', () => {
  const twice = [route('GET', '/a', () => {}), route('GET', '/a', () => {})];
  expect(() => new Router(twice)).toThrow('route GET /a is given twice');
  expect(() => new Router([route('GET', 'a', () => {})])).toThrow('must begin with /');
});
