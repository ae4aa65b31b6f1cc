/**
 * Our click URL as it stands in a banner: behind the exchange's click macro where it has one, so that
 * its counter redirects to ours. Pure.
 */
import { encodeUrl } from '../../creative/encode-slot.ts';
import type { ClickMacro } from '../../settings/exchange.ts';

/** Everything of a click URL around a token, in HTML: it is followed by the slot's number. */
export interface ClickLinks {
  readonly publicUrl: string;
  readonly before: string;
  readonly after: string;
}

const TIMES = { none: 0, once: 1, twice: 2 } as const;

/** `click` is null where the exchange counts no clicks. */
export function makeClickLinks(publicUrl: string, click: ClickMacro | null): ClickLinks {
  const times = click === null ? 0 : TIMES[click.encoding];
  // The macro is the exchange's own text: to be found, it must stay as it is.
  return {
    publicUrl,
    before: (click?.macro ?? '') + encodeUrl(percentEncoded(`${publicUrl}/c?t=`, times)),
    after: encodeUrl(percentEncoded('&s=', times)),
  };
}

const byMacro = new WeakMap<ClickMacro, ClickLinks>();

/** Those of an exchange with a macro, made once. */
export function clickLinksOf(publicUrl: string, click: ClickMacro): ClickLinks {
  const known = byMacro.get(click);
  if (known !== undefined && known.publicUrl === publicUrl) return known;
  const made = makeClickLinks(publicUrl, click);
  byMacro.set(click, made);
  return made;
}

/** A token and a slot's number are the same in every encoding: the pieces around them decide. */
function percentEncoded(text: string, times: number): string {
  let out = text;
  for (let i = 0; i < times; i++) out = encodeURIComponent(out);
  return out;
}
