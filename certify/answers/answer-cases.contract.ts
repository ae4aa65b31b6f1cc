/** How a bid that breaks one rule is held against the validator. */
import { expect } from 'vitest';
import { violationsOf, type WireAnswer } from './answer-violations.ts';
import type { Agreement } from './offer.ts';

export const AGREEMENT: Agreement = { perUsd: { USD: 1, EUR: 0.5 } };

export type Change = Readonly<Record<string, unknown>>;

export function answered(body: string): WireAnswer {
  const bytes = Buffer.from(body);
  const length = String(bytes.byteLength);
  const headers = { 'content-type': 'application/json', 'content-length': length };
  return { status: 200, headers, body: bytes };
}

/** One imp, and one seat's bids for it. */
export function judgedBids(
  { imp, request = {} }: { readonly imp: Change; readonly request?: Change | undefined },
  bids: readonly Change[],
  agreement: Agreement = AGREEMENT,
): string[] {
  const response = { id: 'r1', cur: 'USD', seatbid: [{ seat: 'seat', bid: bids }] };
  return violationsOf(
    { id: 'r1', imp: [imp], ...request },
    answered(JSON.stringify(response)),
    agreement,
  );
}

/** Exactly one, that begins so. */
export function expectOnly(found: readonly string[], violation: string): void {
  expect(found).toHaveLength(1);
  expect(found[0]!.slice(0, violation.length)).toBe(violation);
}
