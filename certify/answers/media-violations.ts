/** A video or audio bid against the place it is for: OpenRTB 2.6 sections 3.2.7, 3.2.8 and 7.6. */
import { mediaFileViolations } from './media-files.ts';
import { mediaOf, type Offer, typeOf, VIDEO } from './offer.ts';
import { macroFaults } from './text-faults.ts';
import type { VastElement } from './vast-scan.ts';
import { readVast, secondsOf } from './vast-violations.ts';
import { type Json, number, numbers, text } from './wire-json.ts';

const LINEAR = 1;
/** AdCOM creative attribute: the ad brings its own skip button. */
const SKIPPABLE = 16;
/** Places in a pod: -1 the last, 0 any, 1 the first, 2 the first or the last. */
const SLOTS = [-1, 0, 1, 2];
const EITHER_END = 2;

export function mediaViolations(offer: Offer): string[] {
  const { imp, bid } = offer;
  const media = mediaOf(offer);
  const faults = [
    ...['protocol', 'dur'].filter((name) => bid[name] === undefined).map(missing),
    ...protocolFaults(media, number(bid['protocol'])),
    ...durationFaults(media, number(bid['dur'])),
    ...slotFaults(media, bid['slotinpod']),
  ];
  if (typeOf(offer) === VIDEO && number(media['linearity']) > LINEAR) {
    faults.push(`linearity-not-offered: linear where ${media['linearity']}`);
  }
  const adm = text(bid['adm']);
  if (adm === '') return faults;
  const reading = readVast(adm, number(bid['protocol']), number(imp['secure']) === 1);
  faults.push(...reading.faults, ...macroFaults('adm', adm, offer.agreement.macros));
  if (reading.ad === null || reading.ad.isWrapper) return faults;
  for (const linear of reading.ad.linears) {
    faults.push(
      ...lengthFaults(linear, number(bid['dur'])),
      ...skipFaults(offer, linear),
      ...mediaFileViolations(offer, linear),
    );
  }
  return faults;
}

const missing = (name: string) => `field-missing: ${name}`;

/** Of 2.2 and before, `protocol` names the only one. */
function protocolFaults(media: Json, protocol: number): string[] {
  const offered = numbers(media['protocols'] ?? media['protocol']);
  return Number.isNaN(protocol) || offered.length === 0 || offered.includes(protocol)
    ? []
    : [`protocol-not-offered: ${protocol}`];
}

/** Exact lengths exclude a range. 0 as the greatest says nothing. */
function durationFaults(media: Json, durationS: number): string[] {
  if (Number.isNaN(durationS)) return [];
  const exact = numbers(media['rqddurs']);
  const most = number(media['maxduration']);
  const whole = number(media['poddur']);
  const isOffered =
    exact.length > 0
      ? exact.includes(durationS)
      : !(durationS < number(media['minduration'])) && !(most > 0 && durationS > most);
  return durationS > 0 && isOffered && !(whole > 0 && durationS > whole)
    ? []
    : [`duration-not-offered: ${durationS}`];
}

/** Only a place that holds several ads has more than one to choose, and only as the seller can keep it. */
function slotFaults(media: Json, said: unknown): string[] {
  if (said === undefined) return [];
  const slot = number(said);
  if (!SLOTS.includes(slot)) return [`slot-unknown: ${said}`];
  if (!(number(media['poddur']) > 0)) return ['slot-without-pod: the imp is one place'];
  const kept = number(media['slotinpod'] ?? 0);
  return slot === 0 || slot === kept || (kept === EITHER_END && slot !== EITHER_END)
    ? []
    : [`slot-not-offered: ${slot} where ${kept}`];
}

/** What the bid says in whole seconds. */
function lengthFaults(linear: VastElement, durationS: number): string[] {
  const written = childText(linear, 'Duration');
  const seconds = secondsOf(written);
  if (Number.isNaN(seconds)) return [`vast-duration: "${written}" is no time`];
  return Math.abs(seconds - durationS) >= 1 ? [`vast-duration: ${written} for ${durationS} s`] : [];
}

const childText = ({ children }: VastElement, name: string) =>
  children.find((child) => child.name === name)?.text.trim() ?? '';

/** An ad that brings its own button says so, and brings it only where it may, and not too early. */
function skipFaults(offer: Offer, linear: VastElement): string[] {
  const { bid } = offer;
  const media = mediaOf(offer);
  const written = linear.attributes['skipoffset'];
  const isSaid = numbers(bid['attr']).includes(SKIPPABLE);
  if (written === undefined) return isSaid ? ['skip-promised: nothing in the document skips'] : [];
  const durationS = number(bid['dur']);
  const afterS = offsetOf(written, durationS);
  const faults = isSaid ? [] : ['skip-unsaid: attribute 16 is missing'];
  if (Number.isNaN(afterS)) faults.push(`skip-offset: ${written}`);
  if (media['skip'] !== undefined && number(media['skip']) === 0) faults.push('skip-not-allowed');
  if (durationS <= number(media['skipmin'])) faults.push(`skip-short: an ad of ${durationS} s`);
  if (afterS < number(media['skipafter'])) faults.push(`skip-early: after ${afterS} s`);
  return faults;
}

/** A time, or a share of the whole. */
function offsetOf(written: string, durationS: number): number {
  const share = /^(100|\d?\d)%$/.exec(written);
  return share === null ? secondsOf(written) : (Number(share[1]) / 100) * durationS;
}
