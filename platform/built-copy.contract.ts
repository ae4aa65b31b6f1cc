import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';

/**
 * Compiles platform/ into a new folder of plain JavaScript, for tests that need whole processes and
 * worker threads, which cannot load TypeScript. Returns the folder; the caller removes it.
 */
export function builtCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rekindle-built-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const name of readdirSync('platform', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || /[.](test|contract)[.]ts$/.test(name)) continue;
    const file = join(folder, 'platform', name.replace(/ts$/, 'js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, compiled(readFileSync(join('platform', name), 'utf8')));
  }
  return folder;
}

function compiled(source: string): string {
  const { code } = transformSync(source, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  return code.replace(/((?:from|import\()\s*'\.[^']*)\.ts'/g, "$1.js'");
}
