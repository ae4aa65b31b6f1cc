/** `rekindle import --preview` as people and scripts meet it, and what an import says of repeated events. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const EXAMPLE = new URL('../examples/coffee-roaster', import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), 'rekindle-preview-test-'));
cpSync(EXAMPLE, join(dir, 'ws'), { recursive: true });
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function preview(kind: string, content: string, ...args: string[]) {
  return importFile(kind, content, '--preview', ...args);
}

function importFile(kind: string, content: string, ...args: string[]) {
  const file = join(dir, 'given.csv');
  writeFileSync(file, content);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'import', 'nordlicht', `--${kind}`, file, ...args],
    { env: { ...process.env, REKINDLE_DIR: join(dir, 'ws') }, encoding: 'utf8', timeout: 30_000 },
  );
  return { status, stdout, stderr };
}

const files = () => readdirSync(join(dir, 'ws'), { recursive: true, encoding: 'utf8' }).sort();
const ORDERS = 'Bestellnr;Kundennr;Bestelldatum;Artikelnr;Menge;Einzelpreis;Status;Notiz\n';

it('shows how columns were understood and leaves the workspace as it was', () => {
  const before = files();
  const rows = '1;k1;05.07.2026 10:00;a;1;12,90;bezahlt;x\n2;;05.07.2026 10:00;a;1;zwei;neu;\n';
  const { status, stdout } = preview('orders', ORDERS + rows);
  expect(status).toBe(0);
  expect(stdout).toContain('orders, CSV, separated by ";", utf-8\n');
  expect(stdout).toMatch(/\n {2}Einzelpreis +unit_price +12,90 · zwei\n/);
  expect(stdout).toContain('! Einzelpreis: expected an amount of money (1 of the rows)');
  expect(stdout).toMatch(/given\.csv:3 {2}Einzelpreis: expected an amount of money, got "zwei"/);
  expect(files()).toEqual(before);
});

it('prints data and ends with 1 for a file that could not be imported', () => {
  const { status, stdout, stderr } = preview('orders', 'a;b\n1;2\n', '--json');
  expect(status).toBe(1);
  expect(stderr).toContain('no column "Bestellnr"');
  const { v, files: previews } = JSON.parse(stdout);
  expect(v).toBe(1);
  expect(previews[0]).toMatchObject({
    kind: 'orders',
    columns: [
      { column: 'a', as: [], samples: ['1'] },
      { column: 'b', as: [], samples: ['2'] },
    ],
    rowsRead: 0,
  });
});

it.each([
  ['--undo', '3'],
  ['--dry-run', '--undo', '3'],
])('never takes an upload back where a preview or a dry run was asked for: %s', (...args) => {
  const { status, stderr } = preview('orders', ORDERS, ...args);
  expect(status).toBe(2);
  expect(stderr).toContain("'--undo <id>' cannot be used with option");
});

it.each([
  [['--undo', 'x'], 'expected the number of an upload'],
  [['--orders', 'b.csv'], 'one file of a kind is imported at a time'],
])('refuses %s', (args, message) => {
  const { status, stderr } = preview('orders', ORDERS, ...args);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

it('says of an import how many events came more than once', () => {
  const header = 'Zeit;Kundennr;Ereignis;Artikelnr;Wert\n';
  const line = (time: string) => `02.09.2026 ${time};N1013;in den Warenkorb;K-101;9,90\n`;
  const twice = header + line('08:14') + line('08:14') + line('09:00');
  expect(importFile('events', twice).stdout).toContain(
    'given.csv: 3 lines, 3 loaded, 0 rejected\n' +
      '  1 said again by a later line: an event counts once\n',
  );
  expect(importFile('events', twice).stdout).toContain('line, 2 held already: an event');
  const fresh = importFile('events', header + line('10:00'));
  expect(fresh.stdout).not.toContain('counts once');
});
