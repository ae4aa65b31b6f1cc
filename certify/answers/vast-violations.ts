/** A VAST document on its own, of the version that the bid names: IAB VAST 2.0 to 4.3. */
import { characterFaults, leftoverFaults, urlFaults } from './text-faults.ts';
import { allElements, elementsAt, scanVast, type VastElement } from './vast-scan.ts';

interface Protocol {
  readonly version: string;
  readonly isWrapper: boolean;
}

/** AdCOM creative subtypes of audio and video; DAAST, 9 and 10, is no VAST. */
const PROTOCOLS: Readonly<Record<number, Protocol>> = {
  1: { version: '1.0', isWrapper: false },
  2: { version: '2.0', isWrapper: false },
  3: { version: '3.0', isWrapper: false },
  4: { version: '1.0', isWrapper: true },
  5: { version: '2.0', isWrapper: true },
  6: { version: '3.0', isWrapper: true },
  7: { version: '4.0', isWrapper: false },
  8: { version: '4.0', isWrapper: true },
  11: { version: '4.1', isWrapper: false },
  12: { version: '4.1', isWrapper: true },
  13: { version: '4.2', isWrapper: false },
  14: { version: '4.2', isWrapper: true },
  15: { version: '4.3', isWrapper: false },
  16: { version: '4.3', isWrapper: true },
};
/** Elements whose text is a URL. */
const URLS = new Set(
  'Impression Error Tracking ClickThrough ClickTracking CustomClick MediaFile VASTAdTagURI'.split(
    ' ',
  ),
);

/** Elements whose text is for people; what stands in extensions is for programs. */
const SHOWN = new Set('AdSystem AdTitle Description Advertiser'.split(' '));

/** An ad of a document: what a player plays. */
interface VastAd {
  readonly isWrapper: boolean;
  readonly version: number;
  readonly linears: readonly VastElement[];
}

/** The ad of a document that can be judged further, null when it cannot, and what is wrong with it. */
export interface VastReading {
  readonly ad: VastAd | null;
  readonly faults: readonly string[];
}

export function readVast(adm: string, protocol: number, secure: boolean): VastReading {
  const root = scanVast(adm);
  if (typeof root === 'string') return unreadable(root);
  if (root.name !== 'VAST') return unreadable(`its root is ${root.name}`);
  const faults = characterFaults(adm);
  const { version = '' } = root.attributes;
  const wanted = PROTOCOLS[protocol];
  if (wanted !== undefined && wanted.version !== version) {
    faults.push(`vast-version: ${version} for protocol ${protocol}`);
  }
  for (const element of allElements(root)) faults.push(...elementFaults(element, secure));
  const ads = elementsAt(root, 'Ad');
  const [inline, wrapper] = [elementsAt(root, 'Ad/InLine'), elementsAt(root, 'Ad/Wrapper')];
  const bodies = [...inline, ...wrapper];
  if (ads.length !== 1 || bodies.length !== 1) {
    return {
      ad: null,
      faults: [...faults, `vast-ads: ${ads.length} with ${bodies.length} bodies`],
    };
  }
  const isWrapper = wrapper.length > 0;
  if (wanted !== undefined && wanted.isWrapper !== isWrapper) {
    faults.push(`vast-wrapper: ${bodies[0]!.name} for protocol ${protocol}`);
  }
  const ad = { isWrapper, version: Number(version), linears: linearsOf(bodies[0]!) };
  return { ad, faults: [...faults, ...bodyFaults(bodies[0]!, ad)] };
}

function unreadable(why: string): VastReading {
  return { ad: null, faults: [`vast-unreadable: ${why}`] };
}

const linearsOf = (body: VastElement) => elementsAt(body, 'Creatives/Creative/Linear');

function elementFaults({ name, attributes, text }: VastElement, secure: boolean): string[] {
  if (URLS.has(name)) return urlFaults(`vast ${name}`, text.trim(), secure);
  const shown = Object.values(attributes);
  if (SHOWN.has(name)) shown.push(text);
  return shown.flatMap(leftoverFaults);
}

function bodyFaults(body: VastElement, ad: VastAd): string[] {
  const needed = ['AdSystem', 'Impression', ad.isWrapper ? 'VASTAdTagURI' : 'AdTitle'];
  if (ad.version >= 4.1 && !ad.isWrapper) needed.push('AdServingId');
  const faults = needed
    .filter((name) => elementsAt(body, name).every(({ text }) => text.trim() === ''))
    .map((name) => `vast-element-missing: ${name}`);
  if (ad.isWrapper) return faults;
  if (ad.linears.length === 0) faults.push('vast-element-missing: Linear');
  if (ad.version >= 4) {
    for (const creative of elementsAt(body, 'Creatives/Creative')) {
      faults.push(...universalIdFaults(creative));
    }
  }
  return faults;
}

function universalIdFaults(creative: VastElement): string[] {
  const ids = elementsAt(creative, 'UniversalAdId');
  const isNamed = ids.some(
    ({ text, attributes }) => text.trim() !== '' && (attributes['idRegistry'] ?? '') !== '',
  );
  return isNamed ? [] : ['vast-element-missing: UniversalAdId'];
}

/** `hh:mm:ss` or `hh:mm:ss.mmm` in seconds; NaN for anything else. */
export function secondsOf(clock: string): number {
  const parts = /^(\d{2}):([0-5]\d):([0-5]\d(?:\.\d{3})?)$/.exec(clock.trim());
  if (parts === null) return Number.NaN;
  return Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]);
}
