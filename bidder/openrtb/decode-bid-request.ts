/**
 * OpenRTB 2.2 to 2.6 JSON to one flat BidRequest. Total: whatever the bytes are, it answers with a
 * request or a rejection, in bounded time.
 */
import type { BidRequest } from '../auction/bid-request.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { NOT_JSON } from './json-tokens.ts';
import { normaliseRequest } from './normalise-request.ts';
import { readJson, TOO_DEEP } from './read-json.ts';
import { isObject, object } from './read-values.ts';
import { REQUEST_SHAPE } from './request-shape.ts';

interface Rejection {
  /** 400 for bytes that are no JSON object, else 204. */
  readonly status: 400 | 204;
  readonly reason: NoBidReason;
}

export type Decoded =
  | { readonly kind: 'request'; readonly request: BidRequest }
  | ({ readonly kind: 'rejected' } & Rejection);

/** `exchange` names the space of user.id. The caller's bytes are not kept. */
export function decodeBidRequest(bytes: Uint8Array, exchange: string): Decoded {
  let wire: unknown;
  try {
    wire = readJson(bytes, REQUEST_SHAPE);
  } catch (fault) {
    if (fault === TOO_DEEP) return rejected(400, 'too-deep');
    if (fault === NOT_JSON) return rejected(400, 'unreadable');
    throw fault;
  }
  if (!isObject(wire)) return rejected(400, 'not-an-object');
  const request = normaliseRequest(object(wire), exchange);
  return typeof request === 'string' ? rejected(204, request) : { kind: 'request', request };
}

function rejected(status: 400 | 204, reason: NoBidReason): Decoded {
  return { kind: 'rejected', status, reason };
}
