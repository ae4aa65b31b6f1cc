import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtCopy } from './built-copy.contract.ts';

let folder = '';

beforeAll(() => {
  folder = builtCopy();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a process that drains as `drain` says, sends it the signals, and gives its end. */
async function run(drain: string, ...signals: readonly NodeJS.Signals[]) {
  const main = join(folder, `main-${signals.join('-')}-${drain.length}.js`);
  writeFileSync(
    main,
    `import { onShutdown } from './platform/shutdown.js';
     const sleep = (ms) => new Promise((wake) => setTimeout(wake, ms));
     const { begin } = onShutdown(async () => { console.log('draining'); ${drain} }, 400, (r) => console.log(r));
     setInterval(() => {}, 1000);
     console.log('up');
     ${signals.length === 0 ? 'begin(); begin();' : ''}`,
  );
  const child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  for (const [i, signal] of signals.entries()) {
    const mark = i === 0 ? 'up' : 'draining';
    while (!text.includes(mark)) await once(child.stdout, 'data');
    child.kill(signal);
  }
  const [code] = await ended;
  return { code, text: text.trim().split('\n').join(' | ') };
}

it.each(['SIGTERM', 'SIGINT'] as const)('drains on %s and exits 0', async (signal) => {
  expect(await run('await sleep(50); console.log("done")', signal)).toEqual({
    code: 0,
    text: 'up | draining | done',
  });
});

it('drains once when the process decides it', async () => {
  expect(await run('await sleep(10)')).toEqual({ code: 0, text: 'up | draining' });
});

it('forces the exit on a second signal', async () => {
  expect(await run('await sleep(350)', 'SIGTERM', 'SIGINT')).toMatchObject({ code: 130 });
  expect(await run('await sleep(350)', 'SIGINT', 'SIGTERM')).toMatchObject({ code: 143 });
});

it('exits 1 when the drain misses its deadline', async () => {
  expect(await run('await new Promise(() => {})', 'SIGTERM')).toEqual({
    code: 1,
    text: 'up | draining | drain took longer than 400 ms',
  });
});

it('exits 1 when the drain fails', async () => {
  expect(await run('throw new Error("no")', 'SIGTERM')).toMatchObject({
    code: 1,
    text: 'up | draining | drain failed',
  });
});
