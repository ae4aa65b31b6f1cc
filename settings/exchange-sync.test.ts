import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSyncUrl, SYNC_PLACEHOLDERS, syncSchema } from './exchange-sync.ts';

const VALUES = {
  uid: 'id&1',
  hop: '1',
  gdpr: '1',
  gdpr_consent: 'C-_',
  us_privacy: '1YNN',
  gpp: 'DB~C',
  gpp_sid: '2,6',
};

describe('a sync section', () => {
  it('is a template, hosts and a life', () => {
    const url = 'https://sync.example.com/m?u={uid}&g={gdpr}';
    expect(syncSchema.parse({ url, redirect_hosts: ['a.example'], ttl: '14d' })).toEqual({
      url,
      redirectHosts: ['a.example'],
      ttlMs: 14 * 86_400_000,
    });
    expect(syncSchema.parse({})).toEqual({ url: '', redirectHosts: [], ttlMs: 30 * 86_400_000 });
  });

  it.each([
    { url: 'http://a.example/?u={uid}' },
    { url: 'https://a.example/?u=' },
    { url: 'https://a.example/?u={uid}&x={other}' },
    { url: 'https://a.example/?u={uid}{' },
    { url: 'https://{uid}.example/' },
    { url: 'https://a.example@b.example/?u={uid}' },
    { url: 'https://a.example/?u={uid}\n' },
    { url: `https://a.example/?u={uid}${'a'.repeat(2000)}` },
    { redirect_hosts: ['https://a.example'] },
    { redirect_hosts: ['A.example'] },
    { ttl: '13d' },
    { ttl: '61d' },
    { other: 1 },
  ])('is not %j', (section) => expect(syncSchema.safeParse(section).success).toBe(false));
});

it('fills in values that stay within their place', () => {
  const template = `https://a.example/m?${SYNC_PLACEHOLDERS.map((name) => `${name}={${name}}`).join('&')}#`;
  expect(fillSyncUrl(template, VALUES)).toBe(
    'https://a.example/m?uid=id%261&hop=1&gdpr=1&gdpr_consent=C-_&us_privacy=1YNN&gpp=DB~C&gpp_sid=2%2C6#',
  );
  fc.assert(
    fc.property(fc.string(), (uid) => {
      const filled = new URL(fillSyncUrl(template, { ...VALUES, uid: uid }));
      expect(filled.host).toBe('a.example');
      expect(filled.searchParams.get('uid')).toBe(uid);
      expect([...filled.searchParams.keys()]).toEqual(SYNC_PLACEHOLDERS);
    }),
  );
});
