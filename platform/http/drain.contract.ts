import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { HttpBackend, HttpReply, HttpServer } from './http-port.ts';
import { get, route, statusesOf, talk, until } from './http-talk.contract.ts';

/** How both HTTP adapters stop, and what they keep of clients that leave. */
export function describeDrain(backend: HttpBackend): void {
  describe(`drain of ${backend.name}`, () => {
    let replies: HttpReply[] = [];

    function start(): Promise<HttpServer> {
      replies = [];
      const routes = [
        route('GET', '/hang', (reply) => {
          replies.push(reply);
        }),
        route('GET', '/now', (reply) => reply.send(200, 'text/plain', 'now')),
        route('GET', '/none', (reply) => reply.empty(204)),
      ];
      return backend.listen(routes, { host: '127.0.0.1', port: 0, shared: false });
    }

    it('answers what is in hand with Connection: close, and then ends', async () => {
      const server = await start();
      const talking = talk(server.port, get('/hang'), '', '', '', '');
      await until(() => replies.length === 1);
      const drained = server.drain(5_000);
      replies[0]!.send(200, 'text/plain', 'late');
      const { text, closed } = await talking;
      expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n(.*\r\n)?Connection: close\r\n.*late$/is);
      expect(closed).toBe(true);
      await drained;
    });

    it('takes no new connections', async () => {
      const server = await start();
      const talking = talk(server.port, get('/hang'));
      await until(() => replies.length === 1);
      const drained = server.drain(100);
      const refused = connect(server.port, '127.0.0.1');
      const code = await new Promise((resolve) => {
        refused.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
      });
      expect(code).toBe('ECONNREFUSED');
      await Promise.all([drained, talking]);
    });

    it('cuts off at the deadline what nobody answers, and the late answer does nothing', async () => {
      const server = await start();
      const talking = talk(server.port, get('/hang'), '', '', '', '', '', '', '', '', '');
      await until(() => replies.length === 1);
      const startedMs = performance.now();
      await server.drain(100);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      expect((await talking).closed).toBe(true);
      await until(() => replies[0]!.aborted);
      replies[0]!.send(200, 'text/plain', 'too late');
    });

    it('does not wait for idle connections', async () => {
      const server = await start();
      const idle = connect(server.port, '127.0.0.1');
      idle.on('error', () => {});
      idle.write(get('/none'));
      await new Promise((resolve) => idle.once('data', resolve));
      const closed = new Promise((resolve) => idle.once('close', resolve));
      const startedMs = performance.now();
      await server.drain(5_000);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
      await closed;
    });

    it('leaves the port free for the next one', async () => {
      const server = await start();
      const { port } = server;
      await talk(port, get('/now'));
      await server.drain(1_000);
      const next = await backend.listen([], { host: '127.0.0.1', port, shared: false });
      expect(statusesOf((await talk(port, get('/now'))).text)).toBe('404');
      await next.drain(0);
    });

    it('holds nothing of 500 clients that left before their answer', async () => {
      const server = await start();
      for (let batch = 1; batch <= 10; batch++) {
        const sockets = askAndHang(server.port, 50);
        await until(() => replies.length === batch * 50);
        for (const socket of sockets) socket.destroy();
      }
      await until(() => replies.filter(({ aborted }) => aborted).length >= replies.length);
      for (const reply of replies) reply.empty(204);
      const startedMs = performance.now();
      await server.drain(5_000);
      expect(performance.now() - startedMs).toBeLessThan(1_000);
    });
  });
}

function askAndHang(port: number, clients: number): readonly Socket[] {
  return Array.from({ length: clients }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(get('/hang'));
    return socket;
  });
}
