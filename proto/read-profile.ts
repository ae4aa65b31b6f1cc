/**
 * Profiles as our own encoder writes them, read in one pass: a bid reads one, and the generated
 * decoder costs twice as much. Whatever else the wire format allows (other fields, text that is not
 * ASCII, damage) is left to that decoder: then the answer is null.
 */
import { f64At } from './little-endian.ts';

interface ReadProfile {
  person: string;
  segments: number[];
  orders: ReadOrder[];
  cycleHalfDays: number;
  products: string[];
  categories: string[];
  boughtWith: string[];
  conditions: number[];
}

interface ReadOrder {
  atS: number;
  status: number;
  revenueMicros: number;
  orderKey: string;
  /** Null where the cost is not known. */
  marginMicros: number | null;
}

/** Field number and wire type of profile.proto, as they stand before a field. */
export const PROFILE_TAG = {
  person: 0x0a,
  segments: 0x12,
  order: 0x1a,
  cycleHalfDays: 0x20,
  product: 0x2a,
  category: 0x32,
  boughtWith: 0x3a,
  conditions: 0x42,
} as const;
export const ORDER_TAG = {
  atS: 0x08,
  status: 0x10,
  revenueMicros: 0x19,
  orderKey: 0x22,
  marginMicros: 0x29,
} as const;

/** What is being read; `at` is past `end`, and stays so, once anything was unexpected. */
let source: Uint8Array = new Uint8Array(0);
let text = '';
let at = 0;
let end = 0;
/** The order under way: made whole at once, or each would change its shape with its revenue. */
let atS = 0;
let status = 0;
let revenueMicros = 0;
let orderKey = '';
let marginMicros: number | null = null;

/** Null when the bytes are nothing that this reader knows. */
export function readProfile(bytes: Buffer): ReadProfile | null {
  source = bytes;
  text = bytes.toString('latin1');
  at = 0;
  end = bytes.length;
  const profile: ReadProfile = {
    person: '',
    segments: [],
    orders: [],
    cycleHalfDays: 0,
    products: [],
    categories: [],
    boughtWith: [],
    conditions: [],
  };
  while (at < end) readField(profile);
  return at === end ? profile : null;
}

function readField(profile: ReadProfile): void {
  switch (source[at++]) {
    case PROFILE_TAG.person:
      profile.person = ascii();
      return;
    case PROFILE_TAG.segments:
      readOrdinals(profile.segments);
      return;
    case PROFILE_TAG.order:
      profile.orders.push(readOrder());
      return;
    case PROFILE_TAG.cycleHalfDays:
      profile.cycleHalfDays = varint();
      return;
    case PROFILE_TAG.product:
      profile.products.push(ascii());
      return;
    case PROFILE_TAG.category:
      profile.categories.push(ascii());
      return;
    case PROFILE_TAG.boughtWith:
      profile.boughtWith.push(ascii());
      return;
    case PROFILE_TAG.conditions:
      readOrdinals(profile.conditions);
      return;
    default:
      giveUp();
  }
}

function readOrdinals(ordinals: number[]): void {
  const until = lengthAndEnd();
  while (at < until) ordinals.push(varint());
  if (at !== until) giveUp();
}

function readOrder(): ReadOrder {
  atS = 0;
  status = 0;
  revenueMicros = 0;
  orderKey = '';
  marginMicros = null;
  const until = lengthAndEnd();
  while (at < until) readOrderField();
  if (at !== until) giveUp();
  return { atS, status, revenueMicros, orderKey, marginMicros };
}

function readOrderField(): void {
  switch (source[at++]) {
    case ORDER_TAG.atS:
      atS = varint();
      return;
    case ORDER_TAG.status:
      status = varint();
      return;
    case ORDER_TAG.revenueMicros:
      revenueMicros = double();
      return;
    case ORDER_TAG.orderKey:
      orderKey = ascii();
      return;
    case ORDER_TAG.marginMicros:
      marginMicros = double();
      return;
    default:
      giveUp();
  }
}

function double(): number {
  const from = at;
  at += 8;
  if (at <= end) return f64At(source, from);
  giveUp();
  return 0;
}

/** Where a field with a length ends; gives up, and is past the record, when that is. */
function lengthAndEnd(): number {
  const length = varint();
  if (at + length <= end) return at + length;
  giveUp();
  return at;
}

function ascii(): string {
  const until = lengthAndEnd();
  if (until > end) return '';
  const start = at;
  let bits = 0;
  for (let i = start; i < until; i++) bits |= source[i]!;
  at = until;
  if (bits > 0x7f) giveUp();
  return text.substring(start, until);
}

/** Of at most 32 bits, in as few bytes as they need at most. */
function varint(): number {
  let value = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = at < end ? source[at]! : 0x80;
    at++;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  const last = at < end ? source[at]! : 0x80;
  at++;
  if (last > 0x0f) giveUp();
  return (value | (last << 28)) >>> 0;
}

function giveUp(): void {
  at = end + 1;
}
