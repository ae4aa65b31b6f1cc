/**
 * VAST InLine documents, 2.0 to 4.2, around the files that a campaign supplies, from pieces rendered on
 * first use: a bid joins them with its URLs. The order of elements is that of the IAB's schemas, which
 * changed with the versions. Only what we answer is tracked: the impression and the click.
 *
 * URLs stand in CDATA as they are, with `&` and brackets: a player replaces `[…]` in them.
 */
import { encodeText, inForm } from './encode-slot.ts';
import type { MediaCreative } from './media-creative.ts';
import type { MediaChoice, VastVersion } from './media-fit.ts';
import type { MarkupForm } from './template-plan.ts';

/** Texts, and between each two of them something that only the bid knows. */
interface Pieces {
  readonly texts: readonly string[];
  /** `holes[i]` stands between `texts[i]` and `texts[i + 1]`. */
  readonly holes: readonly Hole[];
}

/** The document of one version in one form, and by index in media.files the elements it may hold. */
interface Rendered extends Pieces {
  readonly files: readonly string[];
}
type Hole = 'impression' | 'serving-id' | 'files' | 'click';

export interface PreparedVast {
  readonly media: MediaCreative;
  readonly creative: string;
  readonly documents: Readonly<Record<MarkupForm, Map<VastVersion, Rendered>>>;
}

export interface VastInput {
  /** A URL each, not encoded for HTML. */
  readonly impressionUrl: string;
  readonly clickUrl: string;
  /** Names this showing among all: AdServingId since 4.1. */
  readonly bidId: string;
}

/** `creative` is the crid. */
export function prepareVast(media: MediaCreative, creative: string): PreparedVast {
  return { media, creative, documents: { json: new Map(), utf8: new Map() } };
}

/** The markup of one bid. */
export function renderVast(
  vast: PreparedVast,
  choice: Pick<MediaChoice, 'version' | 'files'>,
  input: VastInput,
  form: MarkupForm = 'json',
): string {
  const { version } = choice;
  const document = vast.documents[form].get(version) ?? addDocument(vast, version, form);
  const { texts, holes, files } = document;
  let out = texts[0]!;
  for (let i = 0; i < holes.length; i++) {
    out += filling(holes[i]!, files, choice.files, { input, form }) + texts[i + 1]!;
  }
  return out;
}

function filling(
  hole: Hole,
  files: readonly string[],
  chosen: readonly number[],
  { input, form }: { input: VastInput; form: MarkupForm },
): string {
  switch (hole) {
    case 'impression':
      return inForm(insideCdata(input.impressionUrl), form);
    case 'click':
      return inForm(insideCdata(input.clickUrl), form);
    case 'serving-id':
      return encodeText(input.bidId);
    case 'files': {
      let out = '';
      for (let i = 0; i < chosen.length; i++) out += files[chosen[i]!]!;
      return out;
    }
  }
}

function addDocument(vast: PreparedVast, version: VastVersion, form: MarkupForm): Rendered {
  const pieces =
    version === '2.0' || version === '3.0' ? document3(vast, version) : document4(vast, version);
  const rendered = {
    texts: pieces.texts.map((text) => inForm(text, form)),
    holes: pieces.holes,
    files: vast.media.files.map((file) => inForm(mediaFile(file, version), form)),
  };
  vast.documents[form].set(version, rendered);
  return rendered;
}

/** 2.0 has the same elements in the same order. */
function document3(vast: PreparedVast, version: '2.0' | '3.0'): Pieces {
  const { creative, media } = vast;
  const linear = linearOf(media);
  return {
    texts: [
      `<VAST version="${version}"><Ad id="${encodeText(creative)}"><InLine>${SYSTEM}` +
        `${titleOf(media)}<Impression><![CDATA[`,
      `]]></Impression><Creatives><Creative id="${encodeText(creative)}">${linear}` +
        '<VideoClicks><ClickThrough><![CDATA[',
      ']]></ClickThrough></VideoClicks><MediaFiles>',
      `</MediaFiles>${END_OF_LINEAR}${END}`,
    ],
    holes: ['impression', 'click', 'files'],
  };
}

function document4(vast: PreparedVast, version: Exclude<VastVersion, '2.0' | '3.0'>): Pieces {
  const { creative, media } = vast;
  const id = encodeText(creative);
  const isFirst = version === '4.0';
  const adType = media.kind === 'audio' && !isFirst ? ' adType="audio"' : '';
  // 4.0 had the id in an attribute too, and before what it names, as the IAB's sample has it.
  const idValue = isFirst ? ` idValue="${id}"` : '';
  const universalId = `<UniversalAdId idRegistry="unknown"${idValue}>${id}</UniversalAdId>`;
  const open =
    `<VAST version="${version}" xmlns="http://www.iab.com/VAST"><Ad id="${id}"${adType}><InLine>` +
    `${SYSTEM}<Impression><![CDATA[`;
  const creatives =
    `${titleOf(media)}<Creatives><Creative id="${id}">` +
    `${isFirst ? universalId : ''}${linearOf(media)}<MediaFiles>`;
  const clicks = '</MediaFiles><VideoClicks><ClickThrough><![CDATA[';
  const close = `]]></ClickThrough></VideoClicks>${END_OF_LINEAR}${isFirst ? '' : universalId}${END}`;
  const impression = ']]></Impression>';
  if (isFirst) {
    return {
      texts: [open, impression + creatives, clicks, close],
      holes: ['impression', 'files', 'click'],
    };
  }
  return {
    texts: [open, `${impression}<AdServingId>`, `</AdServingId>${creatives}`, clicks, close],
    holes: ['impression', 'serving-id', 'files', 'click'],
  };
}

const SYSTEM = '<AdSystem>Rekindle</AdSystem>';
const END_OF_LINEAR = '</Linear>';
const END = '</Creative></Creatives></InLine></Ad></VAST>';

function titleOf({ adTitle }: MediaCreative): string {
  return `<AdTitle>${encodeText(adTitle)}</AdTitle>`;
}

function linearOf({ durationS, skipAfterS }: MediaCreative): string {
  const skip = skipAfterS === null ? '' : ` skipoffset="${clock(skipAfterS)}"`;
  return `<Linear${skip}><Duration>${clock(durationS)}</Duration>`;
}

/** `codec` is new in 3.0. */
function mediaFile(file: MediaCreative['files'][number], version: VastVersion): string {
  const { delivery, mime, width, height, bitrateKbps, codec, url } = file;
  const coded = codec === '' || version === '2.0' ? '' : ` codec="${encodeText(codec)}"`;
  const scales = width === 0 ? '' : ' scalable="true" maintainAspectRatio="true"';
  return (
    `<MediaFile delivery="${delivery}" type="${encodeText(mime)}" width="${width}"` +
    ` height="${height}" bitrate="${bitrateKbps}"${coded}${scales}>` +
    `<![CDATA[${insideCdata(url)}]]></MediaFile>`
  );
}

/** hh:mm:ss. */
function clock(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

function insideCdata(text: string): string {
  return text.includes(']]>') ? text.replaceAll(']]>', ']]]]><![CDATA[>') : text;
}
