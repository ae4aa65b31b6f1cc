import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { LinkFilter, linkFilterBytes } from './link-filter.ts';

/** As uniformly random as an identity key. */
function identity(i: number): string {
  return createHash('sha256').update(String(i)).digest('base64url').slice(0, 16);
}

it('never denies what was added, and seldom lets pass what was not', () => {
  for (const count of [1, 100, 50_000]) {
    const bytes = new SharedArrayBuffer(linkFilterBytes(count));
    const filter = new LinkFilter(bytes);
    for (let i = 0; i < count; i++) filter.add(identity(i));
    const reader = new LinkFilter(bytes);
    for (let i = 0; i < count; i++) expect(reader.mayLink(identity(i))).toBe(true);
    let passed = 0;
    for (let i = 0; i < 20_000; i++) if (reader.mayLink(identity(1_000_000 + i))) passed++;
    expect(passed / 20_000).toBeLessThan(0.01);
  }
});

it('lets nobody pass when nobody is linked', () => {
  const filter = new LinkFilter(new ArrayBuffer(linkFilterBytes(0)));
  expect(Array.from({ length: 100 }, (_, i) => filter.mayLink(identity(i)))).not.toContain(true);
});

it('takes a place in every block', () => {
  const bytes = new ArrayBuffer(linkFilterBytes(10_000));
  const filter = new LinkFilter(bytes);
  for (let i = 0; i < 10_000; i++) filter.add(identity(i));
  const words = new Int32Array(bytes);
  for (let block = 0; block < words.length; block += 16) {
    expect(words.subarray(block, block + 16).some((word) => word !== 0)).toBe(true);
  }
});

it('takes 1.5 bytes an identity', () => {
  expect(linkFilterBytes(1_000_000)).toBe(1_500_032);
});

it('refuses bytes that are no filter', () => {
  for (const length of [0, 63, 100]) {
    expect(() => new LinkFilter(new ArrayBuffer(length))).toThrow('not whole blocks');
  }
});
