import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from './open-store.ts';
// openStore loads it when it is wanted; here before the time of a test runs.
import './redis/redis-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-open-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('openStore', () => {
  it('opens the embedded store below the folder when no URL is given', async () => {
    await using store = await openStore({ url: '', dir });
    expect(store.description).toBe(`LMDB at ${join(dir, 'store')}`);
  });

  it.each(['mysql://root:secret@db', 'secret'])(
    'refuses %s and says what was expected',
    async (url) => {
      const refusal = openStore({ url, dir });
      await expect(refusal).rejects.toThrow('expected nothing (the embedded store), redis://');
      await expect(refusal).rejects.toThrow(/^(?!.*secret)/);
    },
  );

  it('says which folder cannot be opened, and why', async () => {
    writeFileSync(join(dir, 'file'), 'in the way');
    const refusal = openStore({ url: '', dir: join(dir, 'file') });
    await expect(refusal).rejects.toMatchObject({
      name: 'StoreUnavailable',
      message: expect.stringMatching(/^LMDB at .*file\/store failed: .*(ENOTDIR|Not a directory)/i),
    });
  });

  it.each([
    ['redis://127.0.0.1:1', 'Redis at 127.0.0.1:1 is away: '],
    [
      'redis+cluster://127.0.0.1:1,127.0.0.1:2',
      'Redis Cluster at 127.0.0.1:1,127.0.0.1:2 is away: ',
    ],
  ])('gives back %s that is away, which says so when asked', async (url, message) => {
    const startMs = performance.now();
    await using store = await openStore({ url, dir });
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(store.available()).toBe(false);
    await expect(store.ping()).rejects.toThrow(message);
    await expect(store.marks.get('x')).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });
});
