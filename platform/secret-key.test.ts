import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { builtCopy } from './built-copy.contract.ts';
import { loadOrCreateKey } from './secret-key.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rekindle-key-'));
  file = join(folder, 'below', 'signing.key');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes 32 random bytes that only the owner can read, and gives them again', () => {
  const made = loadOrCreateKey(file);
  expect(made.symmetricKeySize).toBe(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(loadOrCreateKey(file).equals(made)).toBe(true);
  expect(loadOrCreateKey(join(folder, 'other.key')).equals(made)).toBe(false);
  expect(readdirSync(join(folder, 'below'))).toEqual(['signing.key']);
});

it.each([0, 31, 33])('refuses a file of %i bytes and leaves it as it is', (bytes) => {
  loadOrCreateKey(file);
  writeFileSync(file, Buffer.alloc(bytes, 7));
  expect(() => loadOrCreateKey(file)).toThrow(`is damaged: ${bytes} bytes, expected 32`);
  expect(readFileSync(file).length).toBe(bytes);
});

it('gives processes that race for it the same key', async () => {
  const built = builtCopy();
  const script = `
    const { loadOrCreateKey } = await import('${built}/platform/secret-key.js');
    while (Date.now() < ${Date.now() + 700});
    console.log(loadOrCreateKey('${file}').export().toString('hex'));`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const ends = await Promise.all(Array.from({ length: 6 }, run));
  const keys = new Set(ends.map(({ stdout }) => stdout.trim()));
  rmSync(built, { recursive: true, force: true });
  expect([...keys]).toEqual([readFileSync(file).toString('hex')]);
});
