/** A stop that comes before the service serves: at once and in good order, also where no shell is between. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePorts } from '../loadtest/free-ports.ts';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const STOP_MS = 2_000;

interface Starting {
  readonly child: ChildProcess;
  readonly port: number;
  readonly scratch: string;
  printed: string;
}

async function start(onPrinted: (starting: Starting) => void): Promise<Starting> {
  const scratch = mkdtempSync(join(tmpdir(), 'rekindle-stop-'));
  const [port, adminPort] = await freePorts();
  const child = spawn(process.execPath, [MAIN, 'start', '--demo-customers', '300'], {
    env: {
      ...process.env,
      NO_COLOR: '1',
      REKINDLE_DIR: join(scratch, 'workspace'),
      REKINDLE_PORT: String(port),
      REKINDLE_ADMIN_PORT: String(adminPort),
      REKINDLE_PROCESSES: '2',
      REKINDLE_WORKERS: '1',
    },
  });
  const starting = { child, port, scratch, printed: '' };
  const listen = (chunk: Buffer): void => {
    starting.printed += chunk;
    onPrinted(starting);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return starting;
}

async function expectGoodEnd(starting: Starting): Promise<void> {
  const [code, signal] = await once(starting.child, 'exit');
  expect({ code, signal }, starting.printed).toEqual({ code: 0, signal: null });
}

it.each([
  ['its first words', 'rekindle'],
  ['the demo shop', 'demo shop'],
  ['the import', 'import demo'],
  ['the build', 'segments demo'],
])('ends with 0 when it is told to after %s', async (_, words) => {
  let stopMs = 0;
  const starting = await start(({ child, printed }) => {
    if (stopMs > 0 || !printed.includes(words)) return;
    stopMs = performance.now();
    child.kill('SIGTERM');
  });
  await expectGoodEnd(starting);
  expect(performance.now() - stopMs).toBeLessThan(STOP_MS);
  expect(starting.printed).not.toContain('Bids');
  rmSync(starting.scratch, { recursive: true, force: true });
});

it('ends every process it has started when it is told to while the first begins to serve', async () => {
  const starting = await start(() => {});
  const serves = () => fetch(`http://127.0.0.1:${starting.port}/healthz`).catch(() => null);
  while (starting.child.exitCode === null && (await serves()) === null) await sleep(1);
  starting.child.kill('SIGTERM');
  await expectGoodEnd(starting);
  // Whoever closes the store last takes the note: nobody is left that has it open.
  expect(existsSync(join(starting.scratch, 'workspace', 'store', 'in-use'))).toBe(false);
  rmSync(starting.scratch, { recursive: true, force: true });
});
