import { expect, it } from 'vitest';
import { affordableConnections } from './open-files.ts';

const limits = (openFiles: string) =>
  `Limit                     Soft Limit           Hard Limit           Units
Max processes             1024                 1024                 processes
Max open files            ${openFiles.padEnd(20)} 524288               files
`;

it.each([
  ['as many as wanted where files are plenty', limits('65536'), 4096],
  ['an equal share of the files where they are few', limits('1024'), 224],
  ['at least one', limits('100'), 1],
  ['as many as wanted where files have no limit', limits('unlimited'), 4096],
  ['as many as wanted where the system does not say', null, 4096],
])('four listeners hold %s', (_, text, expected) => {
  expect(affordableConnections(4096, 4, text)).toBe(expected);
});

it('reads the limits of this process', () => {
  expect(affordableConnections(2, 1)).toBe(2);
});
