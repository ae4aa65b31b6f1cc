import { expect, it } from 'vitest';
import {
  type CorpusShares,
  generateCorpus,
  KNOWN_ONLY,
  REALISTIC_MIX,
  UNKNOWN_ONLY,
} from './request-corpus.ts';
import { sampleRequest } from './sample-request.ts';

const BROWSER = {
  identities: [
    { space: 'cookie', value: 'cookie-of-a' },
    { space: 'exchange:generic', value: 'generic-id-of-a' },
  ],
};
const PHONE = { identities: [{ space: 'ifa', value: 'ifa-of-b' }] };
const PERSONS = [BROWSER, PHONE];
const COUNT = 2000;

it('writes the same bodies for the same seed, and others for another', () => {
  expect(corpus(REALISTIC_MIX, 5)).toEqual(corpus(REALISTIC_MIX, 5));
  expect(corpus(REALISTIC_MIX, 6)).not.toEqual(corpus(REALISTIC_MIX, 5));
});

it('keeps to the shares it was asked for', () => {
  const kinds = corpus(REALISTIC_MIX).map(({ kind }) => kind);
  const shareOf = (kind: string) => kinds.filter((found) => found === kind).length / COUNT;
  expect(shareOf('known')).toBeCloseTo(REALISTIC_MIX.known, 1);
  expect(shareOf('malformed')).toBeCloseTo(REALISTIC_MIX.malformed, 1);
  expect(shareOf('without-consent')).toBeCloseTo(REALISTIC_MIX.withoutConsent, 1);
  expect(shareOf('unknown')).toBeCloseTo(0.6, 1);
});

it('is as large as real traffic, 2.5 KB', () => {
  const bodies = corpus(KNOWN_ONLY).map(({ body }) => body.length);
  const mean = bodies.reduce((sum, length) => sum + length, 0) / COUNT;
  expect(mean).toBeGreaterThan(2300);
  expect(mean).toBeLessThan(2800);
});

it('carries the identifiers of known people where an exchange puts them', () => {
  const requests = corpus(KNOWN_ONLY).map(({ body }) => JSON.parse(body));
  const inApp = requests.filter(({ app }) => app !== undefined);
  const onPage = requests.filter(({ site }) => site !== undefined);
  expect(inApp.length + onPage.length).toBe(COUNT);
  expect(new Set(inApp.map(({ device }) => device.ifa))).toEqual(new Set(['ifa-of-b']));
  expect(new Set(onPage.map(({ user }) => user.id))).toEqual(new Set(['generic-id-of-a']));
  expect(new Set(onPage.map(({ user }) => user.buyeruid))).toEqual(new Set(['cookie-of-a']));
});

it('names nobody of the shop among the unknown', () => {
  const text = corpus(UNKNOWN_ONLY)
    .map(({ body }) => body)
    .join('');
  expect(text).not.toContain('-of-a');
  expect(text).not.toContain('-of-b');
});

it('asks under the GDPR without a consent string for those without consent', () => {
  const shares = { known: 0, withoutConsent: 1, malformed: 0 };
  for (const { body } of corpus(shares)) {
    const { regs, user } = JSON.parse(body);
    expect(regs.ext.gdpr).toBe(1);
    expect(user.ext.consent).toBe('');
  }
});

it('damages every malformed body: no JSON, or no OpenRTB', () => {
  for (const { body } of corpus({ known: 0, withoutConsent: 0, malformed: 1 })) {
    expect(isWellFormed(body)).toBe(false);
  }
});

it('refuses a mix of known people when it has none', () => {
  expect(() =>
    generateCorpus({ count: 1, seed: 1, shares: KNOWN_ONLY, persons: [], exchange: 'generic' }),
  ).toThrow('no sample of any');
});

it('makes a sample request that a person can read', () => {
  const request = sampleRequest({
    identities: [...BROWSER.identities, ...PHONE.identities, { space: 'eid:id5', value: 'e1' }],
    size: '728x90',
    exchange: 'generic',
    currency: 'USD',
    seed: 3,
  });
  expect(request).toMatchObject({
    id: 'sample-3',
    imp: [{ id: '1', banner: { format: [{ w: 728, h: 90 }] }, bidfloorcur: 'USD' }],
    user: { id: 'generic-id-of-a', buyeruid: 'cookie-of-a' },
    device: { ifa: 'ifa-of-b' },
    cur: ['USD'],
  });
  expect(() =>
    sampleRequest({ identities: [], size: 'big', exchange: 'generic', currency: 'USD', seed: 1 }),
  ).toThrow('expected a size like 300x250, got big');
});

function corpus(shares: CorpusShares, seed = 5) {
  return generateCorpus({ count: COUNT, seed, shares, persons: PERSONS, exchange: 'generic' });
}

function isWellFormed(body: string): boolean {
  try {
    const request = JSON.parse(body);
    const [imp] = request.imp;
    return typeof request.id === 'string' && typeof imp === 'object' && imp.banner.w > 0;
  } catch {
    return false;
  }
}
