/**
 * Our URLs that a browser calls, as they stand in markup: the click behind the exchange's click macro
 * where it has one, so that its counter redirects to ours. Pure.
 */
import { encodeUrl } from '../../creative/encode-slot.ts';
import type { ClickMacro } from '../../settings/exchange.ts';

/** What stands around the token. A click URL ends with the number of the slot that was clicked. */
interface AroundToken {
  readonly impression: string;
  readonly clickBefore: string;
  readonly clickAfter: string;
}

export interface BrowserLinks {
  readonly publicUrl: string;
  readonly click: ClickMacro | null;
  /** Within a quoted attribute. */
  readonly html: AroundToken;
  /** As they are: in JSON and CDATA nothing decodes a reference. */
  readonly plain: AroundToken;
}

const TIMES = { none: 0, once: 1, twice: 2 } as const;

let last = makeBrowserLinks('', null);

/** `click` is null where the exchange counts no clicks. Made once for all bids of a request, and as a rule for those of the next one. */
export function browserLinksOf(publicUrl: string, click: ClickMacro | null): BrowserLinks {
  if (last.publicUrl !== publicUrl || last.click !== click)
    last = makeBrowserLinks(publicUrl, click);
  return last;
}

export function makeBrowserLinks(publicUrl: string, click: ClickMacro | null): BrowserLinks {
  const times = click === null ? 0 : TIMES[click.encoding];
  const impression = `${publicUrl}/i?t=`;
  const before = percentEncoded(`${publicUrl}/c?t=`, times);
  const after = percentEncoded('&s=', times);
  // The macro is the exchange's own text: to be found, it must stay as it is.
  const macro = click?.macro ?? '';
  return {
    publicUrl,
    click,
    html: {
      impression: encodeUrl(impression),
      clickBefore: macro + encodeUrl(before),
      clickAfter: encodeUrl(after),
    },
    plain: { impression, clickBefore: macro + before, clickAfter: after },
  };
}

/** A token and a slot's number are the same in every encoding: the pieces around them decide. */
function percentEncoded(text: string, times: number): string {
  let out = text;
  for (let i = 0; i < times; i++) out = encodeURIComponent(out);
  return out;
}
