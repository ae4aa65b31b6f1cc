import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { billedBy } from './billing-section.ts';
import { loadWorkspace } from './load-workspace.ts';
import { CAMPAIGN, check, FILES, problemsOf, root, SHOP, workspace } from './workspace.contract.ts';

it('loads a workspace with amounts, durations and days as integers', () => {
  const dir = workspace();
  const loaded = loadWorkspace(dir);
  expect(loaded.shops).toEqual([
    expect.objectContaining({
      shop: 'tea',
      dir: join(dir, 'shops/tea'),
      currency: 'EUR',
      categories: { 1: [] },
      statuses: { done: 'paid', 'refused at door': 'cancelled' },
      imports: {},
      identity: {},
      consentVendor: 0,
      dsa: null,
      adMarking: null,
      economics: expect.objectContaining({ newOrderValueMicros: 40_500_000 }),
    }),
  ]);
  expect(loaded.campaigns).toEqual([
    expect.objectContaining({
      shop: 'tea',
      campaign: 'spring',
      active: true,
      budgetNanos: 100_250_000_000,
      maxCpmMicros: 12_000_000,
      multiplier: 1,
      pacing: 'even',
      caps: [{ scope: 'shop', impsMax: 3, windowMs: 86_400_000 }],
      file: 'campaigns/spring.yaml',
      line: 1,
    }),
  ]);
  expect(loaded.offers).toEqual({ tea: [{ offer: 'ten', text: '10 % off', coupon: 'TEN' }] });
  expect(loaded.exchanges).toEqual([
    {
      exchange: 'big',
      seat: '',
      currencies: ['USD'],
      billing: billedBy('nurl'),
      networkMs: 30,
      networkMaxMs: 90,
      tmaxDefaultMs: 100,
      format: 'json',
      gzip: false,
      noBid: 'status',
      multiBid: false,
      price: { macro: '${AUCTION_PRICE}', codec: { kind: 'plain' } },
      notices: { loss: '${AUCTION_LOSS}', minToWin: '${AUCTION_MIN_TO_WIN}' },
      contentType: '',
      click: null,
      native: { wrapped: 'auto', form: 'string' },
      taxonomy: 1,
      limits: { bids: Number.POSITIVE_INFINITY, markupBytes: Number.POSITIVE_INFINITY },
      qpsMax: Number.POSITIVE_INFINITY,
      marking: { required: 'never' },
    },
  ]);
  expect(loaded.rates.perReference).toEqual({ USD: 1, EUR: 0.92 });
});

it("lets a flight run from the first to the last moment of the shop's days, over both clock changes", () => {
  const [campaign] = loadWorkspace(workspace()).campaigns;
  expect(new Date(campaign!.startMs).toISOString()).toBe('2026-03-08T05:00:00.000Z');
  expect(new Date(campaign!.endMs).toISOString()).toBe('2026-11-02T05:00:00.000Z');
});

it('reports the problems of all files together', () =>
  check(
    {
      'rates.yaml': 'as_of: 2026-02-30\nmax_age: 7 days\nper_reference: {}\n',
      'exchanges/big.yaml': 'exchange: big\ncurrencies: [usd]\nbilling: bill\n',
      'shops/tea/offers/ten.yaml': 'offer: ten\n',
    },
    'exchanges/big.yaml:2:14 currencies.0 expected a currency code of three capital letters such as USD, got "usd"',
    'exchanges/big.yaml:3:10 billing expected one of burl, nurl, impression, got "bill"',
    'rates.yaml:1:8 as_of expected a date such as 2026-11-22, or a moment such as 2026-11-22T10:00:00Z, got "2026-02-30"',
    'rates.yaml:2:10 max_age expected a duration such as 24h or 30d (ms, s, m, h or d), got "7 days" → 7h or 7d',
    'shops/tea/offers/ten.yaml:1:1 text is missing: expected text',
  ));

it('refuses names that nobody defines', () =>
  check(
    {
      'shops/tea/campaigns/spring.yaml': CAMPAIGN.replace('[existing]', '[exsting]').replace(
        '[big]',
        '[bog]',
      ),
      'shops/tea/segments/a.yaml':
        'segment: a\ntitle: A\nany: [ { orders.count: { gte: 1 } } ]\noffer: tenn\n',
    },
    'shops/tea/segments/a.yaml:4:8 offer there is no offer named "tenn" → ten',
    'shops/tea/campaigns/spring.yaml:7:22 segments.any_of.0 there is no segment named "exsting" → existing',
    'shops/tea/campaigns/spring.yaml:8:13 exchanges.0 there is no exchange named "bog" → big',
  ));

it('refuses names that two files define', () =>
  check(
    { 'shops/tea/campaigns/b.yaml': CAMPAIGN, 'exchanges/z.yaml': FILES['exchanges/big.yaml']! },
    'exchanges/z.yaml:1:11 exchange exchanges/big.yaml already has a exchange named big',
    'shops/tea/campaigns/spring.yaml:1:11 campaign shops/tea/campaigns/b.yaml already has a campaign named spring',
  ));

it('refuses two campaigns whose names share a counting key', () =>
  check(
    {
      'shops/tea/campaigns/spring.yaml': null,
      // FNV-1a of both names with "tea/" before them is 1278475674.
      'shops/tea/campaigns/a.yaml': CAMPAIGN.replace('campaign: spring', 'campaign: c76wu'),
      'shops/tea/campaigns/b.yaml': CAMPAIGN.replace('campaign: spring', 'campaign: cawfa'),
    },
    'shops/tea/campaigns/b.yaml:1:11 campaign its counting key is that of tea/c76wu: rename one',
  ));

