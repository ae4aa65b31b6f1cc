/** The formats of a campaign besides its banner, as they are bid with, and what is wrong with their URLs. */
import { ATTRIBUTE_SKIP, type MediaCreative } from '../creative/media-creative.ts';
import type { NativeCreative } from '../creative/native-creative.ts';
import { parseShopUrl } from '../creative/shop-url.ts';
import type { ConfigPath } from '../platform/config-file.ts';
import type { CreativeSection } from './creative-schema.ts';
import type { ShopSettings } from './workspace.ts';

/** What an exchange or a player could take for a macro, and what ends a URL in markup. */
const UNSAFE_IN_URL = /[^\w\-.~:/?@!&()*+,;=%#]|%%/;

type Host = Pick<ShopSettings, 'title' | 'allowedHosts' | 'mediaHosts'>;

export interface SuppliedFormats {
  readonly native: NativeCreative | null;
  readonly video: MediaCreative | null;
  readonly audio: MediaCreative | null;
}

/** Of a section in which urlProblems found nothing. */
export function suppliedFormats(
  { native, video, audio }: CreativeSection,
  shop: Pick<ShopSettings, 'title'>,
): SuppliedFormats {
  return {
    native: native === undefined ? null : nativeOf(native),
    video: video === undefined ? null : mediaOf('video', video, shop.title),
    audio: audio === undefined ? null : mediaOf('audio', audio, shop.title),
  };
}

/** Each URL below `creative` that may not be sent anywhere, with its path. */
export function urlProblems(
  creative: CreativeSection,
  shop: Host,
): { readonly path: ConfigPath; readonly message: string }[] {
  const urls: (readonly [ConfigPath, string])[] = [];
  for (const format of ['video', 'audio'] as const) {
    creative[format]?.files.forEach(({ url }, i) => {
      urls.push([['creative', format, 'files', i, 'url'], url]);
    });
  }
  const icon = creative.native?.icon;
  if (icon !== undefined) urls.push([['creative', 'native', 'icon', 'url'], icon.url]);
  return urls.flatMap(([path, url]) => {
    const message = urlProblem(url, shop);
    return message === null ? [] : [{ path, message }];
  });
}

function urlProblem(text: string, { allowedHosts, mediaHosts }: Host): string | null {
  const url = parseShopUrl(text, [...allowedHosts, ...mediaHosts]);
  if (url === null) {
    const hosts = [...allowedHosts, ...mediaHosts].join(', ');
    return `expected a URL on one of allowed_hosts or media_hosts of shop.yaml: ${hosts}`;
  }
  if (url.protocol !== 'https:') return 'expected an https URL';
  return UNSAFE_IN_URL.test(url.href) ? 'expected a URL without macros, brackets and quotes' : null;
}

type MediaSection = NonNullable<CreativeSection['video'] | CreativeSection['audio']>;

function mediaOf(kind: MediaCreative['kind'], media: MediaSection, adTitle: string): MediaCreative {
  const skipAfterS = 'skip_after' in media ? media.skip_after : null;
  const attributes = media.attributes.filter((attribute) => attribute !== ATTRIBUTE_SKIP);
  return {
    kind,
    adTitle,
    durationS: media.duration,
    skipAfterS,
    attributes: skipAfterS === null ? attributes : [...attributes, ATTRIBUTE_SKIP],
    files: media.files.map((file) => ({
      url: new URL(file.url).href,
      mime: file.mime,
      width: 'width' in file ? file.width : 0,
      height: 'height' in file ? file.height : 0,
      bitrateKbps: file.bitrate,
      codec: file.codec,
      delivery: file.delivery,
    })),
  };
}

function nativeOf(native: NonNullable<CreativeSection['native']>): NativeCreative {
  const { cta = '', description = '', images = null, icon } = native;
  return {
    cta,
    description,
    images,
    icon: icon === undefined ? null : { ...icon, url: new URL(icon.url).href },
  };
}
