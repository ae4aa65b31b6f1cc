import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file, mediaPlacement, SPOT } from './media.contract.ts';
import { ATTRIBUTE_SKIP, type MediaCreative } from './media-creative.ts';
import { chooseMedia, mediaMisfit } from './media-fit.ts';
import type { MediaPlacement } from './media-placement.ts';

const SKIPPABLE: MediaCreative = { ...SPOT, skipAfterS: 5, attributes: [ATTRIBUTE_SKIP] };
const ANY = mediaPlacement();
const POD = { id: 'p', sequence: 0, slot: 0, durationS: 60, adsMax: 4, dedupe: [] };

function check(placement: Partial<MediaPlacement>, expected: string | null, media = SPOT): void {
  expect(mediaMisfit(media, { ...ANY, ...placement })).toBe(expected);
}

describe('the protocol', () => {
  const version = (...protocols: number[]) => {
    const { protocol, version: chosen } = chooseMedia(SPOT, { ...ANY, protocols });
    return [protocol, chosen];
  };

  it('is the newest that is named and ours', () => {
    expect(version(2, 3)).toEqual([3, '3.0']);
    expect(version(3, 7, 8)).toEqual([7, '4.0']);
    expect(version(11, 3)).toEqual([11, '4.1']);
    expect(version(3, 13, 7)).toEqual([13, '4.2']);
  });

  it('is 3.0 where none is named', () => expect(version()).toEqual([3, '3.0']));

  it('is 2.0 where nothing newer is named, but not of an ad that may be skipped', () => {
    expect(version(1, 2)).toEqual([2, '2.0']);
    check({ protocols: [1, 2], skip: true }, 'protocol-not-accepted', SKIPPABLE);
    check({ protocols: [2, 3], skip: true }, null, SKIPPABLE);
  });

  it('is none where only others are named, or only those of wrappers', () => {
    check({ protocols: [1] }, 'protocol-not-accepted');
    check({ protocols: [4, 5, 6, 8, 12, 14] }, 'protocol-not-accepted');
    check({ protocols: [9, 10] }, 'protocol-not-accepted');
  });
});

describe('the duration', () => {
  it('is in the range, ends included', () => {
    check({ minDurationS: 15, maxDurationS: 15 }, null);
    check({ minDurationS: 16 }, 'duration-not-accepted');
    check({ maxDurationS: 14 }, 'duration-not-accepted');
  });
  it('is one of the exact ones, and then no range counts', () => {
    check({ exactDurationsS: [15, 30], maxDurationS: 10 }, null);
    check({ exactDurationsS: [10, 30] }, 'duration-not-accepted');
  });
  it('is within the break', () => {
    check({ pod: POD }, null);
    check({ pod: { ...POD, durationS: 14 } }, 'duration-not-accepted');
  });
});

describe('an ad with its own button to skip', () => {
  it('is played where a viewer may skip, or nobody says', () => {
    check({ skip: true }, null, SKIPPABLE);
    check({}, null, SKIPPABLE);
  });
  it('is refused where not, where it is too short, and where it may be skipped later', () => {
    check({ skip: false }, 'skip-not-accepted', SKIPPABLE);
    check({ skip: true, skipMinS: 15 }, 'skip-not-accepted', SKIPPABLE);
    check({ skip: true, skipMinS: 14 }, null, SKIPPABLE);
    check({ skip: true, skipAfterS: 6 }, 'skip-not-accepted', SKIPPABLE);
  });
  it('has the attribute of one', () => {
    check({ blockedAttributes: [16] }, 'attribute-blocked', SKIPPABLE);
    check({ blockedAttributes: [16] }, null);
  });
  it('is no matter to one without', () => check({ skip: false, skipMinS: 60 }, null));
});

it('is refused for its attributes, and where only overlays are taken', () => {
  check({ blockedAttributes: [9, 10] }, 'attribute-blocked', { ...SPOT, attributes: [10] });
  check({ linearity: 2 }, 'linearity-not-accepted');
  check({ linearity: 1 }, null);
});

describe('a file', () => {
  it('has a media type that is taken', () => {
    check({ mimes: ['video/webm'] }, 'mime-not-accepted');
    check({ mimes: [] }, null);
  });
  it('has a bitrate within the bounds', () => {
    check({ minBitrateKbps: 800, maxBitrateKbps: 800 }, null);
    check({ minBitrateKbps: 801 }, 'media-file-not-accepted');
    check({ maxBitrateKbps: 799 }, 'media-file-not-accepted');
  });
  it('comes as it is taken', () => {
    check({ delivery: [1] }, 'media-file-not-accepted');
    check({ delivery: [2] }, null);
    check({ delivery: [3] }, null);
    check({ delivery: [1] }, null, { ...SPOT, files: [file({ delivery: 'streaming' })] });
  });
  it('has the player’s shape where bars are not allowed', () => {
    check({ boxingAllowed: false, w: 400, h: 300 }, 'media-file-not-accepted');
    check({ boxingAllowed: false, w: 854, h: 480 }, null);
    check({ boxingAllowed: false }, null);
    check({ w: 400, h: 300 }, null);
  });
  it('of an audio has no shape', () => {
    const audio = file({ mime: 'audio/mpeg', width: 0, height: 0 });
    check({ kind: 'audio', mimes: ['audio/mpeg'] }, null, {
      ...SPOT,
      kind: 'audio',
      files: [audio],
    });
  });
});

it('puts the file first that is the nearest not larger than the player', () => {
  const media = { ...SPOT, files: [1920, 640, 1280, 320].map((width) => file({ width })) };
  const order = (w: number) =>
    chooseMedia(media, { ...ANY, w }).files.map((i) => media.files[i]!.width);
  expect(order(1280)).toEqual([1280, 640, 320, 1920]);
  expect(order(1279)).toEqual([640, 320, 1280, 1920]);
  expect(order(300)).toEqual([320, 640, 1280, 1920]);
  expect(order(0)).toEqual([1920, 1280, 640, 320]);
});

it('chooses none but files that are taken, and at least one where there is no misfit', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ bitrateKbps: fc.nat(9), mime: fc.constantFrom('video/mp4', 'video/webm') }),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      fc.record({
        minBitrateKbps: fc.nat(9),
        maxBitrateKbps: fc.nat(9),
        mimes: fc.subarray(['video/mp4', 'video/webm']),
        w: fc.nat(2000),
      }),
      (files, limits) => {
        const media = { ...SPOT, files: files.map(file) };
        const placement = { ...ANY, ...limits };
        const chosen = chooseMedia(media, placement).files;
        expect(chosen.length > 0).toBe(mediaMisfit(media, placement) === null);
        for (const i of chosen) {
          expect(mediaMisfit({ ...media, files: [media.files[i]!] }, placement)).toBe(null);
        }
      },
    ),
  ));
