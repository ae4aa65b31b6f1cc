import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { missing, payloads } from './hostile-payloads.contract.ts';
import type { MediaCreative } from './media-creative.ts';
import type { VastVersion } from './media-fit.ts';
import { prepareVast, renderVast, type VastInput } from './vast.ts';

const SAMPLES = '../shared/data/openrtb/vast';
const VERSIONS: readonly VastVersion[] = ['3.0', '4.0', '4.1', '4.2'];

const VIDEO: MediaCreative = {
  kind: 'video',
  adTitle: 'Tea & Co',
  durationS: 75,
  skipAfterS: 5,
  attributes: [16],
  files: [
    {
      url: 'https://cdn.example/tea.mp4?v=1&q=2',
      mime: 'video/mp4',
      width: 1280,
      height: 720,
      bitrateKbps: 1500,
      codec: 'avc1.42E01E,mp4a.40.2',
      delivery: 'progressive',
    },
    {
      url: 'https://cdn.example/tea-small.mp4',
      mime: 'video/mp4',
      width: 640,
      height: 360,
      bitrateKbps: 600,
      codec: '',
      delivery: 'progressive',
    },
  ],
};
const AUDIO: MediaCreative = {
  kind: 'audio',
  adTitle: 'Tea',
  durationS: 30,
  skipAfterS: null,
  attributes: [],
  files: [
    {
      url: 'https://cdn.example/tea.mp3',
      mime: 'audio/mpeg',
      width: 0,
      height: 0,
      bitrateKbps: 128,
      codec: '',
      delivery: 'progressive',
    },
  ],
};
const INPUT: VastInput = {
  impressionUrl: 'https://ads.example/i?t=abc&p=${AUCTION_PRICE}&cb=[CACHEBUSTING]',
  clickUrl: 'https://ads.example/c?t=abc&s=0',
  bidId: 'bid-1',
};

interface Element {
  readonly path: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Elements in the order of their start tags. Throws when it is no XML. */
function parse(xml: string): Element[] {
  const parser = new SaxesParser();
  const open: Element[] = [];
  const all: Element[] = [];
  const add = (text: string) => {
    if (open.length > 0) open.at(-1)!.text += text;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const above = open.at(-1)?.path;
    const path = above === undefined ? name : `${above}/${name}`;
    const element = { path, attributes: { ...(attributes as Record<string, string>) }, text: '' };
    open.push(element);
    all.push(element);
  });
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return all;
}

/** The document, the same in both forms. */
function document(
  version: VastVersion,
  media: MediaCreative = VIDEO,
  { files = [0], input = INPUT }: { files?: readonly number[]; input?: VastInput } = {},
): Element[] {
  const vast = prepareVast(media, 'tea-video-1');
  const choice = { version, files };
  const adm = renderVast(vast, choice, input);
  expect(adm).toMatch(/^[ -~]*$/);
  const xml = JSON.parse(`"${adm}"`) as string;
  const bytes = renderVast(vast, choice, input, 'utf8');
  expect(Buffer.from(bytes, 'latin1').toString()).toBe(xml);
  return parse(xml);
}

function at(elements: readonly Element[], end: string): Element {
  const found = elements.find(({ path }) => path.endsWith(end));
  if (found === undefined) throw new Error(`there is no ${end}`);
  return found;
}

const LINEAR = 'VAST/Ad/InLine/Creatives/Creative/Linear';

it('is the document of 3.0, in the order of its schema', () => {
  const elements = document('3.0');
  expect(elements.map(({ path }) => path)).toEqual([
    'VAST',
    'VAST/Ad',
    'VAST/Ad/InLine',
    'VAST/Ad/InLine/AdSystem',
    'VAST/Ad/InLine/AdTitle',
    'VAST/Ad/InLine/Impression',
    'VAST/Ad/InLine/Creatives',
    'VAST/Ad/InLine/Creatives/Creative',
    LINEAR,
    `${LINEAR}/Duration`,
    `${LINEAR}/VideoClicks`,
    `${LINEAR}/VideoClicks/ClickThrough`,
    `${LINEAR}/MediaFiles`,
    `${LINEAR}/MediaFiles/MediaFile`,
  ]);
  expect(at(elements, 'VAST').attributes).toEqual({ version: '3.0' });
});

it('is in 2.0 the document of 3.0 without what was new in it', () => {
  const whole = { ...VIDEO, skipAfterS: null };
  const paths = ({ path }: Element) => path;
  expect(document('2.0', whole).map(paths)).toEqual(document('3.0', whole).map(paths));
  expect(at(document('2.0', whole), 'VAST').attributes).toEqual({ version: '2.0' });
  expect(at(document('2.0', whole), '/MediaFile').attributes).not.toHaveProperty('codec');
});

