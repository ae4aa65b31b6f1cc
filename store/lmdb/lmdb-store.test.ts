import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { blanksFor } from '../blanks.contract.ts';
import { newRead, readOnce } from '../hot-reads.contract.ts';
import { openStore } from '../open-store.ts';
import { describeStore } from '../store.contract.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-lmdb-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openStore({ url: '', dir });
describeStore('LMDB', open);

it('holds no blanks, since a reservation costs no journey', async () => {
  await using store = await open();
  expect(store.hot.holdsBlanks).toBe(false);
  const read = await readOnce(store, newRead({ person: 'anna', blanks: blanksFor(1) }));
  expect(read).toMatchObject({ held: false, exposures: null, failed: false });
});
