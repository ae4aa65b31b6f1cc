// Plain Node, no packages: makes a fresh clone ready. Installs from the lock file when node_modules
// is missing or older than the lock, and compiles when a source is newer than the last build.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const BUILD_MARK = join(root, 'dist', '.built');
const SOURCES = /\.(ts|lua|proto|html|css|js|svg)$/;
const { include: rooms } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));

/** Packages needed to build and test are needed to start too: dist/ is not in the repository. */
export function ensureInstalled() {
  const mark = join(root, 'node_modules', '.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return;
  say('installing packages …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync(npm, ['ci', ...flags], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
}

export function ensureBuilt() {
  if (existsSync(BUILD_MARK) && newestSource() <= statSync(BUILD_MARK).mtimeMs) return;
  say('compiling …');
  execFileSync(process.execPath, [join(root, 'bin', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
}

function newestSource() {
  let newest = 0;
  for (const room of rooms) {
    for (const entry of readdirSync(join(root, room), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !SOURCES.test(entry.name) || entry.name.endsWith('.test.ts')) continue;
      newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
    }
  }
  return newest;
}

function say(text) {
  process.stderr.write(`rekindle: ${text}\n`);
}