it('is the document of 4.2, in the order of its schema', () => {
  const elements = document('4.2');
  expect(elements.map(({ path }) => path)).toEqual([
    'VAST',
    'VAST/Ad',
    'VAST/Ad/InLine',
    'VAST/Ad/InLine/AdSystem',
    'VAST/Ad/InLine/Impression',
    'VAST/Ad/InLine/AdServingId',
    'VAST/Ad/InLine/AdTitle',
    'VAST/Ad/InLine/Creatives',
    'VAST/Ad/InLine/Creatives/Creative',
    LINEAR,
    `${LINEAR}/Duration`,
    `${LINEAR}/MediaFiles`,
    `${LINEAR}/MediaFiles/MediaFile`,
    `${LINEAR}/VideoClicks`,
    `${LINEAR}/VideoClicks/ClickThrough`,
    'VAST/Ad/InLine/Creatives/Creative/UniversalAdId',
  ]);
  expect(at(elements, 'AdServingId').text).toBe('bid-1');
  expect(at(elements, 'UniversalAdId')).toMatchObject({
    attributes: { idRegistry: 'unknown' },
    text: 'tea-video-1',
  });
});

it('names the creative twice in 4.0, and the showing not before 4.1', () => {
  const elements = document('4.0');
  expect(at(elements, 'UniversalAdId').attributes).toEqual({
    idRegistry: 'unknown',
    idValue: 'tea-video-1',
  });
  expect(elements.some(({ path }) => path.endsWith('AdServingId'))).toBe(false);
});

describe.each(VERSIONS)('in %s', (version) => {
  it('says what is played, for how long, and when it may be skipped', () => {
    const elements = document(version, VIDEO, { files: [1, 0] });
    expect(at(elements, 'AdTitle').text).toBe('Tea & Co');
    expect(at(elements, 'Linear').attributes).toEqual({ skipoffset: '00:00:05' });
    expect(at(elements, 'Duration').text).toBe('00:01:15');
    const files = elements.filter(({ path }) => path.endsWith('/MediaFile'));
    expect(files.map(({ text }) => text)).toEqual([VIDEO.files[1]!.url, VIDEO.files[0]!.url]);
    expect(files[1]!.attributes).toEqual({
      delivery: 'progressive',
      type: 'video/mp4',
      width: '1280',
      height: '720',
      bitrate: '1500',
      codec: 'avc1.42E01E,mp4a.40.2',
      scalable: 'true',
      maintainAspectRatio: 'true',
    });
  });

  it('has our URLs as they are, with the macros of exchange and player', () => {
    const elements = document(version);
    expect(at(elements, 'Impression').text).toBe(INPUT.impressionUrl);
    expect(at(elements, 'ClickThrough').text).toBe(INPUT.clickUrl);
  });

  it('is an audio', () => {
    const elements = document(version, AUDIO);
    expect(at(elements, 'VAST/Ad').attributes['adType']).toBe(
      version === '4.1' || version === '4.2' ? 'audio' : undefined,
    );
    expect(at(elements, 'Linear').attributes).toEqual({});
    expect(at(elements, '/MediaFile').attributes).toMatchObject({ type: 'audio/mpeg', width: '0' });
  });

  it('stays the same document whatever stands in a text or a URL', () => {
    const paths = document(version).map(({ path }) => path);
    const any = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(']]>', '<a>', '&lt;', '"'));
    fc.assert(
      fc.property(any, fc.webUrl({ withQueryParameters: true }), (title, url) => {
        const input = {
          bidId: title,
          impressionUrl: `${url}]]>[X]`,
          clickUrl: `${url}"\\]]>`,
        };
        const elements = document(version, { ...VIDEO, adTitle: title }, { input });
        expect(elements.map(({ path }) => path)).toEqual(paths);
        expect(at(elements, 'Impression').text).toBe(input.impressionUrl);
        expect(at(elements, 'ClickThrough').text).toBe(input.clickUrl);
      }),
    );
  });
});

describe(`promise 10: inert data: known payloads as the title change no document${missing}`, () => {
  it.skipIf(missing !== '').each(['xss/patt_xss.jsonl', 'strings/blns.json'])('%s', (file) => {
    const paths = document('4.2').map(({ path }) => path);
    for (const payload of payloads(file)) {
      const elements = document('4.2', { ...VIDEO, adTitle: payload });
      expect(elements.map(({ path }) => path)).toEqual(paths);
      const adm = renderVast(
        prepareVast({ ...VIDEO, adTitle: payload }, 'c'),
        { version: '4.2', files: [0] },
        { ...INPUT, impressionUrl: INPUT.clickUrl },
      );
      expect(adm.replaceAll('<![CDATA[', '').replaceAll(']]>', '')).not.toMatch(/\$\{|%%|\{\{|\[/);
    }
  });
});

const hasSamples = existsSync(SAMPLES);
it.skipIf(!hasSamples).each([
  ['3.0', 'VAST_3.0_Samples_Video_Clicks_and_click_tracking-Inline-test.xml'],
  ['4.0', 'VAST_4.0_Samples_Inline_Linear_Tag-test.xml'],
] as const)(
  'has its elements in the order of the IAB’s sample of %s (skipped without ../shared/data)',
  (version, name) => {
    const sample = parse(readFileSync(`${SAMPLES}/${name}`, 'utf8')).map(({ path }) => path);
    const own = document(version).map(({ path }) => path);
    expect(own.filter((path) => !sample.includes(path))).toEqual([]);
    const once = sample.filter((path, i) => own.includes(path) && sample.indexOf(path) === i);
    expect(own).toEqual(once);
  },
);
