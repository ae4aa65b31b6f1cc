/** What a notice teaches beside money and caps: what creatives are thought of, and what wins cost. */
import {
  CREATIVE_AUDIT_KIND,
  type CreativeAudit,
  decodeCreativeAudit,
  encodeCreativeAudit,
  isCreativeLoss,
  isOpen,
  verdictOfAudit,
  withCreativeLoss,
  withWin,
} from '../proto/creative-audit.ts';
import { type EventRecord, NoticeKind } from '../proto/records.ts';
import type { TokenPayload } from '../proto/token.ts';
import type { WinPriceSeries } from '../proto/win-prices.ts';
import type { ApplyDeps } from './apply-deps.ts';
import { LOSS_CODE_UNKNOWN } from './event-kinds.ts';
import { lossReason } from './loss-reasons.ts';

/** A creative of which nothing is told for so long begins anew. */
const AUDIT_KEEP_MS = 31 * 24 * 3_600_000;
/** Of a creative that is paused already, further refusals are written this far apart. */
const REFUSAL_EVERY_MS = 10_000;

export interface SeenNotice {
  readonly token: TokenPayload;
  readonly notice: NonNullable<EventRecord['notice']>;
  readonly atMs: number;
  /** It is the one that books the spend: there is one for each impression. */
  readonly books: boolean;
}

/** May be called again for the same notice. */
export async function auditCreative(deps: ApplyDeps, seen: SeenNotice): Promise<void> {
  const { token, notice, atMs, books } = seen;
  if (deps.exchange(token.exchange) === undefined) return;
  const code = notice.kind === NoticeKind.LOSS ? (notice.lossCode ?? 0) : 0;
  const lost = isCreativeLoss(code);
  if (!lost && !books) return;
  const { exchange, creative: name, bidId } = token;
  const { learned } = deps.store;
  const key = { exchange, kind: CREATIVE_AUDIT_KIND, name, keepMs: AUDIT_KEEP_MS, nowMs: atMs };
  const now = decodeCreativeAudit(await learned.read(key, atMs));
  if (lost ? isKnownRefused(now, atMs) : !isOpen(now)) return;
  await learned.update(key, (current) => {
    const audit = decodeCreativeAudit(current);
    const loss = { bidId, code, atMs };
    return encodeCreativeAudit(lost ? withCreativeLoss(audit, loss) : withWin(audit, atMs));
  });
}

function isKnownRefused(audit: CreativeAudit, nowMs: number): boolean {
  const { pausedUntilMs, lastMs } = verdictOfAudit(audit, nowMs);
  return pausedUntilMs > 0 && nowMs - lastMs < REFUSAL_EVERY_MS;
}

/** To be called once for each notice that counts. */
export function learnPrices(deps: ApplyDeps, seen: SeenNotice): void {
  const { token, notice, books } = seen;
  const isLoss = notice.kind === NoticeKind.LOSS;
  if (books) {
    countPrice(deps, token, 'won', token.bidCpmMicros);
    if (notice.priceKnown) countPrice(deps, token, 'cleared', notice.priceCpmMicros ?? 0);
  }
  if (isLoss) learnLoss(deps, seen);
  if (!notice.minToWinKnown) return;
  const minToWin = notice.minToWinCpmMicros ?? 0;
  countPrice(deps, token, isLoss ? 'min_to_win_lost' : 'min_to_win_won', minToWin);
  deps.metrics.minToWin(token.exchange, isLoss ? 'lost' : 'won', minToWin);
}

function learnLoss(deps: ApplyDeps, { token, notice, atMs }: SeenNotice): void {
  const code = notice.lossCode === LOSS_CODE_UNKNOWN ? null : (notice.lossCode ?? 0);
  const reason = lossReason(code);
  deps.metrics.lost(token.exchange, code, reason);
  deps.lossSeen(token.exchange, { reason, atMs });
  if (reason === 'won') return;
  const byPrice = reason === 'outbid' || reason === 'below_floor';
  countPrice(deps, token, byPrice ? reason : 'lost', token.bidCpmMicros);
}

function countPrice(
  deps: ApplyDeps,
  { exchange, currency }: TokenPayload,
  series: WinPriceSeries,
  cpmMicros: number,
): void {
  if (deps.exchange(exchange) !== undefined)
    deps.winPrices.count({ exchange, currency }, series, cpmMicros);
}
