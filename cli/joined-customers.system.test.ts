/** Two customers with one phone, from the files of a shop to what explain says of them. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const EXAMPLE = new URL('../examples/coffee-roaster', import.meta.url).pathname;
const dir = mkdtempSync(join(tmpdir(), 'rekindle-joined-'));
for (const part of ['shops', 'exchanges', 'rates.yaml', 'rekindle.yaml']) {
  cpSync(join(EXAMPLE, part), join(dir, part), { recursive: true });
}
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function rekindle(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args, '--json'], {
    env: { ...process.env, REKINDLE_DIR: dir, REKINDLE_STORE_URL: '' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(status, stderr).toBe(0);
  return { data: JSON.parse(stdout), stderr };
}

it('are one person for explain once shop.yaml says so, and link foretells it', () => {
  const crm = join(dir, 'shops/nordlicht/crm');
  const files = [
    '--orders',
    join(crm, 'orders-2026.csv'),
    '--customers',
    join(crm, 'customers.csv'),
  ];
  const customers = readFileSync(join(crm, 'customers.csv'), 'utf8').trimEnd().split('\n');
  const [, first = ''] = customers;
  const twin = first.split(';').with(0, 'ZWILLING').with(2, '');
  writeFileSync(join(crm, 'customers.csv'), `${[...customers, twin.join(';')].join('\n')}\n`);
  expect(rekindle('import', 'nordlicht', ...files).data.joined).toMatchObject({
    joinedCustomers: 0,
  });

  const parquet = join(dir, 'data/nordlicht/customers.parquet');
  const keys = ['--id', 'customer_id', '--keys', 'email,phone', '--region', 'DE'];
  const [pair] = rekindle('link', parquet, ...keys).data.clusters.filter(
    ({ records }: { records: string[] }) => records.length > 1,
  );
  const original = first.split(';')[0]!;
  expect([...pair.records].sort()).toEqual([original, 'ZWILLING'].sort());

  const yaml = join(dir, 'shops/nordlicht/shop.yaml');
  const joining = 'phone: Telefon }\n    join_by: [phone]\n    phone_region: DE';
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('phone: Telefon }', joining));
  const { data, stderr } = rekindle('import', 'nordlicht', ...files.slice(2));
  expect(data.joined).toEqual({
    joinedCustomers: 2,
    joinedPersons: 1,
    quarantined: [],
    refused: 0,
  });
  expect(stderr).toContain('  2 customers are one person by what they share\n');
  rekindle('segment', 'nordlicht');
  const personOf = (customer: string) => rekindle('explain', '--person', customer).data;
  expect(personOf('ZWILLING')).toEqual(personOf(original));
  expect(personOf('ZWILLING').known).toBe(true);

  // One of both does not consent to ads, and with that the person does not.
  const asked = ['Werbung', ...customers.slice(1).map(() => 'ja'), 'nein'];
  const answers = [...customers, twin.join(';')].map((row, i) => `${row};${asked[i]}`);
  writeFileSync(join(crm, 'customers.csv'), `${answers.join('\n')}\n`);
  const consent = 'phone_region: DE\n    consent: { ads: { column: Werbung, yes: [ja] } }';
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('phone_region: DE', consent));
  rekindle('import', 'nordlicht', ...files.slice(2));
  const explained = () => rekindle('explain', '--person', original);
  expect(explained().stderr).toContain('without consent to ads: in what serves still');
  rekindle('segment', 'nordlicht');
  const refused = explained();
  expect(personOf('ZWILLING')).toEqual(refused.data);
  expect(refused.data).toMatchObject({ known: true, withoutConsent: true });
  expect(refused.stderr).toContain('(without consent to ads: in no segment)');
  expect(refused.stderr).not.toMatch(/ has 0|nothing is known|✗/);

  const phone = first.split(';')[3]!;
  const shown = rekindle('identity', 'nordlicht', 'ZWILLING');
  expect(shown.data.persons).toEqual([
    { person: personOf('ZWILLING').person, customers: [original, 'ZWILLING'].sort() },
  ]);
  expect(shown.stderr).toContain('customers who are one person');
  const one = ['--customer', 'ZWILLING', '--phone', phone];
  expect(rekindle('unlink', 'nordlicht', ...one).data.joined.joinedCustomers).toBe(0);
  expect(rekindle('identity', 'nordlicht', 'ZWILLING').stderr).toContain('taken back by hand');
  expect(rekindle('unlink', 'nordlicht', ...one, '--undo').data.joined.joinedCustomers).toBe(2);
}, 180_000);
