import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaPlacement } from '../../creative/media.contract.ts';
import type { MediaPlacement } from '../../creative/media-placement.ts';
import { durationFloorCpmMicros } from '../auction/media-floor.ts';
import { hasData, jsonFiles } from '../corpora.contract.ts';
import { AUDIO, VIDEO } from './format-shapes.ts';
import {
  decodeAudioPlacement,
  decodeDurationFloors,
  decodeVideoPlacement,
  impressionMultiplier,
} from './media-placement.ts';
import { openrtbProto, toProtobuf } from './openrtb-proto.contract.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson } from './read-json.ts';
import { readProtobuf } from './read-protobuf.ts';
import { list, object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

const SILENT = mediaPlacement({ mimes: [], protocols: [] });

function video(wire: object): MediaPlacement | string {
  return decodeVideoPlacement(object(readJson(Buffer.from(JSON.stringify(wire)), VIDEO)));
}

const FULL = {
  mimes: ['video/mp4'],
  protocols: [3, 7],
  minduration: 5,
  maxduration: 30,
  rqddurs: [15, 30],
  linearity: 1,
  skip: 1,
  skipmin: 10,
  skipafter: 5,
  w: 640,
  h: 360,
  minbitrate: 300,
  maxbitrate: 1500,
  delivery: [2],
  boxingallowed: 0,
  battr: [13, 16],
  plcmt: 1,
  mincpmpersec: 0.25,
  durfloors: [
    { mindur: 1, maxdur: 15, bidfloor: 5 },
    { mindur: 16, bidfloor: 10.5 },
  ],
  podid: 'pod',
  podseq: -1,
  slotinpod: 2,
  poddur: 90,
  maxseq: 4,
  poddedupe: [1, 3],
};
const FULL_OFFER: MediaPlacement = {
  kind: 'video',
  mimes: ['video/mp4'],
  protocols: [3, 7],
  minDurationS: 5,
  maxDurationS: 30,
  exactDurationsS: [15, 30],
  linearity: 1,
  skip: true,
  skipMinS: 10,
  skipAfterS: 5,
  w: 640,
  h: 360,
  minBitrateKbps: 300,
  maxBitrateKbps: 1500,
  delivery: [2],
  boxingAllowed: false,
  blockedAttributes: [13, 16],
  plcmt: 1,
  floors: {
    cpmMicrosPerS: 250_000,
    ranges: [
      { minS: 1, maxS: 15, floorCpmMicros: 5_000_000 },
      { minS: 16, maxS: 86_400, floorCpmMicros: 10_500_000 },
    ],
  },
  pod: { id: 'pod', sequence: -1, slot: 2, durationS: 90, adsMax: 4, dedupe: [1, 3] },
};

describe('a video', () => {
  it('is read whole, from JSON and from protobuf alike', () => {
    expect(video(FULL)).toEqual(FULL_OFFER);
    const bytes = toProtobuf(openrtbProto(false), 'BidRequest', {
      id: 'r',
      imp: [{ id: '1', video: { ...FULL, skip: true, boxingallowed: false } }],
    });
    const read = readProtobuf(bytes, protobufShape('BidRequest', REQUEST_SHAPE));
    const [imp] = list(read['imp'], 1);
    expect(decodeVideoPlacement(object(object(imp)['video']))).toEqual(FULL_OFFER);
  });

  it('that says nothing forbids nothing', () => expect(video({})).toEqual(SILENT));

  it('may have its numbers as texts, and its media types under other names', () =>
    expect(
      video({
        mimes: ['Video/MP4; codecs="avc1"', 'constructor'],
        maxduration: '30',
        skip: '0',
        podid: 7,
        poddur: -1,
      }),
    ).toEqual({
      ...SILENT,
      mimes: ['video/mp4', 'constructor'],
      maxDurationS: 30,
      skip: false,
      pod: { id: '7', sequence: 0, slot: 0, durationS: 0, adsMax: 0, dedupe: [] },
    }));

  it('has the one protocol of 2.2 where there is no list of them', () => {
    expect(video({ protocol: 3 })).toMatchObject({ protocols: [3] });
    expect(video({ protocol: 2, protocols: [7] })).toMatchObject({ protocols: [7] });
  });

  it('is refused where something that binds cannot be read', () => {
    const attributes = Array.from({ length: 65 }, (_, i) => i);
    expect(video({ battr: attributes })).toBe('block-list-too-long');
    expect(video({ mincpmpersec: 'much' })).toBe('floor-not-readable');
    expect(video({ durfloors: 5 })).toBe('floor-not-readable');
    expect(video({ durfloors: [{ bidfloor: {} }] })).toBe('floor-not-readable');
    expect(video({ durfloors: new Array(65).fill({ bidfloor: 1 }) })).toBe('floor-not-readable');
  });
});

it('reads an audio, which has no picture', () => {
  const wire = { ...FULL, mimes: ['audio/mp3', 'audio/mp4'], podid: '', poddur: 0 };
  const read = object(readJson(Buffer.from(JSON.stringify(wire)), AUDIO));
  expect(decodeAudioPlacement(read)).toEqual({
    ...FULL_OFFER,
    kind: 'audio',
    mimes: ['audio/mpeg', 'audio/mp4'],
    linearity: 0,
    skip: null,
    skipMinS: 0,
    skipAfterS: 0,
    w: 0,
    h: 0,
    boxingAllowed: true,
    plcmt: 0,
    pod: null,
  });
});

describe('the floor of an ad by its duration', () => {
  const check = (wire: object, durationS: number, expected: number | null) => {
    const floors = decodeDurationFloors(object(wire));
    if (typeof floors === 'string') throw new Error(floors);
    expect(durationFloorCpmMicros(floors, durationS)).toBe(expected);
  };
  const durfloors = [
    { mindur: 1, maxdur: 15, bidfloor: 5 },
    { mindur: 15, maxdur: 30, bidfloor: 8 },
    { mindur: 60, bidfloor: 0 },
  ];

  it('is the price per second times its seconds', () =>
    check({ mincpmpersec: 0.1 }, 15, 1_500_000));
  it('is that of its range', () => check({ durfloors }, 14, 5_000_000));
  it('is the highest where ranges overlap', () => check({ durfloors }, 15, 8_000_000));
  it('is the imp’s own outside of all ranges', () => check({ durfloors }, 45, null));
  it('is the imp’s own where neither is said', () => check({}, 15, null));
  it('may be nothing in a range that says so', () => check({ durfloors }, 90, 0));
  it('is the higher of both', () => {
    check({ durfloors, mincpmpersec: 1 }, 14, 14_000_000);
    check({ durfloors, mincpmpersec: 0.1 }, 14, 5_000_000);
  });
  it('may have a range open below', () =>
    check({ durfloors: [{ maxdur: 6, bidfloor: 2 }] }, 6, 2e6));
});

it('takes one impression for one unless a screen says how many see it', () => {
  expect(impressionMultiplier(undefined)).toBe(1);
  expect(impressionMultiplier({})).toBe(1);
  expect(impressionMultiplier({ multiplier: 14.2 })).toBe(14.2);
  expect(impressionMultiplier({ multiplier: '0.5' })).toBe(0.5);
  for (const multiplier of [0, -1, 'many', 1e9, {}])
    expect(impressionMultiplier({ multiplier })).toBe(-1);
  for (const qty of [12, 'many', [{ multiplier: 2 }]]) expect(impressionMultiplier(qty)).toBe(-1);
});

function checkBounded(placement: MediaPlacement | string): void {
  if (typeof placement === 'string') return;
  for (const each of Object.values(placement)) {
    expect(Array.isArray(each) ? each.length : 0).toBeLessThanOrEqual(64);
    expect(typeof each === 'number' ? each : 0).toBeGreaterThanOrEqual(0);
  }
}

it('never throws, and stays bounded, whatever stands in a field', () => {
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom<unknown>(Number.NaN, Infinity, -1, 1e308, [{ bidfloor: 1 }]),
    fc.array(fc.integer(), { maxLength: 200 }),
  );
  const wires = fc.record(Object.fromEntries(VIDEO.names.map((name) => [name, value])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(wires, (wire) => {
      checkBounded(decodeVideoPlacement(wire));
      checkBounded(decodeAudioPlacement(wire));
    }),
    { numRuns: 500 },
  );
});

it.skipIf(!hasData)(
  'reads every video and audio of the corpus (skipped without ../shared/data)',
  () => {
    const counts = new Map<string, number>();
    for (const placement of jsonFiles('openrtb/requests/').flatMap(offersOf)) {
      const key = typeof placement === 'string' ? placement : placement.kind;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.get('video')).toBeGreaterThan(400);
    expect(counts.get('audio')).toBeGreaterThan(40);
    expect(counts.get('floor-not-readable') ?? 0).toBeLessThan(5);
  },
);

function offersOf(json: Buffer): (MediaPlacement | string)[] {
  const imps = list(object(readJson(json, REQUEST_SHAPE))['imp'], Infinity).map(object);
  return imps.flatMap(({ video: seen, audio: heard }) => [
    ...(seen === undefined ? [] : [decodeVideoPlacement(object(seen))]),
    ...(heard === undefined ? [] : [decodeAudioPlacement(object(heard))]),
  ]);
}
