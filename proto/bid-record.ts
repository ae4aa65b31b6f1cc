/**
 * The event log's record of a bid: every bid that leaves writes one. Byte for byte what the
 * generated code makes of the same Event (a property test compares), without its list of operations:
 * ASCII goes straight into one buffer. What is not ASCII, or too long, is left to the generated code.
 */
import { encodeEvent } from './records.ts';

export interface BidRecord {
  readonly atMs: number;
  /** The bid's id. */
  readonly id: string;
  readonly exchange: string;
  readonly shop: string;
  readonly campaign: string;
  readonly creative: string;
  readonly person: string;
  readonly bidCpmMicros: number;
  readonly currency: string;
  readonly lease: string;
  readonly test: boolean;
  readonly impKey: string;
}

/** Tags of event.proto: field number and wire type. */
const EVENT = { atMs: 9, id: 18, bid: 26 } as const;
const BID = {
  exchange: 10,
  shop: 18,
  campaign: 26,
  creative: 34,
  person: 42,
  bidCpmMicros: 49,
  currency: 58,
  lease: 66,
  test: 72,
  impKey: 82,
} as const;

const ROOM_BYTES = 4096;
/** Tags, lengths and numbers of a record take less. */
const FRAME_BYTES_MAX = 128;
const DOUBLE_BYTES = 8;

const bytes = new Uint8Array(ROOM_BYTES);
const view = new DataView(bytes.buffer);
let end = 0;
let isAscii = true;

/** The bytes are lent: they hold until the next call. */
export function encodeBidRecord(record: BidRecord): Uint8Array {
  const bidBytes = bidSize(record);
  if (bidBytes + record.id.length + FRAME_BYTES_MAX > ROOM_BYTES) return generated(record);
  end = 0;
  isAscii = true;
  putDouble(EVENT.atMs, record.atMs);
  putText(EVENT.id, record.id);
  bytes[end++] = EVENT.bid;
  putLength(bidBytes);
  putBid(record);
  return isAscii ? new Uint8Array(bytes.buffer, 0, end) : generated(record);
}

function putBid(record: BidRecord): void {
  putText(BID.exchange, record.exchange);
  putText(BID.shop, record.shop);
  putText(BID.campaign, record.campaign);
  putText(BID.creative, record.creative);
  putText(BID.person, record.person);
  putDouble(BID.bidCpmMicros, record.bidCpmMicros);
  putText(BID.currency, record.currency);
  putText(BID.lease, record.lease);
  if (record.test) {
    bytes[end++] = BID.test;
    bytes[end++] = 1;
  }
  putText(BID.impKey, record.impKey);
}

/** What putBid will write. */
function bidSize(record: BidRecord): number {
  return (
    textSize(record.exchange) +
    textSize(record.shop) +
    textSize(record.campaign) +
    textSize(record.creative) +
    textSize(record.person) +
    (isZero(record.bidCpmMicros) ? 0 : 1 + DOUBLE_BYTES) +
    textSize(record.currency) +
    textSize(record.lease) +
    (record.test ? 2 : 0) +
    textSize(record.impKey)
  );
}

function textSize(text: string): number {
  if (text === '') return 0;
  return text.length + (text.length < 128 ? 2 : 3);
}

/** Defaults are not written (proto3); -0 is none. */
function isZero(value: number): boolean {
  return Object.is(value, 0);
}

function putText(tag: number, text: string): void {
  if (text === '') return;
  bytes[end++] = tag;
  putLength(text.length);
  const at = end;
  let seen = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    seen |= unit;
    bytes[at + i] = unit;
  }
  if (seen > 0x7f) isAscii = false;
  end = at + text.length;
}

/** A varint of at most two bytes: ROOM_BYTES needs no more. */
function putLength(length: number): void {
  if (length < 128) bytes[end++] = length;
  else {
    bytes[end++] = (length & 127) | 128;
    bytes[end++] = length >>> 7;
  }
}

function putDouble(tag: number, value: number): void {
  if (isZero(value)) return;
  bytes[end++] = tag;
  view.setFloat64(end, value, true);
  end += DOUBLE_BYTES;
}

function generated(record: BidRecord): Uint8Array {
  const { atMs, id, ...bid } = record;
  return encodeEvent({ atMs, id, bid });
}
