/** The front proxy of deploy/ as it ships, with the five lines that are a site's own replaced. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { makeCertificate } from '../platform/certificate.contract.ts';
import { whySkipped } from '../platform/on-path.contract.ts';

const SHIPPED = new URL('../deploy/nginx.conf', import.meta.url);
const START_MS = 5_000;
const LOG_MS = 2_000;
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Debian's nginx lies where only root looks. */
const PATH = `${process.env['PATH']}${delimiter}/usr/sbin`;
export const noProxyReason = whySkipped(['nginx', 'openssl'], PATH);

export class FrontProxy implements AsyncDisposable {
  readonly #dir = mkdtempSync(join(tmpdir(), 'rekindle-proxy-'));
  readonly #port: number;
  readonly #child: ChildProcess;
  readonly #certificate: string;
  #said = '';

  /** Resolves when it listens; throws with what it said when it does not. */
  static async start(ports: { port: number; upstreamPort: number }): Promise<FrontProxy> {
    const proxy = new FrontProxy(ports);
    const endMs = performance.now() + START_MS;
    while (!(await proxy.#listens())) {
      const ended = proxy.#child.exitCode !== null;
      if (ended || performance.now() > endMs) throw new Error(`nginx: ${proxy.#said}`);
      await sleep(20);
    }
    return proxy;
  }

  private constructor(ports: { port: number; upstreamPort: number }) {
    this.#port = ports.port;
    const certificate = join(this.#dir, 'fullchain.pem');
    const key = join(this.#dir, 'privkey.pem');
    makeCertificate(certificate, key);
    this.#certificate = readFileSync(certificate, 'utf8');
    const config = join(this.#dir, 'nginx.conf');
    writeFileSync(config, this.#configured(ports, { certificate, key }));
    this.#child = spawn('nginx', ['-p', this.#dir, '-c', config, '-g', 'daemon off;'], {
      env: { ...process.env, PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.#said += chunk;
    });
  }

  #configured(
    { port, upstreamPort }: { port: number; upstreamPort: number },
    { certificate, key }: { certificate: string; key: string },
  ): string {
    const own = TEMPORARY.map((kind) => `${kind}_temp_path ${join(this.#dir, kind)};`);
    let text = readFileSync(SHIPPED, 'utf8');
    const replace = (shipped: string, here: string): void => {
      if (!text.includes(shipped)) throw new Error(`deploy/nginx.conf lacks ${shipped}`);
      text = text.replace(shipped, here);
    };
    replace('user www-data;', '');
    replace('worker_processes auto;', 'worker_processes 1;');
    replace('/run/nginx.pid', join(this.#dir, 'nginx.pid'));
    replace('/var/log/nginx/error.log', 'stderr');
    replace('http {', `http {\n${own.join('\n')}`);
    replace('server 127.0.0.1:8080;', `server 127.0.0.1:${upstreamPort};`);
    replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
    replace('/etc/rekindle/tls/fullchain.pem', certificate);
    replace('/etc/rekindle/tls/privkey.pem', key);
    replace('access_log off;', `access_log ${this.#accessLog} json;`);
    return text;
  }

  get #accessLog(): string {
    return join(this.#dir, 'access.json');
  }

  /** What the access log says of the requests for a path; waits for `count` of them. */
  async log(path: string, count: number): Promise<Record<string, unknown>[]> {
    for (const endMs = performance.now() + LOG_MS; ; await sleep(10)) {
      const lines = readFileSync(this.#accessLog, 'utf8').split('\n').slice(0, -1);
      const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const asked = entries.filter((entry) => entry['path'] === path);
      if (asked.length >= count || performance.now() > endMs) return asked;
    }
  }

  /** A TLS connection whose certificate was checked. */
  async connect(): Promise<ProxyConnection> {
    const options = { port: this.#port, host: '127.0.0.1', ca: this.#certificate };
    const socket = connectTls({ ...options, servername: 'localhost' });
    await once(socket, 'secureConnect');
    return new ProxyConnection(socket);
  }

  /** One request on a connection of its own; the bytes are sent as they are. */
  async ask(bytes: string): Promise<ProxyAnswer> {
    const connection = await this.connect();
    const answer = await connection.ask(bytes);
    connection.close();
    return answer;
  }

  async #listens(): Promise<boolean> {
    try {
      (await this.connect()).close();
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

export interface ProxyAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly body: string;
}

export class ProxyConnection {
  readonly #socket: TLSSocket;
  #text = '';
  closed = false;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => (this.#text += chunk));
    socket.on('error', () => {});
    socket.on('close', () => (this.closed = true));
  }

  async ask(bytes: string): Promise<ProxyAnswer> {
    this.#text = '';
    this.#socket.write(bytes);
    while (!this.closed && !isWhole(this.#text)) await sleep(5);
    const [head = '', body = ''] = this.#text.split('\r\n\r\n', 2);
    return { status: Number(head.split(' ')[1] ?? 0), body };
  }

  close(): void {
    this.#socket.destroy();
  }
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? '0';
  return Buffer.byteLength(text) - end - 4 >= Number(length);
}
