/** A native answer against the request for it: OpenRTB Native 1.2 sections 4, 5 and 7. */
import { assetViolations } from './native-assets.ts';
import { nativeFieldFaults } from './native-fields.ts';
import type { Offer } from './offer.ts';
import { macroFaults, urlFaults } from './text-faults.ts';
import {
  isJson,
  items,
  type Json,
  json,
  number,
  numbers,
  repeatedKeys,
  text,
} from './wire-json.ts';

const NEWEST_VERSION = 1.2;
/** Section 7.7. */
const METHOD_IMAGE = 1;
const METHOD_SCRIPT = 2;

export function nativeViolations(offer: Offer): string[] {
  const { imp, bid, agreement } = offer;
  const { adm } = bid;
  if (adm === undefined || adm === '') return [];
  const source = isJson(adm) ? JSON.stringify(adm) : text(adm);
  const root = isJson(adm) ? adm : parsed(source);
  if (!isJson(root)) return ['native-unreadable: no JSON object'];
  const asked = nativeRequestOf(imp);
  const isWrapped = isJson(root['native']);
  const native = isWrapped ? json(root['native']) : root;
  const faults = repeatedKeys(source).map((name) => `field-twice: native ${name}`);
  if (isWrapped !== (agreement.nativeWrapped ?? asked.isWrapped)) {
    faults.push(`native-root: the answer has ${isWrapped ? '' : 'not '}its root in native`);
  }
  return [
    ...faults,
    ...macroFaults('adm', source, agreement.macros),
    ...nativeFieldFaults(native),
    ...versionFaults(number(asked.request['ver'] ?? json(imp['native'])['ver']), native),
    ...assetViolations(asked.request, native, number(imp['secure']) === 1),
    ...nativeLinks(native, number(imp['secure']) === 1),
    ...trackerFaults(asked.request, native),
    ...supportFaults(asked.request, native),
  ];
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

interface NativeRequest {
  readonly request: Json;
  readonly isWrapped: boolean;
}

/** As text or as the object, and from 1.0 with its root in `native`. */
export function nativeRequestOf(imp: Json): NativeRequest {
  const native = json(imp['native']);
  const sent = native['request'] ?? native['request_native'];
  const root = json(isJson(sent) ? sent : parsed(text(sent)));
  const isWrapped = isJson(root['native']);
  return { request: isWrapped ? json(root['native']) : root, isWrapped };
}

/** An answer that says none has the request's. Of newer ones than we know, ours is the newest. */
function versionFaults(asked: number, native: Json): string[] {
  if (native['ver'] === undefined || !(asked >= 1)) return [];
  const given = number(native['ver']);
  return given >= Math.min(asked, NEWEST_VERSION) && given <= asked
    ? []
    : [`native-version: ${native['ver']} where ${asked} is asked for`];
}

interface NamedUrl {
  readonly name: string;
  readonly url: unknown;
}

function nativeLinks(native: Json, secure: boolean): string[] {
  const link = json(native['link']);
  const faults = text(link['url']) === '' ? ['native-link-missing'] : [];
  const assets = items(native['assets']).map((asset) => json(json(asset)['link']));
  const urls: NamedUrl[] = [
    ...[link, ...assets].flatMap(urlsOfLink),
    ...items(native['imptrackers']).map((url) => ({ name: 'imptracker', url })),
    ...items(native['eventtrackers']).map((each) => ({
      name: 'eventtracker',
      url: json(each)['url'],
    })),
    ...['assetsurl', 'dcourl', 'privacy'].map((name) => ({ name, url: native[name] })),
  ];
  for (const { name, url } of urls) {
    if (url !== undefined) faults.push(...urlFaults(`native ${name}`, text(url), secure));
  }
  return faults;
}

function urlsOfLink(link: Json): NamedUrl[] {
  return [
    ...['url', 'fallback']
      .filter((name) => text(link[name]) !== '')
      .map((name) => ({ name: `link ${name}`, url: link[name] })),
    ...items(link['clicktrackers']).map((url) => ({ name: 'clicktracker', url })),
  ];
}

/** Of one event only by the methods that the place supports for it. */
function trackerFaults(request: Json, native: Json): string[] {
  const supported = items(request['eventtrackers']).map(json);
  const faults: string[] = [];
  for (const tracker of items(native['eventtrackers']).map(json)) {
    const [event, method] = [number(tracker['event']), number(tracker['method'])];
    const isAllowed = supported.some(
      (each) => number(each['event']) === event && numbers(each['methods']).includes(method),
    );
    if (!isAllowed) faults.push(`native-tracker: event ${event} by method ${method}`);
    const needsUrl = [METHOD_IMAGE, METHOD_SCRIPT].includes(method);
    if (needsUrl && text(tracker['url']) === '') faults.push('native-tracker: without a URL');
  }
  const methods = supported.flatMap((each) => numbers(each['methods']));
  if (
    native['jstracker'] !== undefined &&
    supported.length > 0 &&
    !methods.includes(METHOD_SCRIPT)
  ) {
    faults.push('native-tracker: jstracker where no scripts are');
  }
  return faults;
}

/** What a place has to support first. */
function supportFaults(request: Json, native: Json): string[] {
  const needs = { privacy: 'privacy', assetsurl: 'aurlsupport', dcourl: 'durlsupport' };
  return Object.entries(needs)
    .filter(([given, support]) => native[given] !== undefined && number(request[support]) !== 1)
    .map(([given]) => `native-not-supported: ${given}`);
}
