/**
 * OpenRTB 2.2 to 2.6, JSON or protobuf, to one flat BidRequest. Total: whatever the bytes are, it answers with a
 * request or a rejection, in bounded time.
 */
import type { BidRequest } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { NOT_JSON } from './json-tokens.ts';
import { normaliseRequest, requestId } from './normalise-request.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson } from './read-json.ts';
import { TOO_DEEP, TOO_MANY } from './read-limits.ts';
import { NOT_PROTOBUF, readProtobuf } from './read-protobuf.ts';
import { isObject, type JsonObject, object } from './read-values.ts';
import { NO_SUPPLY_SHAPE, REQUEST_SHAPE } from './request-shape.ts';

interface Rejection {
  /** 400 for bytes that are no JSON object and no protobuf, or one without measure, else 204. */
  readonly status: 400 | 204;
  readonly reason: NoBidReason;
  /** The request's, '' when it cannot be told: an answer without bids names it. */
  readonly id: string;
}

export type Decoded =
  | { readonly kind: 'request'; readonly request: BidRequest }
  | ({ readonly kind: 'rejected' } & Rejection);

const NOBODY: readonly number[] = Object.freeze([]);
/** By whether the supply path is read. */
const PROTOBUF_SHAPE = protobufShape('BidRequest', REQUEST_SHAPE);
const NO_SUPPLY_PROTOBUF_SHAPE = protobufShape('BidRequest', NO_SUPPLY_SHAPE);

/**
 * `exchange` names the space of user.id; `vendors` are those in whose name personal data may be read
 * where consent is asked for: nobody, when they are left out. The supply path is left out unless it
 * is asked for. The caller's bytes are not kept.
 */
export function decodeBidRequest(
  bytes: Uint8Array,
  exchange: string,
  vendors: readonly number[] = NOBODY,
  readsSupply = false,
): Decoded {
  const wire = readable(readJsonRequest, bytes, readsSupply);
  return typeof wire === 'string'
    ? rejected(400, wire, '')
    : normalised(wire, exchange, vendors, readsSupply);
}

/** The same request as protobuf. */
export function decodeProtobufRequest(
  bytes: Uint8Array,
  exchange: string,
  vendors: readonly number[] = NOBODY,
  readsSupply = false,
): Decoded {
  const wire = readable(readProtobufRequest, bytes, readsSupply);
  return typeof wire === 'string'
    ? rejected(400, wire, '')
    : normalised(wire, exchange, vendors, readsSupply);
}

type ReadRequest = (bytes: Uint8Array, readsSupply: boolean) => unknown;

function readJsonRequest(bytes: Uint8Array, readsSupply: boolean): unknown {
  return readJson(bytes, readsSupply ? REQUEST_SHAPE : NO_SUPPLY_SHAPE);
}

function readProtobufRequest(bytes: Uint8Array, readsSupply: boolean): unknown {
  return readProtobuf(bytes, readsSupply ? PROTOBUF_SHAPE : NO_SUPPLY_PROTOBUF_SHAPE);
}

/** An object, or why the bytes are none. */
function readable(
  read: ReadRequest,
  bytes: Uint8Array,
  readsSupply: boolean,
): JsonObject | NoBidReason {
  try {
    const wire = read(bytes, readsSupply);
    return isObject(wire) ? object(wire) : 'not-an-object';
  } catch (fault) {
    if (fault === TOO_DEEP) return 'too-deep';
    if (fault === TOO_MANY) return 'too-many-values';
    if (fault === NOT_JSON || fault === NOT_PROTOBUF) return 'unreadable';
    throw fault;
  }
}

function normalised(
  wire: JsonObject,
  exchange: string,
  vendors: readonly number[],
  readsSupply: boolean,
): Decoded {
  const request = normaliseRequest(wire, exchange, vendors, readsSupply);
  return typeof request === 'string'
    ? rejected(204, request, requestId(wire))
    : { kind: 'request', request };
}

function rejected(status: 400 | 204, reason: NoBidReason, id: string): Decoded {
  return { kind: 'rejected', status, reason, id };
}
