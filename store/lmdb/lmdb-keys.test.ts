import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { open } from 'lmdb';
import { afterAll, expect, it } from 'vitest';
import { LmdbEnv, type LmdbTable } from './lmdb-env.ts';
import { type LmdbKey, writePlainKeys } from './lmdb-keys.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-keys-'));
const theirs = open<Buffer, string>({ path: join(dir, 'theirs.lmdb'), encoding: 'binary' });
const root = open<Buffer, string>({ path: join(dir, 'ours.lmdb'), encoding: 'binary' });
const ours = root.openDB<Buffer, string>({ name: 'ours', encoding: 'binary' });
writePlainKeys(ours);

afterAll(async () => {
  await theirs.close();
  await root.close();
  rmSync(dir, { recursive: true });
});

function written(table: object, key: LmdbKey): string {
  const { writeKey } = table as { writeKey(key: LmdbKey, into: Buffer, from: number): number };
  const target = Buffer.alloc(4096, 0xff);
  const end = writeKey(key, target, 8);
  return target.toString('hex', 0, end + 4);
}

const texts = fc.oneof(
  fc.string({ minLength: 1, maxLength: 100 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }),
  fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) }),
);

it('are written as the library writes them, with zeros behind and nothing before', () => {
  const check = (key: string) => {
    expect(written(ours, key)).toBe(written(theirs, key));
  };
  fc.assert(fc.property(texts, check), { numRuns: 500 });
  for (const key of ['', 'a', '/', '\u0000', '\u001b', ' ', '~', '\u007f', 'é', '😀']) check(key);
});

it('in parts are written as the whole', () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), (parts) => {
      expect(written(ours, parts)).toBe(written(theirs, parts.join('/')));
    }),
    { numRuns: 500 },
  );
});

it('are found again, read in order and refused when they are too long', () => {
  const put = (table: LmdbTable, key: string) => table.putSync(key, Buffer.from(key));
  const keys = ['b/2', 'a/1', 'a/é', 'a', '\u0001'];
  for (const key of keys) put(ours, key);
  expect([...ours.getKeys()]).toEqual([...keys].sort());
  expect(ours.get('a/é')?.toString()).toBe('a/é');
  for (const table of [ours, theirs])
    expect(() => put(table, 'x'.repeat(2000))).toThrow('Key size');
});

it('are asked for up to one length, in parts and whole', async () => {
  const env = new LmdbEnv({ dir, clock: { nowMs: () => 0, monotonicMs: () => 0 } });
  const find = (...parts: readonly string[]) => {
    const whole = parts.join('/');
    env.write(() => env.put(env.links, whole, Buffer.from('found')));
    return [env.get(env.links, parts)?.toString(), env.get(env.links, whole)?.toString()];
  };
  expect(find('a'.repeat(255), 'b'.repeat(256))).toEqual(['found', 'found']);
  expect(find('a'.repeat(256), 'b'.repeat(256))).toEqual([undefined, undefined]);
  await env.close();
});
