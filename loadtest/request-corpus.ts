/**
 * A seeded corpus of bid requests as an exchange sends them: about 2.5 KB of OpenRTB 2.6 JSON,
 * banners of several sizes, web pages and apps, people the shop knows and people it does not.
 */
import { type SeededRandom, seededRandom } from '../platform/seeded-random.ts';
import {
  appOf,
  cityOf,
  deviceOf,
  type PersonIdentity,
  pageOf,
  type RequestSetting,
  userOf,
} from './request-parts.ts';

export interface KnownPerson {
  readonly identities: readonly PersonIdentity[];
}

/** Parts of the traffic, 0..1; what is left is people whom the shop does not know. */
export interface CorpusShares {
  readonly known: number;
  /** Known to the shop, in the EU, and without consent: no personal data may be read. */
  readonly withoutConsent: number;
  readonly malformed: number;
}

/** What a shop's bidder may expect of an open exchange that matches its audience. */
export const REALISTIC_MIX: CorpusShares = { known: 0.3, withoutConsent: 0.05, malformed: 0.05 };
/** Every request is a full bid: what the cost of a bid is measured with. */
export const KNOWN_ONLY: CorpusShares = { known: 1, withoutConsent: 0, malformed: 0 };
/** Nobody is known: most of real traffic. */
export const UNKNOWN_ONLY: CorpusShares = { known: 0, withoutConsent: 0, malformed: 0 };

type CorpusKind = 'known' | 'unknown' | 'without-consent' | 'malformed';

export interface CorpusRequest {
  readonly kind: CorpusKind;
  readonly body: string;
}

export interface CorpusOptions {
  readonly count: number;
  readonly seed: number;
  readonly shares: CorpusShares;
  /** Taken in turn. May be empty when no share asks for them. */
  readonly persons: readonly KnownPerson[];
  readonly exchange: string;
}

/** The same options give the same bodies. Throws when known people are asked for and none given. */
export function generateCorpus(options: CorpusOptions): CorpusRequest[] {
  const { shares, persons, seed } = options;
  if (persons.length === 0 && shares.known + shares.withoutConsent > 0) {
    throw new Error('the request mix needs known people, and there is no sample of any');
  }
  const random = seededRandom(seed);
  const firstPerson = persons.length === 0 ? 0 : random.below(persons.length);
  return Array.from({ length: options.count }, (_, i) => {
    const person = persons[(firstPerson + i) % persons.length];
    return corpusRequest(drawKind(shares, random), person, options, random);
  });
}

function drawKind(shares: CorpusShares, random: SeededRandom): CorpusKind {
  const draw = random.next();
  if (draw < shares.known) return 'known';
  if (draw < shares.known + shares.withoutConsent) return 'without-consent';
  if (draw < shares.known + shares.withoutConsent + shares.malformed) return 'malformed';
  return 'unknown';
}

function corpusRequest(
  kind: CorpusKind,
  person: KnownPerson | undefined,
  { exchange }: CorpusOptions,
  random: SeededRandom,
): CorpusRequest {
  const known = kind === 'known' || kind === 'without-consent' ? person! : null;
  const setting: RequestSetting = {
    exchange,
    identities: known?.identities ?? [],
    gdpr: kind === 'without-consent',
    inApp: known === null ? random.chance(0.4) : isPhoneOnly(known),
  };
  const body = JSON.stringify(bidRequest(setting, random));
  return { kind, body: kind === 'malformed' ? damaged(body, random) : body };
}

function isPhoneOnly(person: KnownPerson): boolean {
  return !person.identities.some(
    ({ space }) => space === 'cookie' || space.startsWith('exchange:'),
  );
}

function bidRequest(setting: RequestSetting, random: SeededRandom): object {
  const imps = random.chance(0.2) ? 2 : 1;
  const city = cityOf(setting.gdpr, random);
  return {
    id: hexId(random),
    imp: Array.from({ length: imps }, (_, i) => impOf(i, setting.inApp, random)),
    ...(setting.inApp ? { app: appOf(random) } : { site: pageOf(random) }),
    device: deviceOf(setting, city, random),
    user: userOf(setting, random),
    at: 1,
    tmax: random.pick([100, 120, 150, 200]),
    cur: random.chance(0.85) ? ['USD'] : ['EUR', 'USD'],
    bcat: ['IAB7-39', 'IAB8-5', 'IAB8-18', 'IAB9-9', 'IAB24', 'IAB25', 'IAB26'],
    badv: ['competitor-outdoor.example', 'bad-loans.example', 'casino-royal.example'],
    regs: { coppa: 0, ext: { gdpr: setting.gdpr ? 1 : 0, us_privacy: '1YNN' } },
    source: {
      fd: 1,
      tid: hexId(random),
      schain: {
        ver: '1.0',
        complete: 1,
        nodes: [
          { asi: 'exchange.example', sid: String(10_000 + random.below(9000)), hp: 1 },
          { asi: 'reseller.example', sid: `pub-${hexId(random).slice(0, 12)}`, hp: 1 },
        ],
      },
    },
  };
}

const WEB_SIZES = [
  [300, 250],
  [300, 250],
  [728, 90],
  [336, 280],
  [160, 600],
  [300, 600],
] as const;
const APP_SIZES = [
  [320, 50],
  [320, 100],
  [300, 250],
] as const;

function impOf(index: number, inApp: boolean, random: SeededRandom): object {
  const [w, h] = random.pick<readonly [number, number]>(inApp ? APP_SIZES : WEB_SIZES);
  const second = random.chance(0.3) ? [{ w: 300, h: 250 }] : [];
  return {
    id: String(index + 1),
    banner: {
      w,
      h,
      format: [{ w, h }, ...second],
      pos: 1 + random.below(3),
      battr: [1, 3, 8, 14],
      mimes: ['text/html', 'image/jpeg', 'image/png'],
      api: [5, 6, 7],
      topframe: 1,
    },
    instl: 0,
    tagid: `/21775744923/news/${random.pick(['top', 'side', 'article', 'feed'])}_${w}x${h}`,
    bidfloor: Math.round(5 + 45 * random.next() ** 3) / 100,
    bidfloorcur: 'USD',
    // A service under test is reached over plain HTTP, and may not bid where https is required.
    secure: 0,
    exp: 300,
    ext: {
      gpid: `/21775744923/news/${w}x${h}#${index + 1}`,
      viewability: { vendor: 'generic', score: 40 + random.below(55) },
      placement: { refresh: random.below(4), lazy: random.chance(0.5) },
    },
  };
}

/** Cut, or with one byte changed, or with a value of the wrong type, as it happens. */
function damaged(body: string, random: SeededRandom): string {
  const kind = random.below(4);
  if (kind === 0) return body.slice(0, random.below(body.length));
  if (kind === 1) return body.replace('"imp":[', '"imp":{"0":[');
  if (kind === 2) return body.replace(/"imp":\[.*?\],"(site|app)"/, '"imp":"none","$1"');
  return body.replace(/"w":\d+/, '"w":"wide"').replace('"id":', '"id" ');
}

function hexId(random: SeededRandom): string {
  return (random.uint32().toString(16) + random.uint32().toString(16)).padStart(16, '0').repeat(2);
}
