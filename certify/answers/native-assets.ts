/** The assets of a native answer: OpenRTB Native 1.2 sections 4.2 to 4.6 and 5.2 to 5.6. */
import { ASSET_KINDS } from './native-fields.ts';
import { characterFaults, leftoverFaults, urlFaults } from './text-faults.ts';
import { items, type Json, json, number, text } from './wire-json.ts';

/** The text of an asset is plain: a reader shows `&amp;` as it stands. */
const ESCAPED = /&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#x[\da-f]+);/i;

export function assetViolations(request: Json, native: Json, secure: boolean): string[] {
  const asked = items(request['assets']).map(json);
  const given = items(native['assets']).map(json);
  const ids = given.map((asset) => number(asset['id']));
  const faults = ids
    .filter((id, i) => ids.indexOf(id) < i)
    .map((id) => `native-asset-twice: ${id}`);
  for (const asset of given) faults.push(...assetFaults(asked, asset, secure));
  // Of an assetsurl they are known once it is loaded.
  if (native['assetsurl'] !== undefined) return faults;
  if (given.length === 0) faults.push('native-asset-missing: none at all');
  for (const asset of asked) {
    const isMissing = number(asset['required']) === 1 && !ids.includes(number(asset['id']));
    if (isMissing) faults.push(`native-asset-missing: ${asset['id']}`);
  }
  return faults;
}

function assetFaults(asked: readonly Json[], asset: Json, secure: boolean): string[] {
  const id = number(asset['id']);
  const wanted = asked.find((each) => number(each['id']) === id);
  if (wanted === undefined) return [`native-asset-unknown: ${asset['id']}`];
  const kinds = ASSET_KINDS.filter((kind) => asset[kind] !== undefined);
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1) {
    return [`native-asset-kind: ${kinds.join(', ') || 'none'} of ${id}`];
  }
  if (wanted[kind] === undefined) return [`native-asset-kind: ${kind} of ${id}`];
  return contentFaults(kind, id, {
    wanted: json(wanted[kind]),
    given: json(asset[kind]),
    secure,
  });
}

interface Content {
  readonly wanted: Json;
  readonly given: Json;
  readonly secure: boolean;
}

function contentFaults(kind: string, id: number, content: Content): string[] {
  const { wanted, given } = content;
  switch (kind) {
    case 'title':
      return textFaults(id, given['text'], wanted['len']);
    case 'data':
      return [...textFaults(id, given['value'], wanted['len']), ...typeFaults(id, content)];
    case 'img':
      return [...imageFaults(id, content), ...typeFaults(id, content)];
    default:
      return text(given['vasttag']) === '' ? [`native-asset-empty: ${id}`] : [];
  }
}

/** A length is one of characters. */
function textFaults(id: number, value: unknown, max: unknown): string[] {
  const shown = text(value);
  if (shown.trim() === '') return [`native-asset-empty: ${id}`];
  const faults = [...characterFaults(shown), ...leftoverFaults(shown)];
  if ([...shown].length > number(max)) faults.push(`native-text-long: ${id} over ${max}`);
  if (ESCAPED.test(shown)) faults.push(`native-text-escaped: ${id}`);
  return faults;
}

/** What a picture or a data asset shows, where the answer says it. */
function typeFaults(id: number, { wanted, given }: Content): string[] {
  const [asked, said] = [number(wanted['type']), number(given['type'])];
  return !Number.isNaN(asked) && !Number.isNaN(said) && asked !== said
    ? [`native-asset-type: ${said} of ${id}`]
    : [];
}

/** Its size is judged where the answer says it: exact, or where a least one is given too, at least that. */
function imageFaults(id: number, { wanted, given, secure }: Content): string[] {
  const faults = urlFaults('native img', text(given['url']), secure);
  for (const side of ['w', 'h']) {
    const [said, exact] = [number(given[side]), number(wanted[side])];
    const least = number(wanted[`${side}min`]);
    const isMisfit = least > 0 ? said < least : exact > 0 && said !== exact;
    if (given[side] !== undefined && isMisfit) {
      faults.push(`native-image-size: ${side} ${said} of ${id}`);
    }
  }
  return faults;
}
