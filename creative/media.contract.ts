/** Films and places for them, for the tests. */
import type { MediaCreative } from './media-creative.ts';
import type { MediaPlacement } from './media-placement.ts';

export function file(
  more: Partial<MediaCreative['files'][number]> = {},
): MediaCreative['files'][number] {
  return {
    url: 'https://cdn.example/a.mp4',
    mime: 'video/mp4',
    width: 640,
    height: 360,
    bitrateKbps: 800,
    codec: '',
    delivery: 'progressive',
    ...more,
  };
}

export const SPOT: MediaCreative = {
  kind: 'video',
  adTitle: 'Shop',
  durationS: 15,
  skipAfterS: null,
  attributes: [],
  files: [file()],
};
/** Of the same length. */
export const JINGLE: MediaCreative = {
  ...SPOT,
  kind: 'audio',
  files: [file({ url: 'https://cdn.example/a.mp3', mime: 'audio/mpeg', width: 0, height: 0 })],
};

/** A place that takes SPOT, and with `kind` audio and its mime JINGLE. */
export const mediaPlacement = (more: Partial<MediaPlacement> = {}): MediaPlacement => ({
  kind: 'video',
  mimes: ['video/mp4'],
  protocols: [2, 3],
  minDurationS: 0,
  maxDurationS: 0,
  exactDurationsS: [],
  linearity: 0,
  skip: null,
  skipMinS: 0,
  skipAfterS: 0,
  w: 0,
  h: 0,
  minBitrateKbps: 0,
  maxBitrateKbps: 0,
  delivery: [],
  boxingAllowed: true,
  blockedAttributes: [],
  plcmt: 0,
  floors: { cpmMicrosPerS: 0, ranges: [] },
  pod: null,
  ...more,
});
