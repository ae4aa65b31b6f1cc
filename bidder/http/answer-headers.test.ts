import { expect, it } from 'vitest';
import { acceptsGzip, answerHeaders, versionOrdinal } from './answer-headers.ts';

it('answers in the version of the request, in the latest when it is unknown, and says nothing to nothing', () => {
  const { plain, gzip } = answerHeaders('application/json');
  expect(plain[versionOrdinal('2.3')]).toEqual([
    ['Content-Type', 'application/json'],
    ['x-openrtb-version', '2.3'],
  ]);
  expect(plain[versionOrdinal('')]).toEqual([['Content-Type', 'application/json']]);
  for (const unknown of ['3.0', '2.6-202211', 'x'])
    expect(plain[versionOrdinal(unknown)]![1]).toEqual(['x-openrtb-version', '2.6']);
  expect(gzip[versionOrdinal('2.5')]![2]).toEqual(['Content-Encoding', 'gzip']);
});

it.each([
  ['', false],
  ['gzip', true],
  ['deflate, GZIP;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip; q=0.000, *', false],
  ['*', true],
  ['*;q=0', false],
  ['br, identity', false],
  ['gzipped', false],
])('takes Accept-Encoding %j for %s', (header, takes) => {
  expect(acceptsGzip(header)).toBe(takes);
});
