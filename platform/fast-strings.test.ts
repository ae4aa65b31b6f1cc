import { expect, it } from 'vitest';
import { hasFastProperties } from './fast-properties.contract.ts';
import { keepStringsFast } from './fast-strings.ts';

function extendString(): void {
  class Marked extends String {}
  expect(new Marked('a').length).toBe(1);
}

it('makes strings fast again after a class has extended String', () => {
  extendString();
  keepStringsFast();
  expect(hasFastProperties(String.prototype)).toBe(true);
});

it('keeps them so when another class does', () => {
  keepStringsFast();
  extendString();
  expect(hasFastProperties(String.prototype)).toBe(true);
});
