/** What people get wrong: each mistake gets one message that says what, where and what to do, and its exit code. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const DIST = new URL('../dist/', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'rekindle-bad-input-'));
const sound = join(scratch, 'sound');

beforeAll(() => {
  execFileSync(process.execPath, [join(DIST, 'segmenter/demo-main.js'), sound, '300', '6', '1']);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let copies = 0;
function workspace(breakIt: (dir: string) => void): string {
  const dir = join(scratch, `copy-${copies++}`);
  cpSync(sound, dir, { recursive: true });
  breakIt(dir);
  return dir;
}

/** Runs a command that must fail: its exit code and what it says on stderr. */
function failure(dir: string, args: readonly string[], env: Record<string, string> = {}) {
  const { status, stderr } = spawnSync(process.execPath, [join(DIST, 'cli/main.js'), ...args], {
    env: {
      ...process.env,
      REKINDLE_DIR: dir,
      REKINDLE_PORT: '28080',
      REKINDLE_ADMIN_PORT: '28081',
      ...env,
    },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stderr };
}

const edit = (file: string, change: (text: string) => string) => (dir: string) =>
  writeFileSync(join(dir, file), change(readFileSync(join(dir, file), 'utf8')));

it('a command before the first start leaves nothing behind that would keep the demo from being made', () => {
  const dir = join(scratch, 'not-yet');
  for (const args of [
    ['explain', '--person', 'x'],
    ['sample'],
    ['segment', 'demo'],
    ['validate'],
  ]) {
    const { status, stderr } = failure(dir, args);
    expect(status).toBe(3);
    expect(stderr).toContain('there is no workspace here');
  }
  const { stderr } = failure(dir, ['doctor', '--json']);
  expect(stderr).toContain(`LMDB, to be made in ${dir} by "rekindle start"`);
  expect(existsSync(dir)).toBe(false);
});

it('a reader who has seen enough, as head has, is no error', () => {
  const command = `"${process.execPath}" "${join(DIST, 'cli/main.js')}" --help | true`;
  const { stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  expect(stderr).toBe('');
});

it('an unknown key: file, line, column and what was meant', () => {
  const dir = workspace(
    edit('shops/demo/shop.yaml', (text) => text.replace('time_zone:', 'timezone:')),
  );
  const { status, stderr } = failure(dir, ['start']);
  expect(status).toBe(3);
  expect(stderr).toMatch(/shops\/demo\/shop\.yaml:\d+:\d+ .*timezone/);
  expect(stderr).toContain('did you mean');
});

it('an impossible rule: its line and why', () => {
  const rule =
    'segment: never\ntitle: Never\npriority: 1\nall:\n  - orders.count: { gte: 5 }\n  - orders.count: { lt: 3 }\n';
  const dir = workspace((d) => writeFileSync(join(d, 'shops/demo/segments/never.yaml'), rule));
  const { status, stderr } = failure(dir, ['validate']);
  expect(status).toBe(3);
  expect(stderr).toMatch(/segments\/never\.yaml:\d+:\d+/);
});

it('a wrong setting in the environment', () => {
  const { status, stderr } = failure(sound, ['start'], {
    REKINDLE_PORT: 'eighty',
    REKINDLE_WORKERS: '-1',
  });
  expect(status).toBe(3);
  expect(stderr).toMatch(/REKINDLE_PORT.*eighty/);
  expect(stderr).toMatch(/REKINDLE_WORKERS.*-1/);
});

it('a workspace from a newer version', () => {
  const dir = workspace(
    edit('rekindle.yaml', (text) => text.replace(/^version: \d+/m, 'version: 99')),
  );
  const { status, stderr } = failure(dir, ['start']);
  expect(status).toBe(3);
  expect(stderr).toMatch(/version 99.*newer Rekindle/);
});

it('a store that is down', () => {
  const { status, stderr } = failure(sound, ['start'], {
    REKINDLE_STORE_URL: 'redis://127.0.0.1:1',
  });
  expect(status).toBe(4);
  expect(stderr).toMatch(/127\.0\.0\.1:1/);
});

it('a feed that is a web page: its line, and what serves goes on serving', () => {
  const dir = workspace((d) =>
    writeFileSync(join(d, 'shops/demo/feed.csv'), '<!doctype html><html><body>404</body></html>'),
  );
  const orders = join(dir, 'shops/demo/crm/orders.csv');
  expect(failure(dir, ['import', 'demo', '--orders', orders]).status).toBe(0);
  const { status, stderr } = failure(dir, ['segment', 'demo']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/feed\.csv:1.*HTML/i);
});

it('a template with a slot where none may be', () => {
  const dir = workspace(
    edit(
      'shops/demo/templates/product-grid.html',
      (text) => `${text}<script>{{text item.title}}</script>`,
    ),
  );
  const { status, stderr } = failure(dir, ['validate']);
  expect(status).toBe(3);
  expect(stderr).toMatch(/templates\/product-grid\.html:\d+:\d+/);
});

it('an unknown command, a missing argument and a shop that is not there', () => {
  expect(failure(sound, ['sgment']).status).toBe(2);
  expect(failure(sound, ['explain']).status).toBe(2);
  const { status, stderr } = failure(sound, ['segment', 'dmo']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/no shop "dmo".*demo/);
});

it('a file to import that is not there, and one with the wrong columns', () => {
  expect(failure(sound, ['import', 'demo', '--orders', '/nowhere/orders.csv']).stderr).toMatch(
    /\/nowhere\/orders\.csv/,
  );
  const wrong = join(scratch, 'wrong.csv');
  writeFileSync(wrong, 'a,b\n1,2\n');
  const { status, stderr } = failure(sound, ['import', 'demo', '--orders', wrong]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/wrong\.csv.*column/);
});
