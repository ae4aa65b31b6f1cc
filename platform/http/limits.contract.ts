import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpBackend, HttpServer, ListenOptions, TurnedAway } from './http-port.ts';
import { bodyOf, echoRoutes, get, post, statusesOf, talk, until } from './http-talk.contract.ts';

const BODY_MS_MAX = 2_000;

/** What both HTTP adapters let strangers hold: connections, and bodies that do not come. */
export function describeLimits(backend: HttpBackend): void {
  describe(`limits of ${backend.name}`, () => {
    let server: HttpServer;
    let turnedAway: TurnedAway[] = [];
    let clients: Client[] = [];

    async function start(options: Partial<ListenOptions> = {}): Promise<void> {
      turnedAway = [];
      const onTurnedAway = (why: TurnedAway) => turnedAway.push(why);
      const base = { host: '127.0.0.1', port: 0, shared: false, onTurnedAway };
      server = await backend.listen(echoRoutes(), { ...base, ...options });
    }

    function opens(count: number): readonly Client[] {
      const opened = Array.from({ length: count }, () => new Client(server.port));
      clients.push(...opened);
      return opened;
    }

    afterEach(async () => {
      for (const client of clients) client.leave();
      clients = [];
      await server.drain(0);
    });

    it.each([
      ['trickles in', 100],
      ['never begins', 0],
    ])('a body that %s is answered 408 within its deadline, and closed', async (_, everyMs) => {
      await start();
      const [client] = opens(1);
      const startedMs = performance.now();
      client!.write(post('/bid/x', 10_000, ''));
      const trickle = everyMs > 0 ? setInterval(() => client!.write('a'), everyMs) : undefined;
      await client!.closed;
      clearInterval(trickle);
      const tookMs = performance.now() - startedMs;
      expect(statusesOf(client!.text)).toBe('408');
      expect(tookMs).toBeGreaterThan(BODY_MS_MAX - 100);
      // Before the ten seconds of either backend's own timeout, however busy the machine is.
      expect(tookMs).toBeLessThan(BODY_MS_MAX + 3_000);
      expect(turnedAway).toEqual(['slow-body']);
    });

    it('a body that took its time, but not too long, leaves the connection as it was', async () => {
      await start();
      const [client] = opens(1);
      for (let request = 1; request <= 2; request++) {
        client!.write(post('/bid/x', 4, ''));
        for (const part of ['a', 'b', 'c', 'd']) {
          await sleep(150);
          client!.write(part);
        }
        await until(() => statusesOf(client!.text).split(' ').length === request);
        if (request === 1) await sleep(BODY_MS_MAX);
      }
      expect(statusesOf(client!.text)).toBe('200 200');
      expect(bodyOf(client!.text)).toMatch(/ abcd$/);
      expect(turnedAway).toEqual([]);
    });

    it('many slow bodies are turned away together, and hold nobody up', async () => {
      await start();
      const slow = opens(200);
      for (const client of slow) client.write(post('/size', 200_000, 'x'.repeat(50_000)));
      await sleep(200);
      expect(statusesOf((await talk(server.port, post('/bid/x', 2, 'hi'))).text)).toBe('200');
      await Promise.all(slow.map(({ closed }) => closed));
      expect(turnedAway).toHaveLength(200);
      expect(statusesOf((await talk(server.port, post('/bid/x', 2, 'hi'))).text)).toBe('200');
    });

    it('a slow client that leaves is nobody turned away', async () => {
      await start();
      const [client] = opens(1);
      client!.write(post('/bid/x', 10, 'abc'));
      await sleep(100);
      client!.leave();
      await sleep(BODY_MS_MAX + 200);
      expect(turnedAway).toEqual([]);
    });

    it('connections over the bound are closed at once, those within it are served', async () => {
      await start({ connectionsMax: 20 });
      const [first, ...idle] = opens(20);
      await Promise.all([first!, ...idle].map(({ connected }) => connected));
      const flood = opens(60);
      await Promise.all(flood.map(({ closed }) => closed));
      expect(turnedAway).toEqual(flood.map(() => 'connections'));
      first!.write(get('/health'));
      await until(() => statusesOf(first!.text) === '200');
      expect(idle.filter(({ isClosed }) => isClosed)).toEqual([]);
      for (const client of idle) client.leave();
      await sleep(100);
      expect(statusesOf((await talk(server.port, get('/health'))).text)).toBe('200');
    });
  });
}

/** A client on a connection of its own that hears what it is told. */
class Client {
  text = '';
  isClosed = false;
  readonly connected: Promise<unknown>;
  readonly closed: Promise<unknown>;
  readonly #socket: Socket;

  constructor(port: number) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.text += chunk;
    });
    this.connected = new Promise((resolve) => socket.once('connect', resolve));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.isClosed = true;
        resolve(null);
      });
    });
  }

  write(bytes: string): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  leave(): void {
    this.#socket.destroy();
  }
}
