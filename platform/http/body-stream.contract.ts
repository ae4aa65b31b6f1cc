import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpBackend, HttpReply, HttpServer, Route } from './http-port.ts';
import { bodyOf, get, HOST, post, route, statusesOf, talk, until } from './http-talk.contract.ts';

const MB = 1 << 20;
const BODY_BYTES_MAX = 128 * MB;
/** Client and server share a process: while one works the other is late. */
const PATIENT_MS = 30_000;
const LARGE_BYTES = 96 * MB;
/** What is on its way when a sink says that it is full: a socket's receive buffer, 32 MB at most on Linux. */
const HELD_BYTES_MAX = 40 * MB;

/** Hashes what it takes, a piece at a time, and knows the most it ever held. */
class Sink extends Writable {
  readonly #hash = createHash('sha256');
  readonly #waitMs: number;
  bytes = 0;
  heldMax = 0;

  constructor(waitMs: number) {
    super({ highWaterMark: 65_536 });
    this.#waitMs = waitMs;
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.heldMax = Math.max(this.heldMax, this.writableLength);
    this.bytes += chunk.length;
    this.#hash.update(chunk);
    if (this.#waitMs === 0) done();
    else setTimeout(done, this.#waitMs);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** How both HTTP adapters hand over a body that is larger than what may be held of it. */
export function describeBodyStream(backend: HttpBackend): void {
  describe(`streams of ${backend.name}`, () => {
    let server: HttpServer;
    let errors: unknown[] = [];
    let turnedAway: string[] = [];
    let sinks: Sink[] = [];
    let broken: string[] = [];
    let replies: HttpReply[] = [];

    async function start(): Promise<number> {
      [errors, turnedAway, sinks, broken, replies] = [[], [], [], [], []];
      const routes = [
        streaming('/take', 0),
        streaming('/impatient', 0, 1000),
        streaming('/slow', 2),
        {
          ...streaming('/unwanted', 0),
          handler: (_: unknown, reply: HttpReply) => reply.empty(415),
        },
        {
          ...streaming('/unwanted-later', 0),
          handler: (_: unknown, reply: HttpReply) => void setTimeout(() => reply.empty(415), 50),
        },
        route('GET', '/now', (reply) => reply.send(200, 'text/plain', 'now')),
      ];
      server = await backend.listen(routes, {
        ...{ host: '127.0.0.1', port: 0, shared: false },
        onError: (error) => errors.push(error),
        onTurnedAway: (why) => turnedAway.push(why),
      });
      return server.port;
    }

    function streaming(pattern: string, waitMs: number, stalledMs = PATIENT_MS): Route {
      return {
        method: 'POST',
        pattern,
        bodyBytesMax: BODY_BYTES_MAX,
        streams: { stalledMs },
        handler: (request, reply) => {
          const sink = new Sink(waitMs);
          sinks.push(sink);
          replies.push(reply);
          request.receive(sink);
          finished(sink).then(
            () => reply.send(200, 'text/plain', `${sink.bytes} ${sink.digest()}`),
            (error: Error) => {
              broken.push(`${error.name} ${error.message}`);
              reply.empty(400);
            },
          );
        },
      };
    }

    afterEach(() => server.drain(0));

    it('passes on a body much larger than what is held of it, byte by byte', async () => {
      const port = await start();
      const sent = sendLarge(port, '/take', LARGE_BYTES);
      expect(await sent.answer).toBe(`${LARGE_BYTES} ${sent.digest()}`);
      expect(sinks[0]!.heldMax).toBeLessThan(HELD_BYTES_MAX);
    });

    it('waits for whoever takes it', async () => {
      const port = await start();
      const sent = sendLarge(port, '/slow', LARGE_BYTES);
      expect(await sent.answer).toBe(`${LARGE_BYTES} ${sent.digest()}`);
      expect(sinks[0]!.heldMax).toBeLessThan(HELD_BYTES_MAX);
      expect(turnedAway).toEqual([]);
    });

    it('goes on with the next request', async () => {
      const { text } = await talk(
        await start(),
        post('/impatient', 6, 'abc'),
        `def${get('/now')}${post('/take', 2, 'hi')}`,
      );
      expect(statusesOf(text)).toBe('200 200 200');
      expect(text).toContain(`6 ${createHash('sha256').update('abcdef').digest('hex')}`);
    });

    it('ends at once what has no bytes', async () => {
      expect(bodyOf((await talk(await start(), post('/take', 0, ''))).text)).toMatch(/^0 /);
    });

    it('tells who takes it that the client left', async () => {
      const socket = connect(await start(), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(post('/take', 1000, 'abc'));
      await until(() => sinks[0]?.bytes === 3);
      socket.destroy();
      await until(() => broken.length === 1);
      expect(broken).toEqual(['BodyBroken the client left']);
      expect(replies[0]!.aborted).toBe(true);
      expect(errors).toEqual([]);
    });

    it('turns away a client of whom nothing comes, and not one who is only slow', async () => {
      const port = await start();
      const parts = ['a', 'b', 'c', 'd', 'e', 'f'];
      const slow = talkSlowly(port, post('/impatient', 6, ''), parts, 150);
      const { text } = await talkUntilClosed(port, post('/impatient', 6, 'abc'));
      expect(statusesOf(text)).toBe('408');
      expect(turnedAway).toEqual(['slow-body']);
      expect(broken).toEqual(['BodyBroken nothing came of it for too long']);
      expect(statusesOf(await slow)).toBe('200');
      expect(errors).toEqual([]);
    });

    it.each([
      ['', '/unwanted'],
      [', later', '/unwanted-later'],
    ])('may be refused%s before it is whole, and closes', async (_, path) => {
      const { text, closed } = await talk(await start(), post(path, 10_000, ''), 'abc');
      expect(statusesOf(text)).toBe('415');
      expect(closed).toBe(true);
      expect(errors).toEqual([]);
    });

    it('never runs what stands in a body that was not wanted', async () => {
      const { text } = await talk(await start(), post('/unwanted', 10_000, get('/now')));
      expect(statusesOf(text)).not.toContain('200');
    });

    it.each([
      ['413', `Content-Length: ${BODY_BYTES_MAX + 1}\r\n\r\nabc`],
      ['400', '\r\n'],
      ['411', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ])('refuses with %s as ever', async (status, rest) => {
      const bytes = `POST /take HTTP/1.1\r\n${HOST}${rest}`;
      const { text, closed } = await talk(await start(), bytes);
      expect(statusesOf(text)).toBe(status);
      expect(closed).toBe(true);
      expect(sinks).toEqual([]);
    });

    it('tells who asks first to go on', async () => {
      const head = `POST /take HTTP/1.1\r\n${HOST}Content-Length: 3\r\nExpect: 100-continue\r\n\r\n`;
      const { text } = await talk(await start(), head, 'abc');
      expect(statusesOf(text)).toBe('100 200');
    });

    it('cuts off what is not whole when the server must stop', async () => {
      const socket = connect(await start(), '127.0.0.1');
      socket.on('error', () => {});
      socket.write(post('/take', 1000, 'abc'));
      await until(() => sinks[0]?.bytes === 3);
      await server.drain(50);
      await until(() => broken.length === 1);
      socket.destroy();
    });
  });
}

function sendLarge(port: number, path: string, bytes: number) {
  const hash = createHash('sha256');
  const body = new PassThrough();
  const socket = connect(port, '127.0.0.1');
  const piece = Buffer.alloc(MB);
  const write = async () => {
    socket.write(post(path, bytes, ''));
    body.pipe(socket, { end: false });
    for (let sent = 0, i = 1; sent < bytes; sent += MB, i++) {
      piece.fill(i % 251);
      hash.update(piece);
      if (!body.write(Buffer.from(piece))) await new Promise((go) => body.once('drain', go));
    }
  };
  const answer = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
    socket.on('data', (chunk) => {
      text += chunk;
      if (!/\r\n\r\n./s.test(text)) return;
      resolve(bodyOf(text));
      socket.destroy();
    });
  });
  void write();
  return { answer, digest: () => hash.digest('hex') };
}

async function talkSlowly(
  port: number,
  head: string,
  parts: readonly string[],
  everyMs: number,
): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(head);
  for (const part of parts) {
    await sleep(everyMs);
    socket.write(part);
  }
  await until(() => text !== '');
  socket.destroy();
  return text;
}

async function talkUntilClosed(port: number, bytes: string): Promise<{ text: string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return { text };
}