it.each([
  ['end: 2026-11-01', 'end: 2026-03-07', '4:6 end expected an end after the start 2026-03-08'],
  [
    '100.25 EUR',
    '100.25 USD',
    "5:19 budget.amount expected an amount in the shop's currency EUR, got USD",
  ],
  ['100.25 EUR', '9000001 EUR', '5:19 budget.amount expected at most 9000000 EUR'],
  ['100.25 EUR', '0 EUR', '5:19 budget.amount expected more than 0'],
  [
    'max_cpm: 12 EUR',
    'max_cpm: 12',
    '6:17 bid.max_cpm expected an amount such as 500 USD, got 12 → 12 USD',
  ],
  ['per: 24h', 'per: 32d', '9:28 frequency.0.per expected a window from 1s to 31d, got "32d"'],
  ['max: 3', 'max: 0', '9:20 frequency.0.max expected at least 1, got 0'],
  [
    '300x250',
    '300x251',
    '10:44 creative.sizes.0 expected one of 300x250, 336x280, 728x90, 160x600, 300x600, 320x50, 320x100, got "300x251" → 300x250',
  ],
  [
    'banner.html',
    '../shop.html',
    '10:23 creative.template expected the name of a file in templates/ such as banner.html, got "../shop.html"',
  ],
  ['banner.html', 'none.html', '10:23 creative.template there is no templates/none.html'],
  ['https://tea', 'javascript://tea', '12:14 landing_url expected an http or https URL'],
  [
    'https://tea',
    'https://evil',
    '12:14 landing_url expected a URL on one of allowed_hosts of shop.yaml: tea.example',
  ],
  ['max_cpm', 'multiplier: 101, max_cpm', '6:20 bid.multiplier expected at most 100, got 101'],
  [
    'campaign: spring',
    'campaign: Spring!',
    '1:11 campaign expected a name of a-z, 0-9, _ and -, at most 64 characters, got "Spring!"',
  ],
])('refuses a campaign with %j made %j', (from, to, problem) =>
  check(
    { 'shops/tea/campaigns/spring.yaml': CAMPAIGN.replace(from, to) },
    `shops/tea/campaigns/spring.yaml:${problem}`,
  ),
);

it('follows no link out of the folder of templates or of a section', () => {
  const dir = workspace({ 'shops/tea/templates/banner.html': null });
  writeFileSync(join(root, 'outside.html'), '');
  mkdirSync(join(dir, 'shops/tea/templates'), { recursive: true });
  symlinkSync(join(root, 'outside.html'), join(dir, 'shops/tea/templates/banner.html'));
  symlinkSync(join(dir, 'rates.yaml'), join(dir, 'shops/tea/offers/rates.yaml'));
  expect(problemsOf(dir)).toEqual([
    'shops/tea/offers/rates.yaml:1:1  the link leads out of its folder',
    'shops/tea/campaigns/spring.yaml:10:23 creative.template the link leads out of templates/',
  ]);
});

it('refuses a shop that is not what its folder says, or speaks of unknown things', () =>
  check(
    {
      'shops/tea/shop.yaml': SHOP.replace('Tea', 'Tea\nfeeed: x')
        .replace('America/New_York', 'America/NewYork')
        .replace('done: paid', 'done: payed'),
    },
    'shops/tea/shop.yaml:5:12 time_zone expected a time zone name such as Europe/Sofia, got "America/NewYork"',
    'shops/tea/shop.yaml:9:19 statuses.done expected one of in_progress, paid, cancelled, returned, spam, other, got "payed" → paid',
    'shops/tea/shop.yaml:3:1 feeed unknown key; known keys: shop, title, currency, time_zone, week_start, full_build_every, locale, domains, categories, allowed_hosts, media_hosts, economics, statuses, rates, import, identity, rfm, clv, metrica_counter, consent_vendor, dsa, ad_marking',
  ));

it('refuses a workspace from a newer Rekindle before reading the rest of it', () =>
  check(
    { 'rekindle.yaml': 'version: 2\nshiny: true\n', 'shops/tea/shop.yaml': 'new: shape\n' },
    'rekindle.yaml:1:10 version this workspace has version 2, from a newer Rekindle; this one reads version 1: update Rekindle, nothing was changed',
  ));

it('says so when there is no workspace, or no shop in it', () => {
  const [problem] = problemsOf(join(root, 'nowhere'));
  expect(problem).toContain('there is no workspace here');
  mkdirSync(join(root, 'bare'));
  expect(problemsOf(join(root, 'bare'))).toEqual([
    'shops:1:1  expected at least one shop: shops/<shop>/shop.yaml',
  ]);
});

it('survives a file where a folder is expected', () => {
  const dir = workspace();
  writeFileSync(join(dir, 'shops/tea/crm'), '');
  rmSync(join(dir, 'exchanges'), { recursive: true });
  writeFileSync(join(dir, 'exchanges'), '');
  expect(problemsOf(dir)).toEqual([
    'exchanges:1:1  expected a folder that can be read (ENOTDIR)',
    'shops/tea/campaigns/spring.yaml:8:13 exchanges.0 there is no exchange named "big"',
  ]);
});
