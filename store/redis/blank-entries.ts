import { BLANK, EXPOSURE_BYTES, RESERVED, writeExposure } from '../../proto/exposure-log.ts';
import type { Blanks, CapReservation } from '../ports.ts';
import { exposuresKey } from './redis-keys.ts';
import type { RedisArgument } from './redis-scripts.ts';

export interface LoggedPerson {
  readonly shop: string;
  readonly person: string;
}

/** Puts blanks of a person back that were held for nothing. */
export type ReturnsBlanks = (of: LoggedPerson, blanks: Blanks) => void;

const NO_RESERVATIONS: readonly CapReservation[] = Object.freeze([]);
/** An entry that is none. */
const RETURNED = '';

/** The entries of blanks in the exposure log: the bytes by which they are found again. */
export function blankEntries({ bidKeys, expiresAtMs }: Blanks): Buffer {
  const entries = Buffer.allocUnsafe(bidKeys.length * EXPOSURE_BYTES);
  for (let i = 0; i < bidKeys.length; i++) {
    const bidKey = bidKeys[i]!;
    const blank = { campaignKey: BLANK, bidKey, state: RESERVED, atMs: expiresAtMs } as const;
    writeExposure(entries, i * EXPOSURE_BYTES, blank);
  }
  return entries;
}

/** The arguments of fill-blanks-1.lua: blanks of bids without a reservation are returned. */
export function fillArguments(
  { shop, person }: LoggedPerson,
  blanks: Blanks,
  reservations: readonly CapReservation[] = NO_RESERVATIONS,
): RedisArgument[] {
  const entries = blankEntries(blanks);
  const call: RedisArgument[] = [exposuresKey(shop, person)];
  for (let i = 0; i < blanks.bidKeys.length; i++) {
    const bidKey = blanks.bidKeys[i]!;
    const filled = reservations.find((reservation) => reservation.bidKey === bidKey);
    call.push(entries.subarray(i * EXPOSURE_BYTES, (i + 1) * EXPOSURE_BYTES));
    call.push(filled === undefined ? RETURNED : reservedEntry(filled));
  }
  return call;
}

function reservedEntry({ campaignKey, bidKey, expiresAtMs }: CapReservation): Buffer {
  const entry = Buffer.allocUnsafe(EXPOSURE_BYTES);
  writeExposure(entry, 0, { campaignKey, bidKey, state: RESERVED, atMs: expiresAtMs });
  return entry;
}

/** How long the log must live for them, ms. */
export function blanksLifeMs({ nowMs, expiresAtMs }: Blanks): number {
  return Math.max(1, Math.ceil(expiresAtMs - nowMs));
}
