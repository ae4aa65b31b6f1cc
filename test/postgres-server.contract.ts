import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const VERSIONS = '/usr/lib/postgresql';
const START_WITHIN_MS = 20_000;

/** Debian keeps the server's programs out of the path, by major version. */
const bin = existsSync(VERSIONS)
  ? readdirSync(VERSIONS)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(VERSIONS, version, 'bin'))
      .find((folder) =>
        ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))),
      )
  : undefined;

export const noPostgresReason =
  bin === undefined ? ` (skipped: no PostgreSQL below ${VERSIONS})` : '';

/** The server refuses to run as root: then it runs as nobody. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const nobody = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (nobody === null)
    throw new Error('postgres does not run as root, and there is no user nobody');
  return { uid: Number(nobody[1]), gid: Number(nobody[2]) };
}

/** A cluster of its own in a folder that goes with it; only a unix socket there leads to it. */
export class PostgresServer implements AsyncDisposable {
  readonly #dir: string;
  readonly #process: ChildProcess;

  private constructor(dir: string, process: ChildProcess) {
    this.#dir = dir;
    this.#process = process;
  }

  static async start(): Promise<PostgresServer> {
    const dir = mkdtempSync(join(tmpdir(), 'rekindle-postgres-'));
    const user = serverUser();
    if (user.uid !== undefined) chownSync(dir, user.uid, user.gid!);
    const data = join(dir, 'data');
    const args = ['-D', data, '-U', 'rules', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'];
    execFileSync(join(bin!, 'initdb'), args, { ...user, cwd: dir, stdio: 'ignore' });
    const server = ['-D', data, '-k', dir, '-c', 'listen_addresses=', '-c', 'fsync=off'];
    const child = spawn(join(bin!, 'postgres'), server, { ...user, cwd: dir, stdio: 'ignore' });
    const started = new PostgresServer(dir, child);
    const deadlineMs = performance.now() + START_WITHIN_MS;
    while (!started.#answers()) {
      if (performance.now() > deadlineMs) {
        await started[Symbol.asyncDispose]();
        throw new Error('postgres did not start');
      }
      await sleep(50);
    }
    return started;
  }

  /** Runs statements one after the other; the rows of all, with columns joined by `|`. */
  rows(statements: readonly string[]): string[] {
    const flags = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', this.#dir, '-U', 'rules'];
    const output = execFileSync(join(bin!, 'psql'), [...flags, 'postgres'], {
      cwd: this.#dir,
      encoding: 'utf8',
      input: statements.map((statement) => `${statement};\n`).join(''),
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
    return output.split('\n').filter((line) => line !== '');
  }

  #answers(): boolean {
    try {
      return this.rows(['SELECT 1'])[0] === '1';
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#process;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      // To a postmaster this is: end every session at once and leave nothing running.
      child.kill('SIGQUIT');
      await gone;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
