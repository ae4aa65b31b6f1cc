/** A connection without a client's kindness, for what an HTTP client would never send. */
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Exchange } from './exchange.ts';

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export class RawSocket {
  readonly #socket: Socket;
  readonly #sent: Buffer[] = [];
  readonly #received: Buffer[] = [];
  readonly #startedMs = performance.now();
  #wake: () => void = () => {};
  #connected = false;
  closed = false;
  /** Why it closed; '' when nothing was wrong. */
  trouble = '';

  constructor(url: URL) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const isTls = url.protocol === 'https:';
    this.#socket = isTls
      ? connectTls({
          host,
          port,
          ...(isIP(host) === 0 && { servername: host }),
          ALPNProtocols: ['http/1.1'],
        })
      : connect({ host, port, noDelay: true });
    this.#socket.on(isTls ? 'secureConnect' : 'connect', () => {
      this.#connected = true;
      this.#wake();
    });
    this.#socket.on('data', (chunk) => {
      this.#received.push(chunk);
      this.#wake();
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.trouble = error.code ?? error.message;
    });
    // Half-closed is closed: nothing more will be answered.
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => this.#end());
  }

  #end(): void {
    this.closed = true;
    this.#wake();
  }

  connected(timeoutMs: number): Promise<boolean> {
    return this.#until(() => this.#connected, timeoutMs);
  }

  write(...parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) {
      const bytes = Buffer.from(part as Uint8Array);
      this.#sent.push(bytes);
      if (!this.closed) this.#socket.write(bytes);
    }
  }

  /** Whether so many answers, those before the last (1xx) left out, came in time. */
  answers(count: number, timeoutMs: number): Promise<boolean> {
    return this.#until(() => this.read().length >= count, timeoutMs);
  }

  /** Whether the connection was closed in time. */
  ended(timeoutMs: number): Promise<boolean> {
    return this.#until(() => this.closed, timeoutMs);
  }

  /** Whether `100 Continue` or a last answer came in time. */
  continued(timeoutMs: number): Promise<boolean> {
    return this.#until(() => /^HTTP\/1\.1 \d{3}/.test(this.text), timeoutMs);
  }

  get text(): string {
    return Buffer.concat(this.#received).toString('latin1');
  }

  read(): RawAnswer[] {
    return readAnswers(Buffer.concat(this.#received));
  }

  /** The conversation up to now, as evidence; the status is the last answer's. */
  exchange(): Exchange {
    const last = this.read().at(-1);
    return {
      sent: Buffer.concat(this.#sent),
      received: Buffer.concat(this.#received),
      status: last?.status ?? 0,
      headers: last?.headers ?? {},
      body: last?.body ?? new Uint8Array(),
      trouble: last === undefined ? this.trouble || (this.closed ? 'closed' : 'no answer') : '',
      tookMs: performance.now() - this.#startedMs,
    };
  }

  destroy(): void {
    this.#socket.destroy();
  }

  [Symbol.dispose](): void {
    this.destroy();
  }

  #until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve(holds());
      };
      const timer = setTimeout(settle, timeoutMs);
      this.#wake = () => {
        if (holds() || this.closed) settle();
      };
      this.#wake();
    });
  }
}

/** The complete answers in these bytes; interim ones are passed over. */
function readAnswers(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return answers;
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) return answers;
    const headers = Object.fromEntries(lines.map(headerOf));
    const next = bodyEnd(bytes, end + 4, status, headers);
    if (next < 0) return answers;
    if (status >= 200) answers.push({ status, headers, body: bytes.subarray(end + 4, next) });
    at = next;
  }
}

function headerOf(line: string): [name: string, value: string] {
  const cut = line.indexOf(':');
  return [line.slice(0, cut).trim().toLowerCase(), line.slice(cut + 1).trim()];
}

/** -1 while the body is not whole. */
function bodyEnd(
  bytes: Buffer,
  start: number,
  status: number,
  headers: Readonly<Record<string, string | undefined>>,
): number {
  if (status < 200 || status === 204 || status === 304) return start;
  if (/chunked/i.test(headers['transfer-encoding'] ?? '')) {
    const last = bytes.indexOf('0\r\n\r\n', start);
    return last < 0 ? -1 : last + 5;
  }
  const end = start + Number(headers['content-length'] ?? 0);
  return end <= bytes.length ? end : -1;
}

/** A request as bytes; a body brings its Content-Length unless `headers` have their own. */
export function rawRequest(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array = new Uint8Array(),
): Uint8Array {
  const lines = Object.entries({ Host: url.host, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
