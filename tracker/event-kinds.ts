import { type EventRecord, NoticeKind, ShopEventKind } from '../proto/records.ts';
import type { TokenAudience } from '../proto/token.ts';

export interface NoticeRoute {
  /** `/n`; the letter is also the kind in an event's id. */
  readonly letter: string;
  readonly name: 'win' | 'billing' | 'loss' | 'impression' | 'click';
  readonly kind: NonNullable<NonNullable<EventRecord['notice']>['kind']>;
  readonly audience: TokenAudience;
}

export const NOTICE_ROUTES: readonly NoticeRoute[] = [
  { letter: 'n', name: 'win', kind: NoticeKind.WIN, audience: 'exchange' },
  { letter: 'b', name: 'billing', kind: NoticeKind.BILLING, audience: 'exchange' },
  { letter: 'l', name: 'loss', kind: NoticeKind.LOSS, audience: 'exchange' },
  { letter: 'i', name: 'impression', kind: NoticeKind.IMPRESSION, audience: 'browser' },
  { letter: 'c', name: 'click', kind: NoticeKind.CLICK, audience: 'browser' },
];

export const SHOP_EVENT_KINDS = {
  view: ShopEventKind.VIEW,
  cart: ShopEventKind.CART,
  order: ShopEventKind.ORDER,
} as const;
export type ShopEventName = keyof typeof SHOP_EVENT_KINDS;
export const SHOP_EVENT_NAMES = Object.keys(SHOP_EVENT_KINDS) as readonly ShopEventName[];

/**
 * A notice this long after its bid is late for everything: exchanges repeat theirs for minutes, settle
 * within days, and what came before is remembered for longer (apply-event.ts).
 */
export const NOTICE_AGE_MAX_MS = 7 * 24 * 3_600_000;

/** Stands in the log for a loss code that could not be read: 0 is a code. */
export const LOSS_CODE_UNKNOWN = 65_535;

export function noticeName(kind: number): NoticeRoute['name'] | 'other' {
  return NOTICE_ROUTES.find((route) => route.kind === kind)?.name ?? 'other';
}

export function shopEventName(kind: number): ShopEventName | 'other' {
  return SHOP_EVENT_NAMES.find((name) => SHOP_EVENT_KINDS[name] === kind) ?? 'other';
}
