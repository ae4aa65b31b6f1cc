/** deploy/nginx.conf as an exchange, an attacker and a restarting bidder meet it. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../loadtest/free-ports.ts';
import { FrontProxy, noProxyReason } from './front-proxy.contract.ts';
import { RunningService } from './running-service.contract.ts';

const HOST = 'Host: localhost\r\n';
/** uWebSockets.js has closed an idle connection by then. */
const PAST_IDLE_CLOSE_MS = 13_000;
/** The least time after which uWebSockets.js was seen to close one. */
const IDLE_CLOSE_MS = 8_500;

function post(path: string, body: string, headers = ''): string {
  const length = Buffer.byteLength(body);
  return `POST ${path} HTTP/1.1\r\n${HOST}${headers}Content-Length: ${length}\r\n\r\n${body}`;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\n${HOST}\r\n`;

describe.skipIf(noProxyReason !== '')(`the front proxy over a service${noProxyReason}`, () => {
  let service: RunningService;
  let proxy: FrontProxy;
  let request: string;

  beforeAll(async () => {
    const [port] = await freePorts();
    const env = { REKINDLE_PUBLIC_URL: `https://localhost:${port}` };
    service = await RunningService.create({ customers: 2000, env });
    await service.start();
    proxy = await FrontProxy.start({ port, upstreamPort: service.port });
    ({ request } = await secureBid());
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    await service?.remove();
  });

  /** A request that got a bid, and its answer: asked again, the person may have reached a cap. */
  async function secureBid(): Promise<{ request: string; answer: string }> {
    for (let seed = 1; seed <= 20; seed++) {
      const sample = JSON.parse(service.run('sample', '--json', '--seed', String(seed)));
      for (const imp of sample.imp) imp.secure = 1;
      const asked = JSON.stringify(sample);
      const { status, body } = await proxy.ask(post('/bid/generic', asked));
      if (status === 200) return { request: asked, answer: body };
    }
    throw new Error('no sample got a bid through the proxy');
  }

  /** All of them must come from the service: the proxy itself answers 204 where that is away. */
  async function answersOfService(path: string, count: number) {
    const asked = await proxy.log(path, count);
    expect(asked.length).toBeGreaterThanOrEqual(count);
    for (const { upstream_status } of asked) expect(['200', '204']).toContain(upstream_status);
    return asked;
  }

  it('a secure bid comes through TLS, and its win notice goes back the same way', async () => {
    const { answer } = await secureBid();
    const [bid] = JSON.parse(answer).seatbid[0].bid;
    expect(bid.nurl).toMatch(/^https:\/\/localhost:\d+\/n\?/);
    const notice = new URL(bid.nurl.replace('${AUCTION_PRICE}', String(bid.price)));
    expect((await proxy.ask(get(notice.pathname + notice.search))).status).toBe(204);
    const batch = await proxy.ask(post('/l/batch', JSON.stringify([bid.lurl, 'x'])));
    expect(batch.status).toBe(200);
    await service.until('the notice counts', 3000, async () => {
      const counted = { kind: 'win', result: 'counted' };
      return (await service.counter('rekindle_notices_applied_total', counted)) === 1;
    });
  });

  it('a connection of an exchange outlives the idle close of uWebSockets.js', async () => {
    const connection = await proxy.connect();
    expect((await connection.ask(post('/bid/generic', request))).status).not.toBe(0);
    await sleep(PAST_IDLE_CLOSE_MS);
    expect(connection.closed).toBe(false);
    for (let i = 0; i < 5; i++) await connection.ask(post('/bid/generic', request));
    connection.close();
    const bids = await answersOfService('/bid/generic', 6);
    expect(bids.at(-1)?.['requests_on_connection']).toBe(6);
  });

  it.each([
    [
      'Content-Length beside Transfer-Encoding',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    ],
    ['two Content-Length that differ', 'Content-Length: 5\r\nContent-Length: 10\r\n'],
    ['two Content-Length that agree', 'Content-Length: 5\r\nContent-Length: 5\r\n'],
    ['a Content-Length that is no number', 'Content-Length: +5\r\n'],
    ['an encoding nobody knows', 'Transfer-Encoding: xchunked\r\n'],
  ])('refuses %s and closes', async (_, headers) => {
    const refused = `/bid/refused-${headers.length}`;
    const connection = await proxy.connect();
    const { status } = await connection.ask(
      `POST ${refused} HTTP/1.1\r\n${HOST}${headers}\r\n0\r\n\r\n${get('/bid/smuggled')}`,
    );
    expect([400, 501]).toContain(status);
    await service.until('the connection is closed', 3000, async () => connection.closed);
    expect(await proxy.log(refused, 1)).toMatchObject([{ upstream_status: '' }]);
    expect(await proxy.log('/bid/smuggled', 0)).toEqual([]);
  });

  it('takes what uWebSockets.js does not: a chunked body, HTTP/1.0, a hundred headers', async () => {
    const size = Buffer.byteLength(request).toString(16);
    const chunks = `${size}\r\n${request}\r\n0\r\n\r\n`;
    await proxy.ask(
      `POST /bid/generic HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${chunks}`,
    );
    const many = Array.from({ length: 100 }, (_, i) => `X-Header-${i}: ${i}\r\n`).join('');
    await proxy.ask(post('/bid/generic', request, many));
    await answersOfService('/bid/generic', 2);
    expect((await proxy.ask('GET /readyz HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('holds the limits of sizes and of time', async () => {
    const tooLarge = `POST /bid/generic HTTP/1.1\r\n${HOST}Content-Length: 262145\r\n\r\n`;
    expect((await proxy.ask(tooLarge)).status).toBe(413);
    const tooLong = `GET /readyz HTTP/1.1\r\n${HOST}X-Long: ${'x'.repeat(9000)}\r\n\r\n`;
    expect((await proxy.ask(tooLong)).status).toBe(400);
    const startMs = performance.now();
    const slow = await Promise.all([
      proxy.ask('GET /readyz HTTP/1.1\r\nHost: loc'),
      proxy.ask(`POST /bid/generic HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhal`),
    ]);
    expect(slow.map(({ status }) => status)).toEqual([0, 0]);
    expect(performance.now() - startMs).toBeLessThan(8000);
  });

  it('leads nowhere near the admin port', async () => {
    const adminPort = new URL(service.admin).port;
    for (const path of [
      '/metrics',
      '/version',
      '/api/explain',
      '/bid/../metrics',
      '/bid/%2e%2e/metrics',
      '//metrics',
      `http://127.0.0.1:${adminPort}/metrics`,
    ]) {
      const { status, body } = await proxy.ask(get(path));
      expect([path, status]).toEqual([path, 404]);
      expect(body).not.toContain('rekindle_');
    }
    const named = `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:${adminPort}\r\n\r\n`;
    expect((await proxy.ask(named)).status).toBe(404);
  });
});

describe.skipIf(noProxyReason !== '')(`the front proxy and its upstream${noProxyReason}`, () => {
  let upstream: Upstream;
  let proxy: FrontProxy;

  beforeAll(async () => {
    upstream = await Upstream.listen();
    const [port] = await freePorts();
    proxy = await FrontProxy.start({ port, upstreamPort: upstream.port });
  });
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    upstream?.close();
  });

  it('hands on the headers Rekindle reads and no other', async () => {
    const forged = 'X-Forwarded-For: 1.2.3.4\r\nCookie: a=b\r\nOrigin: https://shop.example\r\n';
    await proxy.ask(post('/e/demo', '{}', `${forged}Content-Type: text/plain\r\n`));
    const names = [...upstream.heard.matchAll(/^([\w-]+):/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual(['Content-Length', 'Content-Type', 'Host', 'Origin']);
  });

  it('closes an idle connection before uWebSockets.js would', async () => {
    await proxy.ask(post('/bid/generic', '{}'));
    const startMs = performance.now();
    await upstream.closed();
    expect(performance.now() - startMs).toBeLessThan(IDLE_CLOSE_MS - 2000);
  });

  it('asks again when a kept connection dies under a bid or a notice', async () => {
    for (const again of [post('/bid/generic', '{}'), post('/n?t=1', '{}')]) {
      await proxy.ask(post('/bid/generic', '{}'));
      upstream.dropsNext = true;
      expect((await proxy.ask(again)).status).toBe(200);
      expect(upstream.dropsNext).toBe(false);
    }
  });

  it('turns a bidder that is away into a no-bid, and a notice into an error to repeat', async () => {
    upstream.close();
    expect((await proxy.ask(post('/bid/generic', '{}'))).status).toBe(204);
    expect((await proxy.ask(get('/b?t=1'))).status).toBe(502);
  });
});

/** Answers every request with 200; may drop a kept connection instead, as a process that ends does. */
class Upstream {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly port: number;
  heard = '';
  dropsNext = false;

  static async listen(): Promise<Upstream> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Upstream(server);
  }

  private constructor(server: Server) {
    this.#server = server;
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('data', (chunk) => this.#answer(socket, chunk.toString()));
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  #answer(socket: Socket, text: string): void {
    this.heard = text;
    if (this.dropsNext) {
      this.dropsNext = false;
      socket.destroy();
    } else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  }

  /** When the last connection has gone. */
  async closed(): Promise<void> {
    while (this.#sockets.size > 0) await sleep(20);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
