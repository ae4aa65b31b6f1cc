/**
 * OpenRTB 2.2 to 2.6, JSON or protobuf, to one flat BidRequest. Total: whatever the bytes are, it answers with a
 * request or a rejection, in bounded time.
 */
import type { BidRequest } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { NOT_JSON } from './json-tokens.ts';
import { normaliseRequest } from './normalise-request.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson, TOO_DEEP } from './read-json.ts';
import { NOT_PROTOBUF, readProtobuf } from './read-protobuf.ts';
import { isObject, object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

interface Rejection {
  /** 400 for bytes that are no JSON object and no protobuf, else 204. */
  readonly status: 400 | 204;
  readonly reason: NoBidReason;
}

export type Decoded =
  | { readonly kind: 'request'; readonly request: BidRequest }
  | ({ readonly kind: 'rejected' } & Rejection);

const NOBODY: readonly number[] = Object.freeze([]);
const PROTOBUF_SHAPE = protobufShape('BidRequest', REQUEST_SHAPE);

/**
 * `exchange` names the space of user.id; `vendors` are those in whose name personal data may be read
 * where consent is asked for: nobody, when they are left out. The caller's bytes are not kept.
 */
export function decodeBidRequest(
  bytes: Uint8Array,
  exchange: string,
  vendors: readonly number[] = NOBODY,
): Decoded {
  return decode(readJsonRequest, bytes, exchange, vendors);
}

/** The same request as protobuf. */
export function decodeProtobufRequest(
  bytes: Uint8Array,
  exchange: string,
  vendors: readonly number[] = NOBODY,
): Decoded {
  return decode(readProtobufRequest, bytes, exchange, vendors);
}

function readJsonRequest(bytes: Uint8Array): unknown {
  return readJson(bytes, REQUEST_SHAPE);
}

function readProtobufRequest(bytes: Uint8Array): unknown {
  return readProtobuf(bytes, PROTOBUF_SHAPE);
}

function decode(
  read: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
  exchange: string,
  vendors: readonly number[],
): Decoded {
  let wire: unknown;
  try {
    wire = read(bytes);
  } catch (fault) {
    if (fault === TOO_DEEP) return rejected(400, 'too-deep');
    if (fault === NOT_JSON || fault === NOT_PROTOBUF) return rejected(400, 'unreadable');
    throw fault;
  }
  if (!isObject(wire)) return rejected(400, 'not-an-object');
  const request = normaliseRequest(object(wire), exchange, vendors);
  return typeof request === 'string' ? rejected(204, request) : { kind: 'request', request };
}

function rejected(status: 400 | 204, reason: NoBidReason): Decoded {
  return { kind: 'rejected', status, reason };
}
