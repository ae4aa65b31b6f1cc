/**
 * Protobuf of which only wanted fields become values, as read-json.ts does with JSON: the same plain
 * objects, in which what is absent is undefined. What nobody reads is stepped over by its length and
 * not looked into. Total and bounded: bytes that are none make NOT_PROTOBUF, TOO_DEEP or TOO_MANY.
 */
import { WIRE } from '../../proto/openrtb-wire.ts';
import {
  EXCLUSIVE,
  FIELD_NUMBER_END,
  KIND,
  type ProtobufShape,
  REPEATED,
} from './protobuf-shape.ts';
import { REQUEST_BYTES_MAX, TOO_DEEP, TOO_MANY, VALUES_MAX } from './read-limits.ts';
import { SLACK_BYTES, scratchOf } from './scratch.ts';

/** Thrown for bytes that are no protobuf. */
export const NOT_PROTOBUF = new Error('not protobuf');
/** Groups in groups. OpenRTB has none, so only somebody's unknown fields can be. */
export const GROUP_DEPTH_MAX = 100;
/**
 * A field whose wire type is not its own: there, but not readable. What reads it finds no number, no
 * text and no object in it, and a privacy signal that is there and unreadable forbids.
 */
const UNREADABLE = Number.NaN;

const VARINT_BITS_MAX = 70;
const MORE = 0x80;
/** Of each of four bytes the bit that ASCII does not have. */
const NOT_ASCII = 0x80808080;

/** A constant of this module, for the reason given in read-json.ts. */
const scratch = scratchOf(REQUEST_BYTES_MAX);
/** One character for each byte, so that places in it are places in the bytes. */
let text = '';
let at = 0;
/** Behind the message that is being read; what is cut off is noticed when `at` is past it. */
let end = 0;
/** How many more values are made. */
let valuesLeft = 0;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The message that the bytes are, pruned and cut to `shape`. Throws NOT_PROTOBUF, TOO_DEEP or TOO_MANY. */
export function readProtobuf(
  bytes: Uint8Array,
  shape: ProtobufShape,
  valuesMax = VALUES_MAX,
): Record<string, unknown> {
  load(bytes);
  valuesLeft = valuesMax;
  return readFields(shape.blank(), shape);
}

/** Reads fields up to `end` into the message. */
function readFields(into: Record<string, unknown>, shape: ProtobufShape): Record<string, unknown> {
  const { kinds } = shape;
  while (at < end) {
    const tag = readTag();
    const field = tag >>> 3;
    const kind = field < FIELD_NUMBER_END ? kinds[field]! : KIND.unwanted;
    if (kind === KIND.unwanted) skip(tag);
    else if (kind < REPEATED) readOne(into, shape, tag);
    else readSpecial(into, shape, tag);
  }
  if (at !== end) throw NOT_PROTOBUF;
  return into;
}

/** The last one wins, but of a message that comes in parts each field does. */
function readOne(into: Record<string, unknown>, shape: ProtobufShape, tag: number): void {
  if (--valuesLeft < 0) throw TOO_MANY;
  const field = tag >>> 3;
  const kind = shape.kinds[field]! & (REPEATED - 1);
  const name = shape.names[field]!;
  into[name] =
    kind === KIND.message
      ? readMessage(into[name], shape.shapes[field]!, tag)
      : readScalar(kind, tag);
}

function readSpecial(into: Record<string, unknown>, shape: ProtobufShape, tag: number): void {
  const field = tag >>> 3;
  const kind = shape.kinds[field]!;
  if (kind >= EXCLUSIVE) {
    for (const rival of shape.rivals[field]!) into[rival] = undefined;
    if (shape.names[field] === undefined) skip(tag);
    else readOne(into, shape, tag);
    return;
  }
  const name = shape.names[field]!;
  const list = into[name] as unknown[] | undefined;
  const kept = shape.kept[field]!;
  if (list !== undefined && list.length >= kept) skip(tag);
  else if (kind === REPEATED + KIND.message) {
    into[name] = added(list, readMessage(undefined, shape.shapes[field]!, tag));
  } else if (kind === REPEATED + KIND.text || (tag & 7) !== WIRE.length) {
    into[name] = added(list, readScalar(kind - REPEATED, tag));
  } else into[name] = readPacked(list, kind - REPEATED, kept);
}

/** Those that are not kept are stepped over at once. */
function readPacked(list: unknown[] | undefined, kind: number, kept: number): unknown[] {
  const until = readLength() + at;
  let longer = list;
  while (at < until && !(longer !== undefined && longer.length >= kept)) {
    longer = added(longer, readNumber(kind));
  }
  if (at > until) throw NOT_PROTOBUF;
  at = until;
  return longer ?? [];
}

function added(list: unknown[] | undefined, value: unknown): unknown[] {
  if (--valuesLeft < 0) throw TOO_MANY;
  // Most lists hold one element: an empty array would make room for seventeen.
  if (list === undefined) return [value];
  list.push(value);
  return list;
}

