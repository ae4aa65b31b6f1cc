/** A stop that comes before the service serves: at once and in good order, also where no shell is between. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from './running-service.contract.ts';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const STOP_MS = 2_000;

it.each([
  ['its first words', 'rekindle'],
  ['the demo shop', 'demo shop'],
  ['the import', 'import demo'],
  ['the build', 'segments demo'],
])('ends with 0 when it is told to after %s', async (_, words) => {
  const scratch = mkdtempSync(join(tmpdir(), 'rekindle-stop-'));
  const child = spawn(process.execPath, [MAIN, 'start', '--demo-customers', '300'], {
    env: {
      ...process.env,
      NO_COLOR: '1',
      REKINDLE_DIR: join(scratch, 'workspace'),
      REKINDLE_PORT: String(await freePort()),
      REKINDLE_ADMIN_PORT: String(await freePort()),
      REKINDLE_WORKERS: '1',
    },
  });
  let printed = '';
  let stopMs = 0;
  const listen = (chunk: Buffer): void => {
    printed += chunk;
    if (stopMs > 0 || !printed.includes(words)) return;
    stopMs = performance.now();
    child.kill('SIGTERM');
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const [code, signal] = await once(child, 'exit');
  expect({ code, signal }, printed).toEqual({ code: 0, signal: null });
  expect(performance.now() - stopMs).toBeLessThan(STOP_MS);
  expect(printed).not.toContain('Bids');
  rmSync(scratch, { recursive: true, force: true });
});
