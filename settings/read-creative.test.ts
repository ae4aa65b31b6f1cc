import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../platform/config-file.ts';
import { loadWorkspace } from './load-workspace.ts';
import { CAMPAIGN, SHOP, workspace } from './workspace.contract.ts';
import type { Campaign } from './workspace.ts';

const BANNER = 'creative: { template: banner.html, sizes: [300x250, 728x90] }';
const FILE =
  '{ url: "https://tea.example/tea.mp4?v=1", mime: Video/MP4, width: 1280, height: 720, bitrate: 1500 }';
const SHOP_FILE = 'shops/tea/shop.yaml';
const FILE_NAME = 'shops/tea/campaigns/spring.yaml';

/** The campaign with this for its creative section. */
function loaded(creative: string, shop = SHOP): Campaign {
  const text = CAMPAIGN.replace(BANNER, `creative: ${creative}`);
  const dir = workspace({ [FILE_NAME]: text, [SHOP_FILE]: shop });
  return loadWorkspace(dir).campaigns[0]!;
}

function check(creative: string, ...expected: string[]): void {
  try {
    loaded(creative);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    const problems = error.problems.map(
      ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
    );
    expect(problems).toEqual(expected);
    return;
  }
  throw new Error('nothing was refused');
}

it('takes a campaign with a banner alone as before', () =>
  expect(loaded('{ template: banner.html, sizes: [300x250] }')).toMatchObject({
    template: 'banner.html',
    sizes: ['300x250'],
    native: null,
    video: null,
    audio: null,
  }));

it('takes a native ad of which nothing is said', () =>
  expect(loaded('{ native: true }')).toMatchObject({
    template: '',
    sizes: [],
    native: { cta: '', description: '', images: null, icon: null },
  }));

it('takes what a native ad says beside its items', () =>
  expect(
    loaded(
      '{ native: { cta: Shop now, description: Fresh tea, images: 800x800, icon: { url: "https://tea.example/l.png", width: 80, height: 80 } } }',
    ).native,
  ).toEqual({
    cta: 'Shop now',
    description: 'Fresh tea',
    images: { width: 800, height: 800 },
    icon: { url: 'https://tea.example/l.png', width: 80, height: 80 },
  }));

it('takes a video and an audio', () => {
  const { video, audio } = loaded(
    `{ video: { duration: 15s, skip_after: 5s, attributes: [10], files: [${FILE}] }, audio: { duration: 30s, files: [{ url: "https://tea.example/tea.mp3", mime: audio/mp3, bitrate: 128 }] } }`,
  );
  expect(video).toEqual({
    kind: 'video',
    adTitle: 'Tea',
    durationS: 15,
    skipAfterS: 5,
    attributes: [10, 16],
    files: [
      {
        url: 'https://tea.example/tea.mp4?v=1',
        mime: 'video/mp4',
        width: 1280,
        height: 720,
        bitrateKbps: 1500,
        codec: '',
        delivery: 'progressive',
      },
    ],
  });
  expect(audio).toMatchObject({
    kind: 'audio',
    durationS: 30,
    skipAfterS: null,
    files: [{ mime: 'audio/mpeg', width: 0, height: 0, bitrateKbps: 128 }],
  });
});

it('takes a file on one of media_hosts', () => {
  const shop = SHOP.replace('allowed_hosts', 'media_hosts: [cdn.example]\nallowed_hosts');
  const file = FILE.replace('tea.example', 'cdn.example');
  expect(loaded(`{ video: { duration: 15s, files: [${file}] } }`, shop).video?.files).toHaveLength(
    1,
  );
});

describe('is refused', () => {
  const video = (file: string) => `{ video: { duration: 15s, files: [${file}] } }`;

  it('without any format', () =>
    check(
      '{ attributes: [1] }',
      '10:11 creative expected at least one of template with sizes, native, video and audio, got {"attributes":[1]}',
    ));

  it('with half a banner', () =>
    check(
      '{ sizes: [300x250], native: true }',
      '10:11 creative expected both a template and sizes of a banner, got {"sizes":["300x250"],"native":true}',
    ));

  it('with a file of somebody else, or that is not https', () => {
    check(
      video(FILE.replace('tea.example', 'evil.example')),
      '10:52 creative.video.files.0.url expected a URL on one of allowed_hosts or media_hosts of shop.yaml: tea.example',
    );
    check(
      video(FILE.replace('https:', 'http:')),
      '10:52 creative.video.files.0.url expected an https URL',
    );
  });

  it('with a URL that something could take for a macro', () => {
    for (const query of ['?${AUCTION_PRICE}', '?%%CLICK%%', '?[CACHEBUSTING]']) {
      check(
        video(FILE.replace('?v=1', query)),
        '10:52 creative.video.files.0.url expected a URL without macros, brackets and quotes',
      );
    }
  });

  it('with a duration that is no whole second, or that ends before it may be skipped', () => {
    check(
      video(FILE).replace('15s', '1500ms'),
      '10:32 creative.video.duration expected whole seconds, at most 3600s, got "1500ms"',
    );
    check(
      video(FILE).replace('15s', '15s, skip_after: 15s'),
      '10:49 creative.video.skip_after expected less than the duration, got "15s"',
    );
  });

  it('with a media type of another kind', () =>
    check(
      video(FILE.replace('Video/MP4', 'text/html')),
      '10:93 creative.video.files.0.mime expected a media type such as video/mp4, got "text/html"',
    ));

  it('with a size of pictures that is none', () =>
    check(
      '{ native: { images: big } }',
      '10:31 creative.native.images expected a size in pixels such as 1200x627, got "big"',
    ));
});
