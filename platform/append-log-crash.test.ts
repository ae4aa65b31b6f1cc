import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { transform } from '@swc/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAppendLog } from './read-append-log.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'append-log-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('promise 4: what is acknowledged is never lost: kill -9', () => {
  it('loses no acknowledged record, at whatever moment the writer dies', async () => {
    const script = await compileWriter();
    const acked: string[] = [];
    for (let round = 0; round < 20; round++) {
      const writer = spawn(process.execPath, [script, join(dir, 'log'), String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      acked.push(...(await killLater(writer, 5 + ((round * 37) % 60))));
    }
    const names = await readdir(join(dir, 'log'));
    const kept = new Set<string>();
    for (const name of names) {
      for await (const record of readAppendLog(join(dir, 'log', name))) {
        kept.add(Buffer.from(record.bytes).toString());
      }
    }
    expect(acked.length).toBeGreaterThan(100);
    expect(acked.filter((record) => !kept.has(record))).toEqual([]);
  });
});

/** Kills the writer some ms after its first acknowledgement; returns all that it acknowledged. */
async function killLater(writer: ChildProcess, afterMs: number): Promise<string[]> {
  const lines: string[] = [];
  const ended = new Promise((resolve) => writer.once('close', resolve));
  for await (const line of createInterface({ input: writer.stdout! })) {
    if (lines.length === 0) setTimeout(() => writer.kill('SIGKILL'), afterMs);
    lines.push(line);
  }
  await ended;
  return lines;
}

/** The writer as plain JavaScript: a child of Node 20 cannot load TypeScript. */
async function compileWriter(): Promise<string> {
  for (const name of [
    'append-log',
    'append-log-files',
    'append-log-format',
    'append-log-segments',
  ]) {
    const source = await readFile(new URL(`./${name}.ts`, import.meta.url), 'utf8');
    const { code } = await transform(source, {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'es6' },
    });
    await writeFile(
      join(dir, `${name}.mjs`),
      code
        .replaceAll(/(from '\.\/[a-z-]+)\.ts'/g, "$1.mjs'")
        .replaceAll(/(from "\.\/[a-z-]+)\.ts"/g, '$1.mjs"'),
    );
  }
  const script = join(dir, 'writer.mjs');
  await writeFile(
    script,
    `import { openAppendLog } from './append-log.mjs';
    import { writeSync } from 'node:fs';
    const [dir, round] = process.argv.slice(2);
    const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
    const log = await openAppendLog({ dir, writer: 'w0', segmentBytesMax: 5000, flushMs: 1, queueBytesMax: 1e6, clock });
    let i = 0;
    function next() {
      const record = round + '-' + i++ + '-' + 'x'.repeat(i % 200);
      log.append(Buffer.from('bid-' + record));
      log.appendDurable(Buffer.from(record), (error) => {
        if (error === null) writeSync(1, record + '\\n');
        next();
      });
    }
    for (let k = 0; k < 20; k++) next();`,
  );
  return script;
}
