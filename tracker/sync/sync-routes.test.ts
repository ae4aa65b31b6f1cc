import { describe, expect, it } from 'vitest';
import { nodeBackend } from '../../platform/http/node-server.ts';
import { uwsBackend } from '../../platform/http/uws-server.ts';
import { tcf } from '../../privacy/consent-text.contract.ts';
import { syncsOf } from '../../store/syncs.contract.ts';
import { NOW_MS, until } from '../tracker-rig.contract.ts';
import { Browser, CONSENT, pair, rigWith, SYNC } from './sync-browser.contract.ts';
import { HOPS_MAX } from './sync-query.ts';

const locationOf = (response: Response): URL => new URL(response.headers.get('location') ?? '');

describe.each([nodeBackend, uwsBackend])('over $name', (backend) => {
  it('keeps what the exchange tells as keyed hashes, and gives the browser an id that lives on', async () => {
    await using rig = await rigWith({ backend });
    const browser = new Browser();
    const response = await browser.get(rig, `/sync/alpha?uid=theirs-1&us_privacy=1YNN`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(response.headers.getSetCookie()).toEqual([
      `__Host-rekindle=${browser.id}; Max-Age=5184000; Path=/; Secure; HttpOnly; SameSite=None`,
    ]);
    const { id } = browser;
    expect(id).toHaveLength(22);
    await browser.get(rig, `/sync/alpha?uid=theirs-2&us_privacy=1YNN`);
    expect(browser.id).toBe(id);
    await until(() => rig.tracker.settled());
    const kept = [pair(id, 'theirs-1'), pair(id, 'theirs-2')].sort();
    for (const shop of ['demo', 'other']) {
      expect(await syncsOf(rig.store, shop, NOW_MS)).toEqual(kept);
      expect(await syncsOf(rig.store, shop, NOW_MS + SYNC.ttlMs)).toEqual([]);
    }
    expect(rig.count('rekindle_syncs_total', 'alpha', 'kept')).toBe(2);
  });

  it('begins by sending the browser to the exchange with our id and what was said of consent', async () => {
    await using rig = await rigWith({ backend });
    const browser = new Browser();
    const response = await browser.get(rig, `/sync/alpha?${CONSENT}`);
    expect(response.status).toBe(302);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { origin, searchParams } = locationOf(response);
    expect(origin).toBe('https://sync.alpha.example');
    expect(Object.fromEntries(searchParams)).toEqual({
      u: browser.id,
      g: '1',
      c: tcf({}),
      p: '',
      h: '1',
    });
  });
});

it('sends the browser on to where the exchange wants it, with the id in its place', async () => {
  await using rig = await rigWith();
  const browser = new Browser();
  const redir = encodeURIComponent('https://sync.alpha.example/done?u={uid}&s={gpp_sid}');
  const response = await browser.get(rig, `/sync/alpha?uid=t&gpp_sid=-1&redir=${redir}`);
  expect(response.status).toBe(302);
  expect(locationOf(response).href).toBe(`https://sync.alpha.example/done?u=${browser.id}&s=-1`);
  await until(() => rig.tracker.settled());
  expect(await syncsOf(rig.store, 'demo', NOW_MS)).toEqual([pair(browser.id, 't')]);
});

it('is no open redirect: nobody is sent anywhere else, and nothing is kept', async () => {
  await using rig = await rigWith();
  for (const redir of [
    'https://evil.example/',
    'https://sync.alpha.example.evil.example/',
    'https://sync.alpha.example@evil.example/',
    'https://a:b@sync.alpha.example/',
    'https://a@sync.alpha.example/',
    'https://sync.alpha.example:8443/',
    'https://evil.example\\@sync.alpha.example/',
    'http://sync.alpha.example/',
    '//sync.alpha.example/',
    '/local',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://{uid}.evil.example/',
    `https://rk.example/sync/alpha?uid=1`,
    'https://sync.alpha.example\u3002evil.example/',
  ]) {
    const path = `/sync/alpha?uid=t&us_privacy=1YNN&redir=${encodeURIComponent(redir)}`;
    const response = await rig.get(path);
    expect([redir, response.status]).toEqual([redir, 400]);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.getSetCookie()).toEqual([]);
  }
  expect(await syncsOf(rig.store, 'demo', NOW_MS)).toEqual([]);
  expect(rig.tracker.settled()).toBe(true);
});

