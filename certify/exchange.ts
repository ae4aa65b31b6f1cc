/** One call to the bidder and what came of it, byte for byte as far as HTTP lets one see it. */
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';

export interface Call {
  readonly url: URL;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  readonly agent?: Agent;
}

/** Fits the judge's WireAnswer. */
export interface Exchange {
  /** Head and body as they were sent. */
  readonly sent: Uint8Array;
  /** Head and body as they came; what came of them. */
  readonly received: Uint8Array;
  /** 0: there was no answer, and `trouble` says why. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  readonly trouble: string;
  readonly tookMs: number;
}

const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const NO_BODY = new Uint8Array();

/** Never rejects: a bidder that does not answer is a finding. Nothing is unpacked or followed. */
export function exchange(call: Call): Promise<Exchange> {
  const startedMs = performance.now();
  const sent = sentBytes(call);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let head = NO_HEAD;
    const settle = (trouble: string): void => {
      clearTimeout(timer);
      const body = Buffer.concat(chunks);
      const status = trouble === '' ? head.status : 0;
      const received = Buffer.concat([Buffer.from(head.text), body]);
      const tookMs = performance.now() - startedMs;
      resolve({ sent, received, status, headers: head.headers, body, trouble, tookMs });
    };
    const send = call.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(
      call.url,
      { method: call.method, headers: headersOf(call), ...(call.agent && { agent: call.agent }) },
      (answer) => {
        head = {
          status: answer.statusCode ?? 0,
          headers: single(answer.headers),
          text: headText(answer.statusCode ?? 0, answer.rawHeaders),
        };
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('the answer has no end'));
        });
        answer.on('end', () => settle(''));
        answer.on('error', (error) => settle(error.message));
      },
    );
    const timer = setTimeout(() => {
      request.destroy(new Error(`no answer within ${call.timeoutMs} ms`));
    }, call.timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) => settle(error.message || `${error.code}`));
    request.end(call.body ?? NO_BODY);
  });
}

/** Connections that stay open for the next request; destroy it. */
export function keepAliveAgent(url: URL, maxSockets: number): Agent {
  const options = { keepAlive: true, maxSockets };
  return url.protocol === 'https:' ? new TlsAgent(options) : new Agent(options);
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

const NO_HEAD: Head = { status: 0, headers: {}, text: '' };

function headersOf({ headers, body, method }: Call): Record<string, string> {
  const length = { 'Content-Length': String(body?.byteLength ?? 0) };
  return { ...(body !== undefined || method === 'POST' ? length : {}), ...headers };
}

function sentBytes(call: Call): Uint8Array {
  const { url, method, body = NO_BODY } = call;
  const lines = Object.entries({ Host: url.host, ...headersOf(call) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

function single(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

function headText(status: number, raw: readonly string[]): string {
  let text = `HTTP/1.1 ${status}\r\n`;
  for (let i = 0; i + 1 < raw.length; i += 2) text += `${raw[i]}: ${raw[i + 1]}\r\n`;
  return `${text}\r\n`;
}
