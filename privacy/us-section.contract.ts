import type { ConsentVerdict } from './consent-verdict.ts';

/** A section as @iabgpp/cmpapi decodes it. */
export type UsSection = Readonly<Record<string, number | boolean | readonly number[]>>;

const OPT_OUTS = ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'];

export function usVerdict(section: UsSection): ConsentVerdict {
  const children = [section['KnownChildSensitiveDataConsents'] ?? 0].flat();
  const isDenied =
    OPT_OUTS.some((name) => section[name] === 1) ||
    children.some((each) => each !== 0) ||
    section['Gpc'] === true;
  return isDenied ? 'denied' : 'allowed';
}
