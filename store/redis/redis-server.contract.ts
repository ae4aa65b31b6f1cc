import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from '../../platform/certificate.contract.ts';
import { whySkipped } from '../../platform/on-path.contract.ts';
import { StoreUnavailable } from '../ports.ts';

const SERVER = 'redis-server';
const CLI = 'redis-cli';
const PASSWORD = 'pä ss';

export const noRedisReason = whySkipped([SERVER, CLI]);
export const noRedisTlsReason = whySkipped([SERVER, CLI, 'openssl']);

const START_WITHIN_MS = 5_000;

/** A real redis-server in a folder of its own. */
export class RedisServer implements AsyncDisposable {
  readonly dir: string;
  readonly #args: readonly string[];
  readonly #cliArgs: readonly string[];
  #process: ChildProcess | null = null;

  constructor(args: (dir: string) => { server: readonly string[]; cli: readonly string[] }) {
    this.dir = mkdtempSync(join(tmpdir(), 'rekindle-redis-'));
    const { server, cli } = args(this.dir);
    this.#args = server;
    this.#cliArgs = cli;
  }

  async start(): Promise<void> {
    const args = [...this.#args, '--save', '', '--appendonly', 'no', '--dir', this.dir];
    this.#process = spawn(SERVER, args, { stdio: 'ignore' });
    const deadlineMs = performance.now() + START_WITHIN_MS;
    while (!this.#answers()) {
      if (performance.now() > deadlineMs) throw new StoreUnavailable('redis-server did not start');
      await sleep(20);
    }
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(name);
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  cli(...command: readonly string[]): string {
    return execFileSync(CLI, [...this.#cliArgs, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }

  #answers(): boolean {
    try {
      return this.cli('ping') === 'PONG';
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A server that only a unix socket in its folder leads to: no port that another run could take. */
export function unixServer(): { server: RedisServer; url: string } {
  const server = new RedisServer((dir) => ({
    server: ['--port', '0', '--unixsocket', join(dir, 'redis.sock')],
    cli: ['-s', join(dir, 'redis.sock')],
  }));
  return { server, url: `redis+unix://${join(server.dir, 'redis.sock')}` };
}

/** A server that speaks TLS alone and wants a password; `authority` is the file that vouches for it. */
export function tlsServer(port: number): { server: RedisServer; url: string; authority: string } {
  const server = new RedisServer((dir) => {
    const [certificate, key] = [join(dir, 'certificate.pem'), join(dir, 'key.pem')];
    makeCertificate(certificate, key);
    const files = ['--tls-cert-file', certificate, '--tls-key-file', key];
    const clients = ['--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'];
    return {
      server: [
        ...['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1'],
        ...['--requirepass', PASSWORD, ...files, ...clients],
      ],
      cli: ['-p', String(port), '--tls', '--cacert', certificate, '-a', PASSWORD],
    };
  });
  const url = `rediss://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
  return { server, url, authority: join(server.dir, 'certificate.pem') };
}

/** Three masters on ports below the ephemeral range, joined. */
export async function startCluster(
  firstPort: number,
): Promise<{ servers: RedisServer[]; url: string }> {
  const ports = [firstPort, firstPort + 1, firstPort + 2];
  const servers = ports.map(
    (port) =>
      new RedisServer(() => ({
        server: ['--port', String(port), '--bind', '127.0.0.1', '--cluster-enabled', 'yes'],
        cli: ['-p', String(port)],
      })),
  );
  for (const server of servers) await server.start();
  const nodes = ports.map((port) => `127.0.0.1:${port}`);
  servers[0]!.cli('--cluster', 'create', ...nodes, '--cluster-yes');
  const deadlineMs = performance.now() + START_WITHIN_MS;
  while (!servers.every((server) => server.cli('cluster', 'info').includes('cluster_state:ok'))) {
    if (performance.now() > deadlineMs) throw new StoreUnavailable('the cluster did not form');
    await sleep(50);
  }
  return { servers, url: `redis+cluster://${nodes.join(',')}` };
}
