/** A marketer tries a rule before anybody serves it: beside the running service, on its own data. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Duck } from '../segmenter/duck.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import { RunningService } from './running-service.contract.ts';

let service: RunningService;
let high: string;
let rule: string;
let tried: string;
beforeAll(async () => {
  service = await RunningService.create({ customers: 1000 });
  await service.start();
  const folder = join(service.dir, 'shops/demo/segments');
  high = join(folder, readdirSync(folder).find((name) => name.includes('high_aov'))!);
  rule = readFileSync(high, 'utf8');
  tried = join(service.dir, 'tried.yaml');
});
afterAll(() => service.remove());

const preview = (...options: string[]) =>
  service.run('segment', 'demo', '--preview', tried, ...options);

it('sees who is in, who enters and who leaves, and which tests beside the rule fail', () => {
  writeFileSync(tried, rule.replace(/orders.aov: \{ gte: \d+/, 'orders.aov: { gte: 1'));
  const { members, entering, leaving, tests } = JSON.parse(preview('--json'));
  expect(entering.count).toBeGreaterThan(0);
  expect(leaving.count).toBe(0);
  expect(members).toBeGreaterThan(entering.count);
  expect(tests.some(({ passed }: { passed: boolean }) => !passed)).toBe(true);
  const shown = preview();
  expect(shown).toMatch(new RegExp(`high_aov: ${members} of 1000 customers`));
  expect(shown).toContain(`${entering.count} enter, 0 leave`);
});

it('is told of a mistake at its line', () => {
  writeFileSync(tried, rule.replace('orders.aov', 'orders.avo'));
  expect(() => preview()).toThrow(/tried.yaml:\d+:\d+ .*unknown condition/);
});

it('hears that there is no such file', () =>
  expect(() => service.run('segment', 'demo', '--preview', 'missing.yaml')).toThrow(
    /there is no file missing.yaml/,
  ));

it('sees what the segments have in common, and what has served', () => {
  const { segments } = JSON.parse(service.run('segment', 'demo', '--overlap', '--json'));
  const row = segments.findIndex(({ segment }: { segment: string }) => segment === 'high_aov');
  expect(segments[row].with[row]).toBe(segments[row].members);
  expect(service.run('segment', 'demo', '--overlap')).toContain('high_aov');
  const { entries } = JSON.parse(service.run('segment', 'demo', '--history', '--json'));
  expect(entries).toMatchObject([{ kind: 'build', customers: 1000 }]);
  expect(service.run('segment', 'demo', '--history')).toContain(entries[0].generation);
});

it('asks for one thing at a time', () =>
  expect(() => service.run('segment', 'demo', '--history', '--force')).toThrow(
    /cannot be used with option/,
  ));

it('hears that a day has not come yet, in place of bids by it', () =>
  expect(() => service.run('segment', 'demo', '--as-of', '2999-01-01T00:00:00Z')).toThrow(
    /--as-of 2999-01-01T00:00:00.000Z is later than today/,
  ));

const broken = (state: string) => service.counter('rekindle_segments_broken', { state });
const ended = (...args: string[]) => {
  try {
    return { status: 0, stdout: service.run(...args), stderr: '' };
  } catch (error) {
    return error as { status: number; stdout: string; stderr: string };
  }
};

it('keeps what serves of a segment whose file breaks, and says so wherever one looks', async () => {
  const { members } = JSON.parse(service.run('segment', 'demo', '--json')).segments.find(
    ({ segment }: { segment: string }) => segment === 'high_aov',
  );
  writeFileSync(high, rule.replace('orders.aov', 'orders.avo'));
  writeFileSync(join(high, '../brand_new.yaml'), 'segment: brand_new\ntitle: New\n');
  await service.until('the rebuild is told of', 20_000, async () => (await broken('stale')) === 1);
  expect(await broken('left_out')).toBe(1);
  expect(service.printed.match(/segment high_aov serves as it was at 20/g)).toHaveLength(1);
  const told = ended('segment', 'demo', '--json');
  expect(told.status).toBe(1);
  expect(told.stderr).toMatch(
    /high_aov as of .* hours ago: .*high_aov\.yaml:\d+:\d+ {2}.*orders\.avo/,
  );
  expect(told.stderr).toMatch(
    /brand_new is left out: segments\/brand_new\.yaml:1:1 {2}expected a rule/,
  );
  expect(told.stderr).toContain('demo serves, but 2 segments are not as written');
  const built = JSON.parse(told.stdout);
  const stale = built.segments.filter((one: { stale: unknown }) => one.stale !== null);
  expect(stale).toMatchObject([{ segment: 'high_aov', members }]);
  expect(ended('validate')).toMatchObject({
    status: 3,
    stderr: expect.stringMatching(/shops\/demo\/segments\/.*high_aov\.yaml:\d+:\d+/),
  });
  writeFileSync(tried, 'segment: rich\ntitle: Rich\nall: [ { segment: high_aov } ]\n');
  expect(JSON.parse(preview('--json'))).toMatchObject({
    members,
    stale: [{ segment: 'high_aov' }],
  });
  writeFileSync(high, rule);
  rmSync(join(high, '../brand_new.yaml'));
  await service.until('it is mended', 20_000, async () => (await broken('stale')) === 0);
  expect(await broken('left_out')).toBe(0);
});

it('is served what was written while a command was at work on the shop, once that has ended', async () => {
  const published = () => service.counter('rekindle_rebuilds_total', { result: 'published' });
  const { temp, folder, lock } = shopFiles(service.dir, 'demo');
  const command = await Duck.open({ memoryMb: 64, threads: 1, tempDir: temp, folders: [folder] });
  await command.lock(lock);
  const before = await published();
  writeFileSync(high, `${rule}# looked at\n`);
  await service.until('the rebuild meets it', 20_000, async () =>
    service.printed.includes('lock.duckdb is held by process'),
  );
  await command[Symbol.asyncDispose]();
  await service.until('it is built', 20_000, async () => (await published()) > before);
});

it('hears what was learned of the customers, and of one of them, by numbers', async () => {
  await service.stop();
  const shopFile = join(service.dir, 'shops/demo/shop.yaml');
  writeFileSync(shopFile, `${readFileSync(shopFile, 'utf8')}\nclv: { horizon: 365d }\n`);
  const best =
    'segment: best\ntitle: Best\nall:\n  - clv.decile: { eq: 10 }\n  - rfm.recency: { gte: 1 }\n';
  writeFileSync(join(service.dir, 'shops/demo/segments/best.yaml'), best);
  const said = service.run('segment', 'demo');
  // The demo's dates hang on the clock: on some days its customers are too regular for the model.
  const isFitted = said.includes('lifetime value: fitted');
  expect(said).toMatch(
    /lifetime value: (fitted \d{4}-\d\d-\d\d; 365 days ago not fitted: \d+ repeat customers, 300 are needed|not fitted: no parameters are the likeliest)/,
  );
  const learned = JSON.parse(service.run('segment', 'demo', '--models', '--json'));
  expect(learned.models.clv.fit.purchases.fit.kind).toBe(isFitted ? 'fitted' : 'not-converged');
  expect(learned.scored.value).toBe(isFitted ? learned.models.rfm.customers : 0);
  const shown = service.run('segment', 'demo', '--models');
  expect(shown).toMatch(isFitted ? /BG\/NBD +r \d/ : /not fitted: no parameters are the likeliest/);
  const explained = service.run('explain', '--person', 'C100002', '--segment', 'best');
  expect(explained).toMatch(/clv\.decile = 10 {2}has (\d+|none)/);
});
