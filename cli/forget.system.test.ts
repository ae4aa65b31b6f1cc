/** promise 7: forgetting and what is held of a person, as whoever answers a request meets them. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const EXAMPLE = new URL('../examples/coffee-roaster', import.meta.url).pathname;
const SHOP = 'nordlicht';
let dir = '';

function rekindle(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, ...args], {
    env: { ...process.env, REKINDLE_DIR: dir, REKINDLE_STORE_URL: '' },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function importAll() {
  const file = (name: string) => join(dir, 'shops', SHOP, 'crm', name);
  const customers = ['--customers', file('customers.csv'), '--orders', file('orders-2026.csv')];
  const imported = rekindle(
    'import',
    SHOP,
    ...customers,
    '--devices',
    file('devices.csv'),
    '--json',
  );
  expect(imported.stderr).toContain('now has');
  return JSON.parse(imported.stdout);
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-forget-'));
  cpSync(EXAMPLE, dir, { recursive: true });
  importAll();
  expect(rekindle('segment', SHOP).status).toBe(0);
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('tells all that is held of a person, in a file for its owner alone', () => {
  const out = join(dir, 'held.json');
  const asked = ['access', SHOP, '--customer', 'N1002', '--out', out];
  expect(rekindle(...asked)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^of N1002$/m),
  });
  const held = JSON.parse(readFileSync(out, 'utf8'));
  expect(held.places.customers).toHaveLength(1);
  expect(held.places.profiles).toHaveLength(1);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(rekindle(...asked)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('file already exists'),
  });
}, 60_000);

it('forgets by e-mail, says what became of every place, and a later upload brings nobody back', () => {
  const forgotten = rekindle('forget', SHOP, '--email', 'Anke.Dirksen@mail.example', '--json');
  expect(forgotten.status).toBe(0);
  const record = JSON.parse(forgotten.stdout);
  const stateOf = Object.fromEntries(
    record.places.map(({ place, state }: { place: string; state: string }) => [place, state]),
  );
  expect(stateOf).toMatchObject({
    customers: 'done',
    orders: 'done',
    profiles: 'done',
    links: 'done',
    'event log': 'nothing there',
    'files in crm/': 'kept',
  });
  expect(importAll().suppressed.customers).toBe(1);
  const data = join(dir, 'data');
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
    const file = join(data, name);
    if (!statSync(file).isFile()) continue;
    expect(readFileSync(file, 'latin1'), name).not.toMatch(/anke\.dirksen|N1001|23125 000/i);
  }
  const { requests } = JSON.parse(rekindle('forget', SHOP, '--status', '--json').stdout);
  expect(requests).toHaveLength(1);
  expect(rekindle('forget', SHOP, '--status').stdout).toMatch(/✓ request \w{16} of/);
}, 120_000);

it('hands no segment over that is too small to hide a person in', () => {
  const out = join(dir, 'google.csv');
  const refused = rekindle('export', SHOP, '--segment', 'espresso', '--to', 'google', '--out', out);
  expect(refused).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /espresso has \d+ people for google, and at least 100 are needed/,
    ),
  });
  expect(readdirSync(dir).join(' ')).not.toContain('google.csv');
}, 60_000);

it('asks who is meant', () => {
  expect(rekindle('forget', SHOP)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('say who: --customer ID'),
  });
  const unknown = rekindle('forget', SHOP, '--lift', '--customer', 'N1002');
  expect(unknown.status).toBe(1);
  expect(unknown.stderr).toContain('nobody with these identifiers was forgotten');
}, 60_000);
