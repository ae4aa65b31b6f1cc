import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { closeLmdb, openLmdb } from './lmdb-open.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-pages-'));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('maps the file anew after many rows: what is in it stays, and that it is in use stays noted', async () => {
  const env = openLmdb({ dir, clock: systemClock });
  env.write(() => env.profiles.putSync('shop/g/anna', Buffer.from('her profile')));
  const { profiles } = env;
  await env.rowsTouched(99_999);
  expect(env.profiles).toBe(profiles);
  // As whoever closes the file while nobody else has it open.
  rmSync(join(dir, 'in-use'));
  const remapped = env.rowsTouched(1);
  expect(() => env.get(env.profiles, 'shop/g/anna')).toThrow('is closed');
  await remapped;
  expect(env.profiles).not.toBe(profiles);
  expect(env.get(env.profiles, 'shop/g/anna')?.toString()).toBe('her profile');
  env.write(() => env.profiles.putSync('shop/g/boris', Buffer.from('his')));
  expect(existsSync(join(dir, 'in-use'))).toBe(true);
  await closeLmdb(env);
  expect(existsSync(join(dir, 'in-use'))).toBe(false);
});
