import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SupplyPath } from '../auction/supply-path.ts';
import { parseAdsTxt } from './parse-ads-txt.ts';
import {
  ownersFile,
  relationshipOf,
  type SupplyIndex,
  SupplyIndexBuilder,
} from './supply-index.ts';

const file = parseAdsTxt('ssp.example,1,DIRECT\nssp.example,1,RESELLER\nother.example,2,RESELLER');

function ownerOf(index: SupplyIndex, path: Partial<SupplyPath>, bundle = ''): number {
  const none = { site: '', store: '', publisher: '', partner: '', chain: null };
  return ownersFile(index, { ...none, ...path }, bundle);
}

describe('the file of an owner', () => {
  it('is that of the longest name that has one', () => {
    const builder = new SupplyIndexBuilder(1, null);
    builder.addAdsTxt('site', 'a.example', file);
    builder.addAdsTxt('site', 'news.a.example', file);
    const index = builder.index();
    const found = (site: string) => ownerOf(index, { site });
    expect(['a.example', 'www.a.example', 'a.b.a.example'].map(found)).toEqual([1, 1, 1]);
    expect(['news.a.example', 'm.news.a.example'].map(found)).toEqual([2, 2]);
    expect(['aa.example', 'example', 'a.example.com', '..', ''].map(found)).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it('is that of the developer of an app, in its store or in any', () => {
    const builder = new SupplyIndexBuilder(1, null);
    for (const developer of ['one.example', 'two.example'])
      builder.addAdsTxt('developer', developer, file);
    builder.addApps([
      { bundle: 'com.app', store: 'play.google.com', developer: 'one.example' },
      { bundle: 'com.app', store: 'play.google.com', developer: 'two.example' },
      { bundle: 'com.app', store: '', developer: 'two.example' },
      { bundle: '123', store: 'apps.apple.com', developer: 'one.example' },
      { bundle: '456', store: '', developer: 'unfetched.example' },
    ]);
    const index = builder.index();
    expect(ownerOf(index, { store: 'play.google.com' }, 'com.app')).toBe(1);
    expect(ownerOf(index, { store: 'store.example' }, 'com.app')).toBe(2);
    expect(ownerOf(index, {}, 'com.app')).toBe(2);
    expect(ownerOf(index, { store: 'apps.apple.com' }, '123')).toBe(1);
    expect(ownerOf(index, {}, '123')).toBe(0);
    expect(ownerOf(index, {}, '456')).toBe(0);
    expect(ownerOf(index, { site: 'one.example' })).toBe(0);
  });

  it('is none when it says nothing', () => {
    const builder = new SupplyIndexBuilder(1, null);
    builder.addAdsTxt('site', 'a.example', parseAdsTxt('CONTACT=me\n'));
    builder.addAdsTxt('site', 'b.example', parseAdsTxt('placeholder.example.com,x,DIRECT'));
    const index = builder.index();
    expect(ownerOf(index, { site: 'a.example' })).toBe(0);
    expect(ownerOf(index, { site: 'b.example' })).toBe(1);
  });
});

it('keeps records of the systems that are asked for, with both relationships', () => {
  const builder = new SupplyIndexBuilder(1, new Set(['ssp.example']));
  builder.addAdsTxt('site', 'a.example', file);
  const index = builder.index();
  expect(relationshipOf(index, 1, 'ssp.example', '1')).toBe(3);
  expect(relationshipOf(index, 1, 'other.example', '2')).toBe(0);
});

it('finds what was put in and nothing else, whatever the seed', () => {
  const texts = fc.string({ maxLength: 6 });
  const pairs = fc.uniqueArray(fc.tuple(texts, texts), {
    minLength: 2,
    maxLength: 3000,
    selector: (pair) => JSON.stringify(pair),
  });
  fc.assert(
    fc.property(fc.integer(), pairs, (seed, all) => {
      const half = all.length >> 1;
      const builder = new SupplyIndexBuilder(seed, null);
      const records = all.slice(0, half).map(([system, account]) => ({
        system,
        account,
        relationship: 1 as const,
      }));
      builder.addAdsTxt('site', 'a.example', { ...file, records });
      const index = builder.index();
      const found = all.map(([system, account]) => relationshipOf(index, 1, system, account));
      expect(found).toEqual(all.map((_, i) => (i < half ? 1 : 0)));
    }),
    { numRuns: 30 },
  );
});
