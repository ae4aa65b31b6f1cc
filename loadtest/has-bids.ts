/**
 * Whether an answer with status 200 holds bids: an exchange that wants a reason gets 200 without any, as
 * `{"id":"1","seatbid":[],"nbr":2}` or as protobuf. Told by a few bytes, since a load test reads thousands.
 */

/** An answer without bids is shorter: the longest id that is read, each character escaped, and a code. */
export const OPENING_BYTES = 2048;

const OPEN_OBJECT = 0x7b;
/** A field that every bid has; inside a text its quotes would be escaped. */
const OF_A_BID = Buffer.from('"impid"');
/** BidResponse.id, the first field of ours, and BidResponse.seatbid. */
const TAG_ID = 0x0a;
const TAG_SEATBID = 0x12;
const WIRE_VARINT = 0;
const WIRE_LENGTH = 2;
const MORE = 0x80;

/** `opening` is the whole body, or its first OPENING_BYTES and perhaps more. What is neither format counts as a bid. */
export function hasBids(opening: Buffer): boolean {
  if (opening.length === 0) return false;
  if (opening.length >= OPENING_BYTES) return true;
  if (opening[0] === OPEN_OBJECT) return opening.includes(OF_A_BID);
  return opening[0] !== TAG_ID || hasSeatBid(opening);
}

/** Steps over the fields before it; a wire type that no BidResponse has means that it is none. */
function hasSeatBid(bytes: Buffer): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === TAG_SEATBID) return true;
    const wire = bytes[at]! & 7;
    if (wire !== WIRE_VARINT && wire !== WIRE_LENGTH) return true;
    const valueAt = behindVarint(bytes, at);
    at = behindVarint(bytes, valueAt);
    if (wire === WIRE_LENGTH) at += varintAt(bytes, valueAt);
  }
  return false;
}

function behindVarint(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at]! >= MORE) at++;
  return at + 1;
}

function varintAt(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from; ; at++) {
    value += (bytes[at]! & 0x7f) * 2 ** (7 * (at - from));
    if (!(bytes[at]! >= MORE)) return value;
  }
}
