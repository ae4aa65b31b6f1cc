/** A bid request as the auction sees it, and every tolerance that was applied to see it so. */
import type { WIRE_FORMATS } from '../../settings/exchange.ts';
import type { Decoded } from './decode-bid-request.ts';
import { type JsonShape, withoutBounds } from './json-shape.ts';
import { nameTolerances } from './name-tolerances.ts';
import { protobufShape } from './protobuf-shape.ts';
import { readJson } from './read-json.ts';
import { readProtobuf } from './read-protobuf.ts';
import { isObject, object } from './read-values.ts';
import { NO_SUPPLY_SHAPE, REQUEST_SHAPE } from './request-shape.ts';
import type { Tolerance } from './tolerance-notes.ts';
import { FORMATS } from './wire-format.ts';

export interface ExplainedDecoding {
  readonly decoded: Decoded;
  readonly tolerances: readonly Tolerance[];
  /** How many there were beside the listed ones. */
  readonly more: number;
}

export interface Asking {
  readonly format: (typeof WIRE_FORMATS)[number];
  readonly exchange: string;
  readonly vendors: readonly number[];
  /** The exchange asks for the supply path. */
  readonly readsSupply: boolean;
}

const NOTHING = Object.freeze({ tolerances: Object.freeze([]), more: 0 });

export function explainDecoding(
  bytes: Uint8Array,
  { format, exchange, vendors, readsSupply }: Asking,
): ExplainedDecoding {
  const decoded = FORMATS[format].decode(bytes, exchange, vendors, readsSupply);
  // Bytes that are no request at all have no fields to name.
  if (decoded.kind === 'rejected' && decoded.status === 400) return { decoded, ...NOTHING };
  // Whoever is told that a list was cut wants to know how long it was.
  const shape = withoutBounds(readsSupply ? REQUEST_SHAPE : NO_SUPPLY_SHAPE);
  const { sent, read } = format === 'json' ? fromJson(bytes, shape) : fromProtobuf(bytes, shape);
  if (!isObject(read)) return { decoded, ...NOTHING };
  const request = decoded.kind === 'request' ? decoded.request : null;
  const { named, more } = nameTolerances({ sent, read: object(read), shape }, request);
  return { decoded, tolerances: named, more };
}

function fromJson(bytes: Uint8Array, shape: JsonShape): { sent: unknown; read: unknown } {
  const sent: unknown = JSON.parse(Buffer.from(bytes).toString());
  return { sent, read: readJson(bytes, shape, bytes.length) };
}

/** A field that nobody wants has a number there and no name, so it is not listed. */
function fromProtobuf(bytes: Uint8Array, shape: JsonShape): { sent: undefined; read: unknown } {
  return {
    sent: undefined,
    read: readProtobuf(bytes, protobufShape('BidRequest', shape), bytes.length),
  };
}