describe('a loop ends in the pixel', () => {
  /** Follows redirects through an exchange that always sends the browser back; counts ours. */
  async function follow(
    browser: Browser,
    path: string,
    back: (sent: URL) => string,
  ): Promise<{ redirects: number; status: number }> {
    await using rig = await rigWith();
    let next = path;
    for (let redirects = 0; ; redirects++) {
      const response = await browser.get(rig, next);
      if (response.status !== 302 || redirects > 20) return { redirects, status: response.status };
      next = back(locationOf(response));
    }
  }

  const redir = encodeURIComponent('https://sync.alpha.example/again?h={hop}');

  it('when the exchange sends back what we began', async () => {
    const back = (sent: URL) => `/sync/alpha?gdpr=0&hop=${sent.searchParams.get('h')}`;
    for (const keepsCookies of [true, false]) {
      const walk = await follow(new Browser(keepsCookies), '/sync/alpha?gdpr=0', back);
      expect(walk).toEqual({ redirects: 1, status: 200 });
    }
  });

  it('when the exchange sends back what we began and forgets how often', async () => {
    const walk = await follow(new Browser(), '/sync/alpha?gdpr=0', () => '/sync/alpha?gdpr=0');
    expect(walk).toEqual({ redirects: 1, status: 200 });
  });

  it('after five hops when the exchange goes on and on', async () => {
    const path = `/sync/alpha?uid=t&gdpr=0&redir=${redir}`;
    const counting = (sent: URL) => `${path}&hop=${sent.searchParams.get('h')}`;
    expect(await follow(new Browser(false), path, counting)).toEqual({
      redirects: HOPS_MAX,
      status: 200,
    });
    expect(await follow(new Browser(), path, () => path)).toEqual({
      redirects: HOPS_MAX,
      status: 200,
    });
  });

  it('at once when the count cannot be read', async () => {
    const path = `/sync/alpha?uid=t&gdpr=0&redir=${redir}&hop=-1`;
    expect(await follow(new Browser(), path, () => path)).toEqual({ redirects: 0, status: 200 });
  });
});

describe('promise 7: without consent there is no cookie, no record and no redirect', () => {
  const redir = encodeURIComponent('https://sync.alpha.example/?u={uid}');
  const withoutPurpose1 = tcf({ consents: [2, 3, 4, 7] });
  it.each([
    ['nothing is known', '', {}],
    ['consent is asked for and missing', 'gdpr=1', {}],
    ['storage is not consented to', `gdpr=1&gdpr_consent=${withoutPurpose1}`, {}],
    ['sale was opted out of', 'us_privacy=1YYN', {}],
    ['the browser says so', 'us_privacy=1YNN', { 'sec-gpc': '1' }],
  ] as const)('when %s', async (_, query, headers) => {
    await using rig = await rigWith();
    const browser = new Browser();
    browser.cookies.set('__Host-rekindle', 'a'.repeat(22));
    for (const path of [`/sync/alpha?uid=t&redir=${redir}&${query}`, `/sync/alpha?${query}`]) {
      const response = await browser.get(rig, path, headers);
      expect(response.status).toBe(204);
      expect(response.headers.getSetCookie()).toEqual([]);
      expect(response.headers.get('location')).toBeNull();
    }
    expect(rig.log.durable().offset).toBe(await emptyLogOffset());
    expect(await syncsOf(rig.store, 'demo', NOW_MS)).toEqual([]);
    expect(rig.count('rekindle_syncs_total', 'alpha', 'no_consent')).toBe(2);
  });

  it('for the shop whose vendor has none', async () => {
    await using rig = await rigWith();
    await rig.get(`/sync/alpha?uid=t&${CONSENT}`);
    await until(() => rig.tracker.settled());
    expect(await syncsOf(rig.store, 'demo', NOW_MS)).toHaveLength(1);
    expect(await syncsOf(rig.store, 'other', NOW_MS)).toEqual([]);
  });

  async function emptyLogOffset(): Promise<number> {
    await using rig = await rigWith();
    return rig.log.durable().offset;
  }
});

describe('opting out', () => {
  it('forgets the browser, ends its syncs, and is undone by going there only', async () => {
    await using rig = await rigWith();
    const browser = new Browser();
    await browser.get(rig, '/sync/alpha?uid=t&gdpr=0');
    const { id } = browser;
    expect((await browser.get(rig, '/sync/optout')).status).toBe(200);
    expect(browser.id).toBe('opted-out');
    await until(() => rig.tracker.settled());
    expect(await syncsOf(rig.store, 'demo', NOW_MS)).toEqual([]);
    expect((await browser.get(rig, '/sync/alpha?uid=t&gdpr=0')).status).toBe(204);
    expect((await browser.get(rig, '/sync/alpha?gdpr=0')).status).toBe(204);
    expect((await browser.get(rig, '/sync/optin', { 'sec-fetch-dest': 'image' })).status).toBe(403);
    expect(browser.id).toBe('opted-out');
    expect((await browser.get(rig, '/sync/optin', { 'sec-fetch-dest': 'document' })).status).toBe(
      200,
    );
    await browser.get(rig, '/sync/alpha?uid=t&gdpr=0');
    expect(browser.id).not.toBe(id);
    await until(() => rig.tracker.settled());
    expect(await syncsOf(rig.store, 'demo', NOW_MS)).toEqual([pair(browser.id, 't')]);
  });
});
