// The built service under one Node binary: start, bid, notices, metrics, clean stop.
// Usage: node test/smoke.mjs [NODE_BINARY [FOLDER]]. The folder holds dist/ and node_modules/; this
// repository without it. Plain Node, so that it runs where nothing is compiled.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 90_000;
const node = process.argv[2] ?? process.execPath;
const root = process.argv[3] ?? new URL('..', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'rekindle-smoke-'));
const port = await freePort();
const env = {
  ...process.env,
  REKINDLE_DIR: join(scratch, 'workspace'),
  REKINDLE_PORT: String(port),
  REKINDLE_ADMIN_PORT: String(await freePort()),
  REKINDLE_PROCESSES: '1',
  REKINDLE_WORKERS: '1',
};
const admin = `http://127.0.0.1:${env.REKINDLE_ADMIN_PORT}`;
const open = `http://127.0.0.1:${port}`;

const service = spawn(node, ['dist/cli/main.js', 'start', '--demo-customers', '2000'], {
  cwd: root,
  env,
});
let printed = '';
service.stdout.on('data', (chunk) => (printed += chunk));
service.stderr.on('data', (chunk) => (printed += chunk));
const exited = new Promise((resolve) =>
  service.on('exit', (code, signal) => resolve(code ?? signal)),
);

try {
  await ready();
  const answer = await sampleAnswer();
  assert.equal(answer.status, 200, 'a sample request gets a bid');
  const [bid] = (await answer.json()).seatbid[0].bid;
  assert.ok(bid.price > 0 && bid.adm.includes('<'), 'the bid has a price and markup');
  for (const url of [bid.nurl, bid.burl, bid.burl]) {
    const notice = await fetch(url.replace('${AUCTION_PRICE}', String(bid.price)));
    assert.equal(notice.status, 204, `${url} is acknowledged`);
  }
  const pixel = /http[^"' ]*\/i\?t=[^"' ]*/.exec(bid.adm)?.[0];
  assert.ok(pixel, 'the banner has an impression pixel');
  assert.equal(
    (await fetch(pixel.replaceAll('&amp;', '&'))).status,
    200,
    'the impression is answered',
  );
  await counted(
    /rekindle_notices_applied_total\{[^}]*kind="billing"[^}]*result="counted"[^}]*\} 1\n/,
  );
  await counted(
    /rekindle_notices_applied_total\{[^}]*kind="billing"[^}]*result="duplicate"[^}]*\} 1\n/,
  );
  await counted(
    /rekindle_notices_applied_total\{[^}]*kind="impression"[^}]*result="counted"[^}]*\} 1\n/,
  );
  service.kill('SIGINT');
  assert.equal(await exited, 0, 'Ctrl-C drains and exits 0');
  console.log(`smoke passed on ${execFileSync(node, ['--version'])}`.trim());
} catch (error) {
  console.error(printed);
  console.error(error);
  process.exitCode = 1;
} finally {
  service.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
}

/** Samples differ with the workspace's key; a person who is worth less than the floor gets no bid. */
async function sampleAnswer() {
  let answer;
  for (let seed = 1; seed <= 5 && answer?.status !== 200; seed++) {
    const args = ['dist/cli/main.js', 'sample', '--json', '--seed', String(seed)];
    const body = execFileSync(node, args, { cwd: root, env });
    answer = await fetch(`${open}/bid/generic`, { method: 'POST', body });
  }
  return answer;
}

async function ready() {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    if (service.exitCode !== null) throw new Error(`the service ended with ${service.exitCode}`);
    const answered = await fetch(`${open}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the service was not ready in time');
}

async function counted(pattern) {
  const until = Date.now() + 3000;
  let text = '';
  while (Date.now() < until) {
    text = await fetch(`${admin}/metrics`).then((r) => r.text());
    if (pattern.test(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`/metrics never showed ${pattern}:\n${text.slice(0, 4000)}`);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
