import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openStore } from '../open-store.ts';
import { describeStore } from '../store.contract.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-lmdb-'));

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describeStore('LMDB', () => openStore({ url: '', dir }));
