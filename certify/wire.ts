/** Requests and answers as bytes, in JSON or protobuf: protobufjs by reflection, no codec of the bidder's. */
import protobuf from 'protobufjs';
import { wireMessage } from '../proto/openrtb-wire.ts';
import { items, type Json, json } from './answers/wire-json.ts';
import type { Profile } from './profiles.ts';

export function encodeRequest({ format }: Profile, request: Json): Uint8Array {
  if (format === 'json') return Buffer.from(JSON.stringify(request));
  return encodeMessage('BidRequest', request, false);
}

/** `packed`: repeated numbers are written as proto3 does, in one field. */
export function encodeMessage(name: MessageName, message: Json, packed: boolean): Uint8Array {
  const type = messageType(name, packed);
  return type.encode(type.fromObject(withoutNulls(message) as Json)).finish();
}

/** Null for what is not an answer of the format. */
export function decodeAnswer({ format }: Profile, body: Uint8Array): Json | null {
  try {
    if (format === 'json') return JSON.parse(Buffer.from(body).toString()) as Json;
    const type = messageType('BidResponse');
    return asJson(type.toObject(type.decode(body)));
  } catch {
    return null;
  }
}

/** What a request says, for people; null for what cannot be read. */
export function decodeRequest({ format }: Profile, body: Uint8Array): unknown {
  try {
    if (format === 'json') return JSON.parse(Buffer.from(body).toString());
    const type = messageType('BidRequest');
    return type.toObject(type.decode(body));
  } catch {
    return null;
  }
}

/** As the same answer would be in JSON: flags are numbers there, and native markup is text. */
function asJson(response: Json): Json {
  const seatbid = items(response['seatbid'])
    .map(json)
    .map((seat) => ({
      ...seat,
      bid: items(seat['bid']).map(json).map(bidAsJson),
      ...(seat['group'] !== undefined && { group: Number(seat['group']) }),
    }));
  return { ...response, seatbid };
}

function bidAsJson({ adm_native: native, ...bid }: Json): Json {
  return native === undefined ? bid : { ...bid, adm: JSON.stringify(native) };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutNulls(field)]));
}

type MessageName = 'BidRequest' | 'BidResponse';

const roots = new Map<boolean, protobuf.Root>();

function messageType(name: MessageName, packed = false): protobuf.Type {
  const root = roots.get(packed) ?? new protobuf.Root();
  roots.set(packed, root);
  addMessage(root, name, packed);
  return root.lookupType(name);
}

/** Flat: `Source.Ext` is the message Source_Ext. */
function addMessage(root: protobuf.Root, name: string, packed: boolean): void {
  const flat = name.replaceAll('.', '_');
  if (root.get(flat) !== null) return;
  const type = new protobuf.Type(flat);
  root.add(type);
  for (const [field, [number, kind, repeated]] of Object.entries(wireMessage(name)!.fields)) {
    const isMessage = wireMessage(kind) !== null;
    if (isMessage) addMessage(root, kind, packed);
    const typed = kind.replaceAll('.', '_');
    const options = { packed: packed && repeated && kind in protobuf.types.packed };
    const rule = repeated ? 'repeated' : 'optional';
    type.add(new protobuf.Field(field, number, typed, rule, undefined, options));
  }
}
