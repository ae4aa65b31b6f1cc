/** The built service as a child process on free ports, for suites that use it as its users do. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../loadtest/free-ports.ts';

const MAIN = new URL('../dist/cli/main.js', import.meta.url).pathname;
const START_MS = 90_000;

export interface ServiceOptions {
  readonly customers: number;
  /** The Node binary that runs it; this one's without it. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class RunningService {
  readonly scratch = mkdtempSync(join(tmpdir(), 'rekindle-system-'));
  readonly dir = join(this.scratch, 'workspace');
  readonly #node: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #customers: number;
  #child: ChildProcess | null = null;
  printed = '';

  private constructor(options: ServiceOptions, ports: { port: number; adminPort: number }) {
    this.#customers = options.customers;
    this.#node = options.node ?? process.execPath;
    this.#env = {
      ...process.env,
      NO_COLOR: '1',
      REKINDLE_DIR: this.dir,
      REKINDLE_PORT: String(ports.port),
      REKINDLE_ADMIN_PORT: String(ports.adminPort),
      REKINDLE_PROCESSES: '1',
      REKINDLE_WORKERS: '1',
      ...options.env,
    };
  }

  static async create(options: ServiceOptions): Promise<RunningService> {
    const [port, adminPort] = await freePorts();
    return new RunningService(options, { port, adminPort });
  }

  get port(): number {
    return Number(this.#env['REKINDLE_PORT']);
  }

  /** Of the supervisor; throws before the start. */
  get pid(): number {
    return this.#child!.pid!;
  }

  get open(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get admin(): string {
    return `http://127.0.0.1:${this.#env['REKINDLE_ADMIN_PORT']}`;
  }

  /** Resolves when the public port is ready. */
  async start(): Promise<void> {
    this.#child = spawn(this.#node, [MAIN, 'start', '--demo-customers', String(this.#customers)], {
      env: this.#env,
    });
    this.#child.stdout?.on('data', (chunk) => (this.printed += chunk));
    this.#child.stderr?.on('data', (chunk) => (this.printed += chunk));
    await this.until('the service is ready', START_MS, async () => {
      if (this.#child?.exitCode !== null) throw new Error(`it ended:\n${this.printed}`);
      return (await fetch(`${this.open}/readyz`)).ok;
    });
  }

  /** Ctrl-C; resolves with the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  /** Runs another command of the binary in the same workspace; stdout. Throws with its exit status. */
  run(...args: string[]): string {
    return execFileSync(this.#node, [MAIN, ...args], {
      env: this.#env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** One counter of /metrics, summed over the label sets that hold all of `labels`. */
  async counter(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const text = await (await fetch(`${this.admin}/metrics`)).text();
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => wanted.every((pair) => line.includes(pair)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  /** Waits for what happens after the answer; fails by name. */
  async until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
    const endMs = performance.now() + withinMs;
    let last: unknown = 'false';
    while (performance.now() < endMs) {
      try {
        if (await holds()) return;
      } catch (error) {
        last = error;
        if (String(error).includes('it ended')) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not within ${withinMs} ms: ${what} (${String(last)})\n${this.printed}`);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.scratch, { recursive: true, force: true });
  }
}
