import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { landingUrl } from './landing-url.ts';

const CORPUS = '../shared/data/badinput/redirect/patt_open_redirect.jsonl';
const VISIT = { coupon: '', clickId: '', campaign: '', allowedHosts: ['shop.example'] };
const UTM = 'utm_source=rekindle&utm_medium=display';

function check(page: string, expected: string | null, visit: Partial<typeof VISIT> = {}): void {
  expect(landingUrl({ landingUrl: page }, { ...VISIT, ...visit })).toBe(expected);
}

it('appends its parameters, encoded once', () => {
  check('https://shop.example/p', `https://shop.example/p?${UTM}`);
  check(
    'https://shop.example/p?x=1#top',
    `https://shop.example/p?x=1&${UTM}&utm_campaign=spring&coupon=10%25%20%26%20more&rk_click=a.b#top`,
    { coupon: '10% & more', clickId: 'a.b', campaign: 'spring' },
  );
});

it('leaves the feed’s own query as it is', () => {
  const query = '?a=b%20c+d&e=%D0%A8&amp;f=1&g=%2F&&utm_source=feed';
  check(`https://shop.example/p${query}`, `https://shop.example/p${query}&utm_medium=display`);
  fc.assert(
    fc.property(fc.webQueryParameters(), (own) => {
      const before = new URL(`https://shop.example/p?${own}`);
      const after = landingUrl({ landingUrl: before.href }, VISIT)!;
      expect(after.startsWith(before.search === '' ? before.origin : before.href)).toBe(true);
    }),
  );
});

it('sends nobody to another host', () => {
  check('https://evil.example/', null);
  check('https://shop.example@evil.example/', null);
  check('https://shop.example:pw@shop.example/', null);
  check('https:\\\\evil.example\\@shop.example', null);
  check('javascript:alert(1)', null);
  check('/p', null);
});

it('never breaks a header line', () =>
  check('https://shop.example/p\r\nSet-Cookie: x', `https://shop.example/pSet-Cookie:%20x?${UTM}`));

it.skipIf(!existsSync(CORPUS))(
  `stays on the shop for every known redirect payload${existsSync(CORPUS) ? '' : ` (skipped: ${CORPUS} is missing)`}`,
  () => {
    const lines = readFileSync(CORPUS, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      const payload = (JSON.parse(line) as { s: string }).s;
      for (const page of [payload, `https:${payload}`, `https://shop.example${payload}`]) {
        const url = landingUrl({ landingUrl: page }, VISIT);
        if (url !== null) expect(new URL(url).origin).toMatch(/^https?:\/\/shop\.example$/);
      }
    }
  },
);
