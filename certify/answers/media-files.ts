/** The files of an ad against the player they are for: OpenRTB 2.6 sections 3.2.7 and 3.2.8. */
import { mediaOf, type Offer, typeOf, VIDEO } from './offer.ts';
import { elementsAt, type VastElement } from './vast-scan.ts';
import { type Json, number, numbers, texts } from './wire-json.ts';

/** AdCOM delivery methods; a file that is loaded while it plays can be loaded before, too. */
const DELIVERIES: Readonly<Record<string, readonly number[]>> = {
  streaming: [1],
  progressive: [2, 3],
};
/** AdCOM APIs of VPAID 1.0 and 2.0. */
const VPAID = [1, 2];
/** Heights are whole pixels. */
const SHAPE_TOLERANCE = 0.01;

/** A player takes the one it likes best, so each has to suit. */
export function mediaFileViolations(offer: Offer, linear: VastElement): string[] {
  const files = elementsAt(linear, 'MediaFiles/MediaFile');
  if (files.length === 0) return ['vast-element-missing: MediaFile'];
  const faults = files.flatMap((file) => [
    ...attributeFaults(offer, file),
    ...mimeFaults(offer, file),
    ...playerFaults(mediaOf(offer), file),
  ]);
  if (typeOf(offer) === VIDEO) faults.push(...sizeFaults(offer, files));
  return faults;
}

function attributeFaults(offer: Offer, { attributes }: VastElement): string[] {
  const { delivery = '', width, height } = attributes;
  const faults = delivery in DELIVERIES ? [] : [`media-delivery: "${delivery}"`];
  const isSized = number(width) > 0 && number(height) > 0;
  if (typeOf(offer) === VIDEO && !isSized) faults.push(`media-size: ${width}x${height} of a file`);
  return faults;
}

/** Parameters, such as of codecs, are more than the request asks about. */
function mimeFaults(offer: Offer, { attributes }: VastElement): string[] {
  const { mimeNames = {} } = offer.agreement;
  const named = (mime: string) => {
    const name = mime.split(';')[0]!.trim().toLowerCase();
    return mimeNames[name] ?? name;
  };
  const own = named(attributes['type'] ?? '');
  if (!/^[\w.+-]+\/[\w.+-]+$/.test(own)) return [`mime-missing: "${own}" of a file`];
  const offered = texts(mediaOf(offer)['mimes']).map(named);
  return offered.length === 0 || offered.includes(own) ? [] : [`mime-not-offered: ${own}`];
}

function playerFaults(media: Json, { attributes }: VastElement): string[] {
  const faults: string[] = [];
  const bitrate = number(attributes['bitrate']);
  const most = number(media['maxbitrate']);
  if (bitrate < number(media['minbitrate']) || (most > 0 && bitrate > most)) {
    faults.push(`bitrate-not-offered: ${bitrate}`);
  }
  const deliveries = numbers(media['delivery']);
  const own = DELIVERIES[attributes['delivery'] ?? ''] ?? deliveries;
  if (deliveries.length > 0 && !own.some((each) => deliveries.includes(each))) {
    faults.push(`delivery-not-offered: ${attributes['delivery']}`);
  }
  const apis = numbers(media['api']);
  const isVpaid = attributes['apiFramework'] === 'VPAID';
  if (isVpaid && !VPAID.some((api) => apis.includes(api))) faults.push('api-not-offered: VPAID');
  return faults;
}

/** The bid's size, where it says one, is that of the player or of a file; without boxes, all have one shape. */
function sizeFaults(offer: Offer, files: readonly VastElement[]): string[] {
  const { bid } = offer;
  const media = mediaOf(offer);
  const player = shape(media['w'], media['h']);
  const own = files.map(({ attributes }) => shape(attributes['width'], attributes['height']));
  const faults: string[] = [];
  if (bid['w'] !== undefined || bid['h'] !== undefined) {
    const said = shape(bid['w'], bid['h']);
    const isKnown = [player, ...own].some(({ w, h }) => w === said.w && h === said.h);
    if (!isKnown) faults.push(`media-size: ${said.w}x${said.h} of the bid`);
  }
  const mustFill = media['boxingallowed'] !== undefined && number(media['boxingallowed']) === 0;
  if (mustFill && player.w > 0 && player.h > 0) {
    faults.push(
      ...own
        .filter(({ w, h }) => Math.abs((w * player.h) / (h * player.w) - 1) > SHAPE_TOLERANCE)
        .map(({ w, h }) => `media-shape: ${w}x${h} in ${player.w}x${player.h}`),
    );
  }
  return faults;
}

const shape = (w: unknown, h: unknown) => ({ w: number(w), h: number(h) });
