/** What handing a segment over is asked for and what it answers: plain data, because it crosses processes. */
import type { ShopDataRequest } from '../open-shop-data.ts';

export const HANDOVER_FILES = ['metrica', 'yandex-audience', 'google', 'meta', 'csv'] as const;
export type HandoverFile = (typeof HANDOVER_FILES)[number];

export interface HandoverRequest extends ShopDataRequest {
  readonly segment: string;
  readonly to: HandoverFile;
  /** Absolute; replaced whole. */
  readonly out: string;
  /** ISO 3166 code of the country whose people dial the shop's phones; null reads only +7 …. */
  readonly phoneRegion: string | null;
  readonly nowMs: number;
}

export interface HandoverReport {
  readonly shop: string;
  readonly segment: string;
  readonly to: HandoverFile;
  readonly generation: string;
  readonly file: string;
  /** In the segment as the bidder has it: who is held out for control is not. */
  readonly members: number;
  /** Of those, without consent to ads or to sharing. */
  readonly withoutConsent: number;
  /** Of those, forgotten since the generation was built, or no more in the CRM's data. */
  readonly gone: number;
  /** Of those, without an e-mail or phone that the platform could know them by. */
  readonly unaddressable: number;
  /** Written, each once. */
  readonly rows: number;
}

/** What was asked for is not handed over; no file was written. */
export class HandoverRefused extends Error {
  override readonly name = 'HandoverRefused';
}
