import { isCreativeLoss } from '../proto/creative-audit.ts';

/**
 * What a loss code of OpenRTB 2.6 asks of us. `integration`: what we send is wrong for the exchange,
 * somebody must look. `exchange` are its own codes, `unknown` is none that could be read.
 */
export const LOSS_REASONS = [
  'won',
  'integration',
  'expired',
  'below_floor',
  'outbid',
  'seat',
  'creative',
  'exchange',
  'unknown',
  'other',
] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

const REASONS: Readonly<Record<number, LossReason>> = {
  0: 'won',
  1: 'integration',
  2: 'expired',
  3: 'integration',
  4: 'integration',
  5: 'integration',
  6: 'integration',
  7: 'integration',
  8: 'integration',
  9: 'integration',
  10: 'integration',
  100: 'below_floor',
  101: 'below_floor',
  102: 'outbid',
  103: 'outbid',
  104: 'seat',
};
/** From here on codes are the exchange's own. */
const EXCHANGE_CODE_MIN = 500;

/** Null is a code that could not be read. */
export function lossReason(code: number | null): LossReason {
  if (code === null) return 'unknown';
  if (code >= EXCHANGE_CODE_MIN) return 'exchange';
  return isCreativeLoss(code) ? 'creative' : (REASONS[code] ?? 'other');
}
