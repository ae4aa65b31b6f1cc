import { describe, expect, it } from 'vitest';
import { type FetchRules, fetchText } from './fetch-text.ts';
import { openWeb, type Web } from './web.contract.ts';

const FILE = { path: '/ads.txt', bytesMax: 1000 };
const TEXT = 'ssp.example,1,DIRECT\n';
const ok = { state: 'ok', text: TEXT };

function get(web: Web, rules: Partial<FetchRules> = {}) {
  return fetchText('a.example', FILE, { ...web.rules, ...rules });
}

function because(why: string) {
  return { state: 'unreachable', why: expect.stringContaining(why) };
}

/** Of a web with these redirects and a file at every other place that is named. */
async function follow(...hops: readonly (readonly [from: string, to: string])[]) {
  await using web = await openWeb();
  for (const page of ['a.example/end', 'www.a.example/ads.txt', 'b.example/ads.txt'])
    web.pages.set(page, { body: TEXT });
  for (const [from, to] of hops) {
    const location = /^[a-z.]+\.example\//.test(to) ? web.url(to) : to;
    web.pages.set(from, { status: 302, headers: { location } });
  }
  return await get(web);
}

it('fetches over http what https does not give', async () => {
  await using web = await openWeb();
  web.pages.set('a.example/ads.txt', { body: 'ü', headers: { expires: 'x' } });
  expect(await get(web)).toMatchObject({ state: 'ok', text: 'ü', headers: { expires: 'x' } });
  expect(web.sent[0]).toMatchObject({ 'accept-encoding': 'identity' });
});

describe('redirects', () => {
  const along = (...paths: string[]) =>
    paths.map((path, i) => [`a.example${i === 0 ? '/ads.txt' : paths[i - 1]}`, path] as const);

  it('are followed within the domain, up to five', async () => {
    expect(await follow(...along('/1', '/2', '/3', '/4', '/end'))).toMatchObject(ok);
    expect(await follow(['a.example/ads.txt', 'www.a.example/ads.txt'])).toMatchObject(ok);
    const six = along('/0', '/1', '/2', '/3', '/4', '/end');
    expect(await follow(...six)).toEqual(because('more than 5 redirects'));
  });

  it('lead to another domain once, and nowhere from there', async () => {
    const away = ['a.example/ads.txt', 'b.example/ads.txt'] as const;
    expect(await follow(away)).toMatchObject(ok);
    for (const on of ['/end', 'a.example/end', 'c.example/ads.txt'])
      expect(await follow(away, ['b.example/ads.txt', on])).toEqual(
        because('a redirect behind one to another domain'),
      );
  });

  it.each([
    ['http://127.0.0.1/ads.txt', '127.0.0.1 is no domain'],
    ['http://[::1]/ads.txt', '[::1] is no domain'],
    ['http://localhost/ads.txt', 'localhost is no domain'],
    ['http://a.example:22/', 'port 22 is not asked'],
    ['file:///etc/passwd', 'file: is not fetched'],
    ['http://', 'Invalid URL'],
  ])('to %s are not followed', async (location, why) =>
    expect(await follow(['a.example/ads.txt', location])).toEqual(because(why)),
  );
});

describe('a file', () => {
  it.each([404, 410])('is absent where the server says %i', async (status) => {
    await using web = await openWeb();
    web.pages.set('a.example/ads.txt', { status });
    expect(await get(web)).toEqual({ state: 'absent' });
  });

  it.each([
    ['status 500', { status: 500 }],
    ['status 403', { status: 403 }],
    ['status 302', { status: 302 }],
    ['an HTML page', { headers: { 'content-type': 'text/html; charset=utf-8' }, body: TEXT }],
    ['gzip was not asked for', { headers: { 'content-encoding': 'gzip' }, body: TEXT }],
    ['more than 1000 bytes', { body: 'x'.repeat(1001) }],
  ])('cannot be had for %s', async (why, page) => {
    await using web = await openWeb();
    web.pages.set('a.example/ads.txt', page);
    expect(await get(web)).toEqual(because(why));
  });

  it('is read to its largest size', async () => {
    await using web = await openWeb();
    web.pages.set('a.example/ads.txt', { body: 'x'.repeat(1000) });
    expect(await get(web)).toMatchObject({ state: 'ok' });
  });

  it('cannot be had from a server that does not end, nor from one that breaks off', async () => {
    await using web = await openWeb();
    web.pages.set('a.example/ads.txt', (response) => void response.write('x'));
    expect(await get(web, { timeoutMs: 100 })).toEqual(because('no answer in 100 ms'));
    web.pages.set('a.example/ads.txt', (response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('x', () => response.destroy());
    });
    expect(await get(web)).toMatchObject({ state: 'unreachable' });
  });
});

describe('an address', () => {
  it('is not asked when it is private, whichever of a name it is', async () => {
    await using web = await openWeb();
    web.pages.set('a.example/ads.txt', { body: TEXT });
    const publicOne = { address: '8.8.8.8', family: 4 };
    for (const address of ['127.0.0.1', '::1', '10.0.0.1', '::ffff:127.0.0.1']) {
      const one = { address, family: address.includes(':') ? 6 : 4 };
      const fetched = await get(web, {
        allowPrivate: false,
        resolve: () => Promise.resolve([publicOne, one]),
      });
      expect(fetched).toEqual(because(`a.example: ${address} is not public`));
    }
    expect(web.asked).toEqual([]);
  });

  it('is the one that was checked: a name is resolved once for a connection', async () => {
    await using web = await openWeb();
    web.pages.set('a.example/ads.txt', { body: TEXT });
    const hosts: string[] = [];
    await get(web, {
      resolve: (host) => {
        hosts.push(host);
        return web.rules.resolve(host);
      },
    });
    // One for https, one for http.
    expect(hosts).toEqual(['a.example', 'a.example']);
  });

  it('that cannot be had is a reason, no exception', async () => {
    await using web = await openWeb();
    const resolve = () => Promise.reject(new Error('getaddrinfo ENOTFOUND a.example'));
    expect(await get(web, { resolve })).toEqual(because('ENOTFOUND'));
    expect(await get(web, { resolve: () => Promise.resolve([]) })).toEqual(because('no address'));
  });
});
