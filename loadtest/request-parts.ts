/** The parts of a realistic bid request that say where an impression is and who will see it. */
import type { SeededRandom } from '../platform/seeded-random.ts';

/** An identifier as the CRM's devices file names it. */
export interface PersonIdentity {
  readonly space: string;
  readonly value: string;
}

export interface RequestSetting {
  readonly exchange: string;
  /** Empty for somebody whom the shop does not know. */
  readonly identities: readonly PersonIdentity[];
  readonly gdpr: boolean;
  readonly inApp: boolean;
}

interface City {
  readonly country: string;
  readonly region: string;
  readonly city: string;
  readonly zip: string;
  readonly lat: number;
  readonly lon: number;
  readonly utcoffset: number;
}

const US_CITIES: readonly City[] = [
  {
    country: 'USA',
    region: 'NY',
    city: 'New York',
    zip: '10001',
    lat: 40.75,
    lon: -73.99,
    utcoffset: -300,
  },
  {
    country: 'USA',
    region: 'CO',
    city: 'Denver',
    zip: '80202',
    lat: 39.75,
    lon: -104.99,
    utcoffset: -420,
  },
  {
    country: 'USA',
    region: 'WA',
    city: 'Seattle',
    zip: '98101',
    lat: 47.61,
    lon: -122.33,
    utcoffset: -480,
  },
];
const EU_CITIES: readonly City[] = [
  {
    country: 'BGR',
    region: '22',
    city: 'Sofia',
    zip: '1000',
    lat: 42.7,
    lon: 23.32,
    utcoffset: 120,
  },
  {
    country: 'DEU',
    region: 'BE',
    city: 'Berlin',
    zip: '10115',
    lat: 52.53,
    lon: 13.38,
    utcoffset: 60,
  },
];

export function cityOf(inEurope: boolean, random: SeededRandom): City {
  return random.pick(inEurope ? EU_CITIES : US_CITIES);
}

const SITES = [
  { domain: 'dailyherald.example', name: 'The Daily Herald', section: 'IAB12' },
  { domain: 'trailnotes.example', name: 'Trail Notes', section: 'IAB20' },
  { domain: 'weathernow.example', name: 'Weather Now', section: 'IAB15-10' },
  { domain: 'goodkitchen.example', name: 'Good Kitchen', section: 'IAB8' },
  { domain: 'forum.example', name: 'The Big Forum', section: 'IAB19' },
] as const;

export function pageOf(random: SeededRandom): object {
  const site = random.pick(SITES);
  const article = 100_000 + random.below(900_000);
  const page = `https://www.${site.domain}/2026/11/articles/${article}/what-we-learned-this-week`;
  return {
    id: String(40_000 + random.below(20_000)),
    name: site.name,
    domain: site.domain,
    cat: [site.section],
    sectioncat: [site.section],
    pagecat: [site.section, 'IAB1'],
    page,
    ref: random.chance(0.6)
      ? `https://search.example/results?q=week+in+review&pos=${random.below(9)}`
      : '',
    mobile: 1,
    privacypolicy: 1,
    publisher: { id: `pub-${1000 + random.below(500)}`, name: site.name, domain: site.domain },
    content: {
      id: String(article),
      title: 'What we learned this week',
      url: page,
      language: 'en',
      context: 5,
      keywords: 'news,analysis,week,outdoors,home,travel',
      livestream: 0,
    },
  };
}

export function appOf(random: SeededRandom): object {
  const number = 1 + random.below(40);
  return {
    id: `app-${number}`,
    name: `Pocket Puzzle ${number}`,
    bundle: `com.pocketpuzzle.game${number}`,
    domain: 'pocketpuzzle.example',
    storeurl: `https://store.example/apps/details?id=com.pocketpuzzle.game${number}`,
    cat: ['IAB9-30', 'IAB1'],
    ver: `4.${random.below(20)}.${random.below(10)}`,
    privacypolicy: 1,
    paid: 0,
    publisher: {
      id: `pub-${2000 + number}`,
      name: 'Pocket Puzzle Ltd',
      domain: 'pocketpuzzle.example',
    },
    content: { genre: 'puzzle', language: 'en', livestream: 0, keywords: 'game,puzzle,casual' },
  };
}

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
];
const PHONES = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240805.005; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36',
];

export function deviceOf(setting: RequestSetting, geo: City, random: SeededRandom): object {
  const ifa = valueIn(setting.identities, 'ifa');
  return {
    ua: random.pick(setting.inApp ? PHONES : BROWSERS),
    ip: `198.51.100.${random.below(256)}`,
    geo: { ...geo, type: 2, ipservice: 3 },
    dnt: 0,
    lmt: 0,
    devicetype: setting.inApp ? 4 : 2,
    make: setting.inApp ? 'Google' : 'Generic',
    model: setting.inApp ? 'Pixel 8' : 'Desktop',
    os: setting.inApp ? 'Android' : 'Windows',
    osv: '14.0',
    h: setting.inApp ? 2400 : 1080,
    w: setting.inApp ? 1080 : 1920,
    pxratio: setting.inApp ? 2.625 : 1,
    js: 1,
    language: 'en',
    carrier: 'Example Mobile',
    connectiontype: 2,
    ...(setting.inApp && { ifa: ifa ?? strangerId(random) }),
    sua: {
      browsers: [{ brand: 'Chromium', version: ['131', '0', '6778', '85'] }],
      platform: { brand: setting.inApp ? 'Android' : 'Windows', version: ['14'] },
      mobile: setting.inApp ? 1 : 0,
      source: 2,
    },
  };
}

/** `id` is the exchange's own id of the user, `buyeruid` ours, as cookie matching stored it there. */
export function userOf(setting: RequestSetting, random: SeededRandom): object {
  const exchangeId = valueIn(setting.identities, `exchange:${setting.exchange}`);
  const cookie = valueIn(setting.identities, 'cookie');
  const consent = setting.gdpr ? '' : undefined;
  return {
    id: exchangeId ?? strangerId(random),
    ...(cookie !== null && { buyeruid: cookie }),
    ...(cookie === null && setting.identities.length === 0 && { buyeruid: strangerId(random) }),
    keywords: 'camping,hiking,home,garden',
    data: [
      {
        id: 'dmp-1',
        name: 'data.example',
        segment: Array.from({ length: 6 }, () => ({ id: String(1000 + random.below(9000)) })),
      },
    ],
    ext: {
      ...(consent !== undefined && { consent }),
      eids: [
        { source: 'pubcid.example', uids: [{ id: strangerId(random), atype: 1 }] },
        { source: 'uidapi.example', uids: [{ id: strangerId(random), atype: 3 }] },
      ],
      sessionduration: 30 + random.below(900),
      impdepth: random.below(12),
    },
  };
}

function valueIn(identities: readonly PersonIdentity[], space: string): string | null {
  return identities.find((identity) => identity.space === space)?.value ?? null;
}

function strangerId(random: SeededRandom): string {
  const hex = (): string => random.uint32().toString(16).padStart(8, '0');
  return `${hex()}-0000-4000-a000-${hex()}${hex().slice(4)}`;
}
