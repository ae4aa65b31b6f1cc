/** Every shop in examples/ does what its README says, from a fresh copy. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const EXAMPLES = new URL('../examples/', import.meta.url).pathname;
/** What running an example leaves in its folder. */
const LEFT_BEHIND = ['data', 'log', 'store', 'tmp', 'secret.key'];

const examples = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

it('finds the examples', () => expect(examples).toContain('coffee-roaster'));

describe.each(examples)('%s', (example) => {
  const scratch = mkdtempSync(join(tmpdir(), 'rekindle-example-'));
  const dir = join(scratch, example);
  cpSync(join(EXAMPLES, example), dir, {
    recursive: true,
    filter: (path) => !LEFT_BEHIND.some((name) => path === join(EXAMPLES, example, name)),
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const readme = readFileSync(join(dir, 'README.md'), 'utf8');
  const [shop = ''] = readdirSync(join(dir, 'shops'));
  const run = (args: readonly string[], input = '') =>
    JSON.parse(
      execFileSync(process.execPath, [MAIN, ...args, '--json'], {
        env: { ...process.env, REKINDLE_DIR: dir, REKINDLE_STORE_URL: '' },
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    );
  /** The arguments of a command of the README, below this copy. */
  const told = (command: string): string[] => {
    const line = new RegExp(`^npx rekindle (${command} .*)$`, 'm').exec(readme)?.[1];
    expect(line, `the README runs rekindle ${command}`).toBeDefined();
    return line!.replaceAll('$CRM', join(dir, 'shops', shop, 'crm')).split(' ');
  };

  const bidOnSomebody = (segment: string): boolean =>
    [1, 2, 3, 4, 5].some((seed) => {
      const request = run(['sample', '--segment', segment, '--seed', String(seed)]);
      return run(['explain', '--request', '-'], JSON.stringify(request)).decision.kind === 'bid';
    });

  it('is valid, and the tests beside its rules pass', () => {
    const { problems, warnings, templates, tests } = run(['validate']);
    expect({ problems, warnings, templates }).toEqual({
      problems: [],
      warnings: [],
      templates: [],
    });
    expect(tests.passed).toBeGreaterThan(0);
    expect(tests.failed).toBe(0);
  });

  it('imports its files, knows every status, and names what it leaves out', () => {
    const { orders, customers, devices, held } = run(told('import'));
    expect(readme).toContain(`${held.customers} customers and ${held.orders} orders`);
    expect(orders.byStatus.filter(({ group }: { group: string | null }) => group === null)).toEqual(
      [],
    );
    expect(orders.rejected).toMatchObject({ count: 1, first: [{ column: 'Bestelldatum' }] });
    expect([customers.rejected.count, devices.rejected.count]).toEqual([0, 0]);
  });

  it('has the segments its README tells of, and bids on somebody of each', () => {
    const { segments } = run(told('segment'));
    for (const { segment, members } of segments) {
      expect(readme).toContain(`\`${segment}\`, ${members} members`);
      expect(bidOnSomebody(segment), segment).toBe(true);
    }
  });
});
