// Compiles the rooms to dist/ and copies what tsc does not: Lua scripts, generated code, pages, profiles of exchanges.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './ensure-installed.mjs';

const ASSETS = /\.(lua|html|css|svg|js|yaml)$/;
const ROOMS = ['proto', 'settings', 'store', 'segmenter', 'console', 'loadtest'];

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
for (const room of ROOMS) {
  for (const name of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })) {
    if (!ASSETS.test(name)) continue;
    const target = join(root, 'dist', room, name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, room, name), target);
  }
}
writeFileSync(join(root, 'dist', '.built'), '');
