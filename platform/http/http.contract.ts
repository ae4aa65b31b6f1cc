import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpBackend, HttpReply, HttpServer, Route } from './http-port.ts';
import { PortInUse } from './http-port.ts';
import {
  bodyOf,
  echoRoutes,
  get,
  HOST,
  headers,
  post,
  route,
  statusesOf,
  talk,
  until,
} from './http-talk.contract.ts';

/** Where the adapters may differ: each is written in http-port.ts. */
export interface BackendTraits {
  readonly http10: RegExp;
  readonly manyHeaders: RegExp;
  readonly conflictOnNamedRoute: RegExp;
  readonly latePipelined: 'both' | 'none';
}

/** The suite both HTTP adapters pass. */
export function describeHttpBackend(backend: HttpBackend, traits: BackendTraits): void {
  describe(`HTTP port on ${backend.name}`, () => {
    let server: HttpServer | undefined;
    let errors: unknown[] = [];

    afterEach(async () => {
      await server?.drain(0);
      server = undefined;
    });

    async function start(routes: readonly Route[] = echoRoutes()): Promise<number> {
      errors = [];
      const onError = (error: unknown) => errors.push(error);
      server = await backend.listen(routes, { host: '127.0.0.1', port: 0, shared: false, onError });
      return server.port;
    }

    async function exchange(bytes: string, routes?: readonly Route[]): Promise<string> {
      return (await talk(await start(routes), bytes)).text;
    }

    async function check(bytes: string, expected: RegExp | string): Promise<void> {
      const text = await exchange(bytes);
      if (typeof expected === 'string') expect(statusesOf(text)).toBe(expected);
      else expect(text).toMatch(expected);
    }

    describe('routes', () => {
      it('hands over method, path, query, params, header and body', async () => {
        const text = await exchange(
          `POST /bid/acme%20x?a=1&b=%20 HTTP/1.1\r\n${HOST}X-Trace: t1\r\nContent-Length: 5\r\n\r\nhello`,
        );
        expect(bodyOf(text)).toBe('POST /bid/acme%20x a=1&b=%20 [acme x] t1 hello');
      });

      it('hands over a request without a body', () =>
        check(`GET /health HTTP/1.1\r\n${HOST}\r\n`, /\r\n\r\nGET \/health {2}\[\] $/));

      it('answers 404 for an unknown path', () => check(get('/nowhere'), '404'));
      it('answers 404 for a param that is no percent-encoding', () =>
        check(get('/late/%ff'), '404'));
      it('answers 405 with Allow for an unknown method', () =>
        check(`DELETE /health HTTP/1.1\r\n${HOST}\r\n`, /^HTTP\/1.1 405 .*\r\nAllow: GET, HEAD/is));

      it('answers HEAD as GET without the body, and goes on', async () => {
        const text = await exchange(`HEAD /health HTTP/1.1\r\n${HOST}\r\n${get('/empty/204')}`);
        expect(statusesOf(text)).toBe('200 204');
        expect(text).toMatch(/content-length: 17\r\n/i);
        expect(text).not.toContain('HEAD /health');
      });

      it('answers 404 to a request with a body and reads the next one', () =>
        check(
          `POST /nowhere HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nhi${get('/health')}`,
          '404 200',
        ));
    });

    describe('bodies', () => {
      it('come whole when the client dribbles them', async () => {
        const port = await start();
        const parts = [post('/bid/x', 6, ''), 'ab', 'cd', 'ef'];
        expect(bodyOf((await talk(port, ...parts)).text)).toMatch(/ abcdef$/);
      });

      it('up to the bound are taken, byte by byte equal', async () => {
        const body = 'x'.repeat(200_000);
        const text = await exchange(post('/size', body.length, body));
        expect(bodyOf(text)).toBe('200000 x');
      });

      it('over the bound are refused by their Content-Length at once, and the connection closed', async () => {
        const { text, closed } = await talk(await start(), post('/bid/x', 1_000_000, 'abc'));
        expect(statusesOf(text)).toBe('413');
        expect(closed).toBe(true);
      });

      it('of length 0 are empty bodies', () => check(post('/bid/x', 0, ''), /\[x\] {2}$/));
    });

    describe('framing', () => {
      const refused: readonly [string, string, RegExp][] = [
        ['Transfer-Encoding', 'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', /^411$/],
        [
          'Transfer-Encoding that is not chunked',
          'Transfer-Encoding: identity\r\n\r\n',
          /^(411|400|501)$/,
        ],
        ['no Content-Length', '\r\n', /^400$/],
        ['an empty Content-Length', 'Content-Length: \r\n\r\n', /^400$/],
        ['a Content-Length that is no number', 'Content-Length: abc\r\n\r\nhello', /^400$/],
        ['a signed Content-Length', 'Content-Length: +5\r\n\r\nhello', /^400$/],
        ['a negative Content-Length', 'Content-Length: -5\r\n\r\nhello', /^400$/],
        ['a listed Content-Length', 'Content-Length: 5, 5\r\n\r\nhello', /^400$/],
        ['a huge Content-Length', 'Content-Length: 99999999999999999999\r\n\r\nhello', /^400$/],
        [
          'conflicting Content-Lengths',
          'Content-Length: 5\r\nContent-Length: 9\r\n\r\nhelloabcd',
          /^400$/,
        ],
        [
          'both framings',
          'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
          /^(400|411)$/,
        ],
      ];
      for (const [title, rest, status] of refused)
        it(`with ${title} on a body route is refused and the connection closed`, async () => {
          const { text, closed } = await talk(
            await start(),
            `POST /bid/x HTTP/1.1\r\n${HOST}${rest}`,
          );
          expect(statusesOf(text)).toMatch(status);
          expect(closed).toBe(true);
        });

      it.each(['/health', '/nowhere'])('with Transfer-Encoding is refused on %s too', (path) =>
        check(`GET ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '411'),
      );

      it('with Transfer-Encoding never runs a request smuggled behind it', async () => {
        const ran: string[] = [];
        const routes = [
          route('GET', '/smuggled', (reply) => {
            ran.push('smuggled');
            reply.empty(204);
          }),
        ];
        await exchange(
          `POST /x HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${get('/smuggled')}`,
          routes,
        );
        expect(ran).toEqual([]);
      });

      it(`with conflicting Content-Lengths on a route that names its headers: ${traits.conflictOnNamedRoute}`, async () => {
        const two = 'Content-Length: 5\r\nContent-Length: 9\r\n\r\nhelloabcd';
        const text = await exchange(`POST /size HTTP/1.1\r\n${HOST}${two}`);
        expect(statusesOf(text)).toMatch(traits.conflictOnNamedRoute);
      });

      it(`of HTTP/1.0 is answered ${traits.http10}`, () =>
        check(`GET /health HTTP/1.0\r\n${HOST}\r\n`, traits.http10));

      it('with 60 headers is served', () =>
        check(`GET /health HTTP/1.1\r\n${HOST}${headers(60)}\r\n`, '200'));
      it(`with 110 headers is answered ${traits.manyHeaders}`, () =>
        check(`GET /health HTTP/1.1\r\n${HOST}${headers(110)}\r\n`, traits.manyHeaders));
    });

    describe('replies', () => {
      it('204 have no Content-Length and no body', async () => {
        const text = await exchange(get('/empty/204'));
        expect(text).toMatch(/^HTTP\/1.1 204 No Content\r\n/);
        expect(text).not.toMatch(/content-length|transfer-encoding/i);
      });
      it('other empty ones have Content-Length: 0', () =>
        check(get('/empty/400'), /^HTTP\/1.1 400 .*content-length: 0\r\n/is));
      it('carry further headers', () =>
        check(get('/redirect'), /^HTTP\/1.1 302 .*\r\nLocation: https:\/\/x.example\/\r\n/s));
      it('carry UTF-8 with its length in bytes', () =>
        check(get('/utf8'), /content-length: 5\r\n(.*\r\n)?\r\nп€$/is));
      it('may be bytes', () => check(get('/bytes'), /content-length: 3\r\n(.*\r\n)?\r\nabc$/is));
      it('do not name the server', async () => {
        expect(await exchange(get('/health'))).not.toMatch(/server:|powered|sockets/i);
      });
      it('may come later', () => check(get('/late/a'), /\r\n\r\nlate a$/));
      it('may come later to a body', async () => {
        const text = await exchange(post('/late/b', 3, 'xyz'));
        expect(bodyOf(text)).toBe('late b');
      });
      it('come in order to pipelined requests', async () => {
        const text = await exchange(
          get('/empty/204') + post('/bid/x', 2, 'hi') + get('/empty/404'),
        );
        expect(statusesOf(text)).toBe('204 200 404');
      });
      it(`that come late to pipelined requests: ${traits.latePipelined} arrive`, async () => {
        const text = await exchange(get('/late/1') + get('/late/2'));
        expect(statusesOf(text)).toBe(traits.latePipelined === 'both' ? '200 200' : '');
      });
      it('keep the connection', async () => {
        const port = await start();
        const { text, closed } = await talk(port, get('/health'), get('/health'), get('/health'));
        expect(statusesOf(text)).toBe('200 200 200');
        expect(closed).toBe(false);
      });
      it('close the connection when the client asks', async () => {
        const bytes = `GET /health HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
        expect((await talk(await start(), bytes)).closed).toBe(true);
      });
    });

    describe('our bugs', () => {
      it.each(['/throws', '/throws-late-body'])(
        'a throw in %s is answered 500 and told once',
        async (path) => {
          const text = await exchange(path === '/throws' ? get(path) : post(path, 2, 'hi'));
          expect(statusesOf(text)).toBe('500');
          expect(errors).toEqual([new Error('broken')]);
        },
      );
      it('a second answer is told, and the first one stands', async () => {
        const text = await exchange(get('/twice'));
        expect(statusesOf(text)).toBe('204');
        expect(String(errors)).toContain('answered twice');
      });
      it.each(['a\r\nSet-Cookie: b', 'ü', '\u0000'])(
        'a header %j is answered 500 and told',
        async (value) => {
          const routes = [
            route('GET', '/x', (reply) => reply.sendWith(302, [['Location', value]], '')),
          ];
          expect(statusesOf(await exchange(get('/x'), routes))).toBe('500');
          expect(String(errors)).toContain('"Location" is not printable ASCII');
        },
      );
      it('asking for a header the route does not name is told', async () => {
        const text = await exchange(get('/unnamed'));
        expect(statusesOf(text)).toBe('500');
        expect(String(errors)).toContain('x-other');
      });
    });

    it('does nothing when answering after the client has gone', async () => {
      let reply: HttpReply | undefined;
      const hang = route('GET', '/hang', (given) => {
        reply = given;
      });
      const port = await start([hang]);
      const socket = connect(port, '127.0.0.1');
      socket.write(get('/hang'));
      await until(() => reply !== undefined);
      socket.destroy();
      await until(() => reply!.aborted);
      reply!.send(200, 'text/plain', 'nobody hears');
      reply!.empty(204);
      expect(errors).toEqual([]);
      expect(statusesOf((await talk(port, get('/nowhere'))).text)).toBe('404');
    });

    it('refuses a port that is taken', async () => {
      const port = await start();
      const again = backend.listen(echoRoutes(), { host: '127.0.0.1', port, shared: false });
      await expect(again).rejects.toThrow(PortInUse);
    });
  });
}
