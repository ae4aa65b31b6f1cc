/** Scripts that tests run as processes of their own, beside a compiled copy of the store. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));
// Below node_modules, so that the compiled copy finds the packages.
const cache = join(repository, 'node_modules', '.cache');

export interface CompiledScripts {
  run(name: string, ...args: readonly string[]): ChildProcess;
  remove(): void;
}

/** `sources`: JavaScript by name, importing `./store/…js`. */
export function compileScripts(sources: Readonly<Record<string, string>>): CompiledScripts {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'rekindle-store-'));
  compileStore(folder);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, source] of Object.entries(sources)) {
    writeFileSync(join(folder, `${name}.js`), source);
  }
  return {
    run: (name, ...args) =>
      spawn(process.execPath, [join(folder, `${name}.js`), ...args], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'exit');
  return text;
}

function compileStore(folder: string): void {
  const config = join(folder, 'tsconfig.json');
  const rooms = ['proto', 'platform', 'store'].map((room) => join(repository, room));
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(repository, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        rootDir: repository,
        outDir: folder,
        typeRoots: [join(repository, 'node_modules', '@types')],
      },
      include: rooms,
      exclude: ['**/*.test.ts', '**/*.contract.ts'].map((glob) => join(repository, glob)),
    }),
  );
  const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', config], { stdio: 'inherit' });
}
