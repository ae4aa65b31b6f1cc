/** OpenRTB Native 1.2 section 5: the fields of an answer and their types. */
import { type FieldKind, fieldFaults } from './answer-fields.ts';
import { items, type Json, json } from './wire-json.ts';

type Kinds = Readonly<Record<string, FieldKind>>;

const ROOT: Kinds = {
  ver: 'string',
  assets: 'objects',
  assetsurl: 'string',
  dcourl: 'string',
  link: 'object',
  imptrackers: 'strings',
  jstracker: 'string',
  eventtrackers: 'objects',
  privacy: 'string',
  ext: 'object',
};
const LINK: Kinds = { url: 'string', clicktrackers: 'strings', fallback: 'string', ext: 'object' };
const TRACKER: Kinds = {
  event: 'integer',
  method: 'integer',
  url: 'string',
  customdata: 'object',
  ext: 'object',
};
const ASSET: Kinds = {
  id: 'integer',
  required: 'integer',
  title: 'object',
  img: 'object',
  video: 'object',
  data: 'object',
  link: 'object',
  ext: 'object',
};
const CONTENTS: Readonly<Record<string, Kinds>> = {
  title: { text: 'string', len: 'integer', ext: 'object' },
  img: { type: 'integer', url: 'string', w: 'integer', h: 'integer', ext: 'object' },
  video: { vasttag: 'string', ext: 'object' },
  data: { type: 'integer', len: 'integer', label: 'string', value: 'string', ext: 'object' },
};

/** What an asset may be, one of them. */
export const ASSET_KINDS: readonly string[] = Object.keys(CONTENTS);

export function nativeFieldFaults(native: Json): string[] {
  const assets = items(native['assets']).map(json);
  const links = [native, ...assets]
    .map((each) => each['link'])
    .filter((link) => link !== undefined);
  return [
    ...fieldFaults('native', native, ROOT),
    ...links.flatMap((link) => fieldFaults('native.link', json(link), LINK)),
    ...items(native['eventtrackers']).flatMap((tracker) =>
      fieldFaults('native.eventtracker', json(tracker), TRACKER),
    ),
    ...assets.flatMap(assetFieldFaults),
  ];
}

function assetFieldFaults(asset: Json): string[] {
  return [
    ...fieldFaults('native.asset', asset, ASSET),
    ...ASSET_KINDS.filter((kind) => asset[kind] !== undefined).flatMap((kind) =>
      fieldFaults(`native.${kind}`, json(asset[kind]), CONTENTS[kind]!),
    ),
  ];
}
