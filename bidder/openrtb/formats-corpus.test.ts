/** What the public corpus offers, answered with one native ad, one video and one audio. */
import { SaxesParser } from 'saxes';
import { expect, it } from 'vitest';
import { indexCatalogue } from '../../creative/index-catalogue.ts';
import type { MediaCreative } from '../../creative/media-creative.ts';
import { chooseMedia, mediaMisfit } from '../../creative/media-fit.ts';
import { firstNativeItem, prepareNative, renderNative } from '../../creative/native.ts';
import type { NativePlacement } from '../../creative/native-placement.ts';
import { prepareVast, renderVast } from '../../creative/vast.ts';
import { hasData, jsonFiles } from '../corpora.contract.ts';
import { decodeAudioPlacement, decodeVideoPlacement } from './media-placement.ts';
import { decodeNativePlacement } from './native-request.ts';
import { readJson } from './read-json.ts';
import { type JsonObject, list, object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

const URLS = {
  impressionUrl: 'https://ads.example/i?t=1',
  clickUrl: 'https://ads.example/c?t=1&s=0',
};
const file = (mime: string, width: number, height: number, bitrateKbps: number) =>
  ({
    url: 'https://cdn.example/a',
    mime,
    width,
    height,
    bitrateKbps,
    codec: '',
    delivery: 'progressive',
  }) as const;
const common = { adTitle: 'Tea', durationS: 15, skipAfterS: null, attributes: [] };
const MEDIA: Readonly<Record<'video' | 'audio', MediaCreative>> = {
  video: {
    ...common,
    kind: 'video',
    files: [file('video/mp4', 1280, 720, 1400), file('video/mp4', 640, 360, 600)],
  },
  audio: {
    ...common,
    kind: 'audio',
    files: [file('audio/mpeg', 0, 0, 128), file('audio/mp4', 0, 0, 96)],
  },
};

const { items } = indexCatalogue(
  {
    items: [
      {
        id: 'a',
        title: 'A rather long name of a running shoe that few places have the room for',
        priceMicros: 79_500_000,
        listPriceMicros: 99_000_000,
        imageUrl: 'https://shop.example/1.jpg',
        landingUrl: 'https://shop.example/p',
        category: '',
        available: true,
      },
    ],
    bestOfCategory: {},
    bestSellers: [],
  },
  { allowedHosts: ['shop.example'], currency: 'EUR', locale: 'en' },
);
const NATIVE = prepareNative({
  creative: {
    cta: 'Shop now',
    description: 'Free returns for a whole month',
    images: { width: 1200, height: 627 },
    icon: { url: 'https://shop.example/logo.png', width: 80, height: 80 },
  },
  shop: { title: 'Shoes', domain: 'shop.example' },
});

function imps(): JsonObject[] {
  return jsonFiles('openrtb/requests/').flatMap((json) =>
    list(object(readJson(json, REQUEST_SHAPE))['imp'], Infinity).map(object),
  );
}

/** Counts of what came of each. */
function counted<T>(values: readonly T[], outcome: (value: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) {
    const key = outcome(value);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function answerMedia(wire: unknown, kind: 'video' | 'audio'): string {
  const decode = kind === 'video' ? decodeVideoPlacement : decodeAudioPlacement;
  const placement = decode(object(wire));
  if (typeof placement === 'string') return placement;
  const media = MEDIA[kind];
  const misfit = mediaMisfit(media, placement);
  if (misfit !== null) return misfit;
  const choice = chooseMedia(media, placement);
  expect(placement.protocols.length === 0 || placement.protocols.includes(choice.protocol)).toBe(
    true,
  );
  expect(choice.files.length).toBeGreaterThan(0);
  const adm = renderVast(prepareVast(media, 'c'), choice, { ...URLS, bidId: 'b' });
  new SaxesParser().write(JSON.parse(`"${adm}"`)).close();
  return 'answered';
}

function answerNative(wire: unknown): string {
  const placement = decodeNativePlacement(object(wire));
  if (typeof placement === 'string') return placement;
  if (firstNativeItem(NATIVE, placement, { items, offerText: '' }) < 0) return 'no-creative';
  const input = { item: items[0]!, offerText: '', ...URLS, privacyUrl: '' };
  const answer = JSON.parse(JSON.parse(`"${renderNative(NATIVE, placement, input)}"`));
  checkKeepsOffer(placement, placement.wrapped ? answer.native : answer);
  return 'answered';
}

// biome-ignore lint/suspicious/noExplicitAny: wire JSON, looked into by a test.
function checkKeepsOffer(placement: NativePlacement, answer: any): void {
  const ids: number[] = answer.assets.map(({ id }: { id: number }) => id);
  const required = placement.assets.filter((asset) => asset.required).map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(required));
  for (const { id, title, data } of answer.assets) {
    const { lengthMax } = placement.assets.find((asset) => asset.id === id)!;
    const text: string = title?.text ?? data?.value ?? '';
    expect(text.length).toBeLessThanOrEqual(lengthMax || Infinity);
  }
}

it.skipIf(!hasData)(
  'answers what it can of the corpus as its placements ask, and says why not (skipped without ../shared/data)',
  () => {
    const all = imps();
    const has = (name: string) => all.map((imp) => imp[name]).filter((wire) => wire !== undefined);
    const native = counted(has('native'), answerNative);
    const video = counted(has('video'), (wire) => answerMedia(wire, 'video'));
    const audio = counted(has('audio'), (wire) => answerMedia(wire, 'audio'));
    expect(native['answered']).toBeGreaterThan(40);
    expect(video['answered']).toBeGreaterThan(350);
    expect(audio['answered']).toBeGreaterThan(10);
  },
);