/** `part` is what came of the same message before. */
function readMessage(part: unknown, shape: ProtobufShape, tag: number): unknown {
  if ((tag & 7) !== WIRE.length) return unreadable(tag);
  const outerEnd = end;
  end = readLength() + at;
  const into = typeof part === 'object' ? (part as Record<string, unknown>) : shape.blank();
  readFields(into, shape);
  end = outerEnd;
  return into;
}

function readScalar(kind: number, tag: number): unknown {
  const wire = tag & 7;
  if (kind === KIND.text) return wire === WIRE.length ? readText() : unreadable(tag);
  const own = kind === KIND.double ? WIRE.eightBytes : WIRE.varint;
  return wire === own ? readNumber(kind) : unreadable(tag);
}

function readNumber(kind: number): number | boolean {
  if (kind === KIND.int32) return readInt32();
  if (kind === KIND.bool) return readBool();
  at += 8;
  return scratch.view.getFloat64(at - 8, true);
}

function unreadable(tag: number): number {
  skip(tag);
  return UNREADABLE;
}

function readText(): string {
  const until = readLength() + at;
  const start = at;
  at = until;
  return isAscii(start, until) ? text.substring(start, until) : readUtf8(start, until);
}

function isAscii(start: number, until: number): boolean {
  const { bytes, view } = scratch;
  let seen = 0;
  let i = start;
  for (; i + 4 <= until; i += 4) seen |= view.getInt32(i, true);
  for (; i < until; i++) seen |= bytes[i]!;
  return (seen & NOT_ASCII) === 0;
}

function readUtf8(start: number, until: number): string {
  try {
    return utf8.decode(scratch.bytes.subarray(start, until));
  } catch {
    throw NOT_PROTOBUF;
  }
}

/** Field number and wire type. */
function readTag(): number {
  const tag = readUint32();
  if (tag < 8) throw NOT_PROTOBUF;
  return tag;
}

/** A length that ends within the message. */
function readLength(): number {
  const length = readUint32();
  if (length > end - at) throw NOT_PROTOBUF;
  return length;
}

function readUint32(): number {
  const { bytes } = scratch;
  const first = bytes[at++]!;
  if (first < MORE) return first;
  let value = first & 0x7f;
  for (let shift = 7; shift < 35; shift += 7) {
    const byte = bytes[at++]!;
    value |= (byte & 0x7f) << shift;
    if (byte < MORE) {
      if (shift === 28 && byte > 0x0f) break;
      return value >>> 0;
    }
  }
  throw NOT_PROTOBUF;
}

/** The low 32 of at most 64 bits: a negative number is sent as 64. */
function readInt32(): number {
  const { bytes } = scratch;
  let value = 0;
  for (let shift = 0; shift < VARINT_BITS_MAX; shift += 7) {
    const byte = bytes[at++]!;
    if (shift < 32) value |= (byte & 0x7f) << shift;
    if (byte < MORE) return value;
  }
  throw NOT_PROTOBUF;
}

function readBool(): boolean {
  const { bytes } = scratch;
  let value = 0;
  for (let shift = 0; shift < VARINT_BITS_MAX; shift += 7) {
    const byte = bytes[at++]!;
    value |= byte & 0x7f;
    if (byte < MORE) return value !== 0;
  }
  throw NOT_PROTOBUF;
}

/** Over the value behind a tag. */
function skip(tag: number): void {
  switch (tag & 7) {
    case WIRE.varint:
      readBool();
      return;
    case WIRE.eightBytes:
      at += 8;
      return;
    case WIRE.length:
      at = readLength() + at;
      return;
    case WIRE.group:
      skipGroup(tag >>> 3);
      return;
    case WIRE.fourBytes:
      at += 4;
      return;
    default:
      throw NOT_PROTOBUF;
  }
}

/** Up to the end of the group whose field number this is, by a list of the groups that are open. */
function skipGroup(field: number): void {
  const open = [field];
  while (open.length > 0) {
    if (at >= end) throw NOT_PROTOBUF;
    skipInGroup(open, readTag());
  }
}

function skipInGroup(open: number[], tag: number): void {
  const field = tag >>> 3;
  const wire = tag & 7;
  if (wire === WIRE.groupEnd) {
    if (open.pop() !== field) throw NOT_PROTOBUF;
  } else if (wire === WIRE.group) {
    if (open.push(field) > GROUP_DEPTH_MAX) throw TOO_DEEP;
  } else skip(tag);
}

/** Takes a copy of the message. */
function load(message: Uint8Array): void {
  const { length } = message;
  if (length + SLACK_BYTES > scratch.bytes.length) Object.assign(scratch, scratchOf(length));
  const { bytes } = scratch;
  bytes.set(message);
  for (let i = length; i < length + SLACK_BYTES; i++) bytes[i] = 0;
  text = bytes.toString('latin1', 0, length);
  at = 0;
  end = length;
}
