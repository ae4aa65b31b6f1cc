/** `rekindle decode` as people and scripts meet it: what it prints, and how it ends. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openrtbProto, toProtobuf } from '../bidder/openrtb/openrtb-proto.contract.ts';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const NOWHERE = '/nonexistent/workspace';
const EXAMPLE = new URL('../examples/coffee-roaster', import.meta.url).pathname;
const imp = { id: '1', banner: { w: 300, h: 250 }, bidfloor: '1.5' };
const REQUEST = { id: 'a', imp: [imp], user: { id: 'u1' } };

function decode(input: string | Uint8Array, args: readonly string[] = [], dir = NOWHERE) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'decode', '-', ...args], {
    env: { ...process.env, REKINDLE_DIR: dir },
    input,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

it('prints the request and what was tolerated as data', () => {
  const { status, stdout } = decode(JSON.stringify(REQUEST), ['--json', '--exchange', 'north']);
  expect(status).toBe(0);
  const { v, request, tolerances, tolerancesNotListed } = JSON.parse(stdout);
  expect({ v, tolerancesNotListed }).toEqual({ v: 1, tolerancesNotListed: 0 });
  expect(request).toMatchObject({
    id: 'a',
    imps: [
      {
        id: '1',
        placements: [{ kind: 'banner', sizes: [{ w: 300, h: 250 }] }],
        floorCpmMicros: 1_500_000,
      },
    ],
    identities: [{ space: 'exchange:north', value: 'u1' }],
  });
  expect(tolerances).toContainEqual({ path: 'imp[0].bidfloor', what: '"1.5" read as 1.5' });
});

it('prints a line a field for people, of a packed request too', () => {
  const { status, stdout } = decode(gzipSync(JSON.stringify(REQUEST)));
  expect(status).toBe(0);
  expect(stdout).toContain('request "a", json of generic, consent vendors: none\n');
  expect(stdout).toContain('    floor              1.5 USD CPM\n');
  expect(stdout).toContain('  body: gzip, unpacked whatever Content-Encoding says\n');
  expect(stdout).toContain('  imp[0].bidfloor: "1.5" read as 1.5\n');
});

it('says that identities are not read where privacy forbids', () => {
  const { stdout } = decode(JSON.stringify({ ...REQUEST, regs: { coppa: 1 } }));
  expect(stdout).toContain('  identity             none: not read, privacy: coppa\n');
  expect(stdout).toContain('  user.id: not read, privacy: coppa\n');
});

it('reads protobuf when it is told to', () => {
  const json = { ...REQUEST, imp: [{ ...imp, bidfloor: 2 }] };
  const bytes = toProtobuf(openrtbProto(false), 'BidRequest', json);
  const { status, stdout } = decode(bytes, ['--format', 'protobuf', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout).request.imps[0].floorCpmMicros).toBe(2_000_000);
});

it('takes format and consent vendors of the workspace where it knows the exchange', () => {
  const dir = mkdtempSync(join(tmpdir(), 'rekindle-decode-'));
  try {
    cpSync(EXAMPLE, dir, { recursive: true });
    appendFileSync(join(dir, 'exchanges/generic.yaml'), '\nformat: protobuf\n');
    const [shop] = readdirSync(join(dir, 'shops'));
    appendFileSync(join(dir, 'shops', shop!, 'shop.yaml'), '\nconsent_vendor: 755\n');
    const json = { ...REQUEST, imp: [{ ...imp, bidfloor: 2 }] };
    const bytes = toProtobuf(openrtbProto(false), 'BidRequest', json);

    const { status, stdout } = decode(bytes, ['--exchange', 'generic'], dir);

    expect(status).toBe(0);
    expect(stdout).toContain('request "a", protobuf of generic, consent vendors: [755]\n');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it.each([
  ['a rejected request', '{"id":"a","imp":[{"id":"1"}]}', 204, 'no-format'],
  ['what is no JSON', '{', 400, 'unreadable'],
  ['what is packed and broken', Buffer.from([0x1f, 0x8b, 0]), 400, 'gzip-unreadable'],
])('ends with 1 for %s', (_, input, status, reason) => {
  const ended = decode(input, ['--json']);
  expect(ended.status).toBe(1);
  expect(JSON.parse(ended.stdout).rejected).toEqual({ status, reason });
  expect(ended.stderr).toContain(`rejected: ${reason}, answered ${status}`);
});

it('ends with 2 for what is asked wrongly, and with 3 for a broken workspace', () => {
  const json = JSON.stringify(REQUEST);
  expect(decode(json, ['--format', 'xml'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Allowed choices are json, protobuf'),
  });
  expect(decode(json, ['--exchange', 'none-such'], EXAMPLE)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('expected one of: generic'),
  });
  const missing = spawnSync(process.execPath, [MAIN, 'decode', 'none-such.json']);
  expect(missing.status).toBe(2);
  expect(missing.stderr.toString()).toContain('say a file, or - for stdin');
  expect(decode(json, ['--exchange', 'generic'], `${EXAMPLE}/exchanges`).status).toBe(3);
});
