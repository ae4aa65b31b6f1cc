/** The built service as processes of their own, for benchmarks that anybody can run again. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processTree } from './cpu-usage.ts';
import { freePorts } from './free-ports.ts';

const READY_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 15_000;
/** In the workspace: what the service says. */
export const SERVICE_LOG = 'service.log';
const built = fileURLToPath(new URL('..', import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

/** `taskset -c N` where there is such a command and a core N; empty otherwise. */
export function pinnedTo(core: number, cores: number): readonly string[] {
  const usable = cores > 1 && spawnSync('taskset', ['-c', String(core), 'true']).status === 0;
  return usable ? ['taskset', '-c', String(core)] : [];
}

/** Runs one of our built programs to its end; returns its stdout. Throws with its last words. */
export function runBuilt(program: string, args: readonly string[], env: Environment): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(built, program), ...args], {
    env,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
}

export interface RunningService {
  readonly url: string;
  readonly adminUrl: string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/**
 * Starts `rekindle start` under `prefix` on free ports and waits until it is ready. Its output goes
 * to SERVICE_LOG in `dir`. Rejects with the end of that log when it does not become ready.
 */
export async function startService(
  dir: string,
  env: Environment,
  prefix: readonly string[],
  nodeArguments: readonly string[] = [],
): Promise<RunningService> {
  const [port, adminPort] = await freePorts();
  const log = join(dir, SERVICE_LOG);
  const output = openSync(log, 'a');
  const node = [process.execPath, ...nodeArguments];
  const [command, ...args] = [...prefix, ...node, join(built, 'cli/main.js'), 'start'];
  const child = spawn(command!, args, {
    stdio: ['ignore', output, output],
    env: {
      ...env,
      REKINDLE_DIR: dir,
      REKINDLE_PORT: String(port),
      REKINDLE_ADMIN_PORT: String(adminPort),
    },
  });
  const url = `http://127.0.0.1:${port}`;
  if (!(await becomesReady(url, child))) {
    await stopProcess(child);
    throw new Error(`the service did not become ready: ${readFileSync(log, 'utf8').slice(-2000)}`);
  }
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  return { url, adminUrl, pids: processTree(child.pid!), stop: () => stopProcess(child) };
}

export interface RunningRedis {
  readonly url: string;
  readonly socket: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A Redis without disk behind a unix socket, or null when redis-server is not on PATH. */
export async function startRedis(
  dir: string,
  prefix: readonly string[],
): Promise<RunningRedis | null> {
  if (spawnSync('redis-server', ['--version']).status !== 0) return null;
  const socket = join(dir, 'redis.sock');
  const [command, ...args] = [...prefix, 'redis-server', '--port', '0', '--unixsocket', socket];
  const child = spawn(command!, [...args, '--save', '', '--appendonly', 'no'], { stdio: 'ignore' });
  for (let i = 0; i < 100 && !existsSync(socket); i++) await sleep(50);
  return { url: `redis+unix://${socket}`, socket, pid: child.pid!, stop: () => stopProcess(child) };
}

async function becomesReady(url: string, child: ChildProcess): Promise<boolean> {
  const untilMs = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < untilMs && child.exitCode === null) {
    const ready = await fetch(`${url}/readyz`).catch(() => null);
    await ready?.arrayBuffer();
    if (ready?.status === 200) return true;
    await sleep(100);
  }
  return false;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(late);
}
