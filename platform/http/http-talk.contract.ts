import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpReply, Route } from './http-port.ts';

export const HOST = 'Host: localhost\r\n';

export type Answer = (reply: HttpReply, given: Parameters<Route['handler']>[0]) => void;

export function route(method: Route['method'], pattern: string, answer: Answer): Route {
  return { method, pattern, bodyBytesMax: 0, handler: (request, reply) => answer(reply, request) };
}

export function echoRoutes(): readonly Route[] {
  const echo: Answer = (reply, { method, path, query, params, body }) => {
    const text = `${method} ${path} ${query} [${params.join('|')}]`;
    reply.send(200, 'text/plain', `${text} ${Buffer.from(body).toString()}`);
  };
  return [
    {
      method: 'POST',
      pattern: '/bid/:exchange',
      bodyBytesMax: 262_144,
      handler: (request, reply) => {
        const { method, path, query, params, body } = request;
        const head = `${method} ${path} ${query} [${params.join('|')}] ${request.header('x-trace')}`;
        reply.send(200, 'text/plain', `${head} ${Buffer.from(body).toString()}`);
      },
    },
    {
      method: 'POST',
      pattern: '/size',
      bodyBytesMax: 262_144,
      headers: ['content-type'],
      handler: ({ body }, reply) => {
        const letters = new Set(Buffer.from(body).toString());
        reply.send(200, 'text/plain', `${body.length} ${[...letters].join('')}`);
      },
    },
    route('GET', '/health', echo),
    route('GET', '/empty/:status', (reply, { params }) => reply.empty(Number(params[0]))),
    route('GET', '/redirect', (reply) =>
      reply.sendWith(302, [['Location', 'https://x.example/']], ''),
    ),
    route('GET', '/utf8', (reply) => reply.send(200, 'text/plain', 'п€')),
    route('GET', '/bytes', (reply) => reply.send(200, 'text/plain', Buffer.from('abc'))),
    {
      method: 'ANY',
      pattern: '/late/:name',
      bodyBytesMax: 100,
      handler: ({ params }, reply) =>
        void setTimeout(() => reply.send(200, 'text/plain', `late ${params[0]}`), 10),
    },
    route('GET', '/throws', () => {
      throw new Error('broken');
    }),
    {
      method: 'POST',
      pattern: '/throws-late-body',
      bodyBytesMax: 100,
      handler: () => {
        throw new Error('broken');
      },
    },
    route('GET', '/twice', (reply) => {
      reply.empty(204);
      reply.empty(404);
    }),
    {
      ...route('GET', '/unnamed', (reply, given) => reply.send(200, '', given.header('x-other'))),
      headers: ['x-one'],
    },
  ];
}

interface Talk {
  readonly text: string;
  readonly closed: boolean;
}

const QUIET_MS = 80;

/** Writes the parts in separate packets and listens until the server closes or falls silent. */
export async function talk(port: number, ...parts: readonly string[]): Promise<Talk> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  let closed = false;
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  for (const part of parts) {
    socket.write(part);
    await sleep(20);
  }
  for (let heard = -1; heard !== text.length && !closed; ) {
    heard = text.length;
    await sleep(QUIET_MS);
  }
  socket.destroy();
  return { text, closed };
}

export function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;
}

export function post(path: string, contentLength: number, body: string): string {
  return `POST ${path} HTTP/1.1\r\n${HOST}Content-Length: ${contentLength}\r\n\r\n${body}`;
}

export function headers(count: number): string {
  return Array.from({ length: count }, (_, i) => `X-Header-${i}: ${i}\r\n`).join('');
}

export function statusesOf(text: string): string {
  return [...text.matchAll(/HTTP\/1.1 (\d{3}) /g)].map(([, status]) => status).join(' ');
}

export function bodyOf(text: string): string {
  return text.slice(text.indexOf('\r\n\r\n') + 4);
}

export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (condition()) return;
    await sleep(5);
  }
  throw new Error(`waited 2 s in vain for ${condition}`);
}
