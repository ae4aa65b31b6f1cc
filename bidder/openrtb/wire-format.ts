/** What an exchange speaks: it is answered in the format it asks in. */
import type { EncodedBidInput, EncodingContext } from './bid-fields.ts';
import { type Decoded, decodeBidRequest, decodeProtobufRequest } from './decode-bid-request.ts';
import {
  encodeBidProtobuf,
  encodeBidResponseProtobuf,
  encodeNoBidProtobuf,
} from './encode-bid-protobuf.ts';
import { encodeBid, encodeBidResponse, encodeNoBid } from './encode-bid-response.ts';

export interface WireFormat {
  readonly contentType: string;
  /** What stands between two bids. */
  readonly separator: string;
  /** As decodeBidRequest. */
  decode(
    bytes: Uint8Array,
    exchange: string,
    vendors: readonly number[],
    readsSupply: boolean,
  ): Decoded;
  /** A bid as a part of the answer; '' when its markup is longer than the exchange takes. */
  encodeBid(context: EncodingContext, input: EncodedBidInput): string;
  /** The whole answer; `bids` are one or more results of encodeBid with separators. */
  encodeResponse(context: EncodingContext, bids: string, bidid: string): string | Uint8Array;
  /** An answer without a bid, and why (AdCOM no-bid reason code). */
  encodeNoBid(requestId: string, nbr: number): string | Uint8Array;
}

export const JSON_FORMAT: WireFormat = {
  contentType: 'application/json',
  separator: ',',
  decode: decodeBidRequest,
  encodeBid,
  encodeResponse: encodeBidResponse,
  encodeNoBid,
};

export const PROTOBUF_FORMAT: WireFormat = {
  contentType: 'application/x-protobuf',
  separator: '',
  decode: decodeProtobufRequest,
  encodeBid: encodeBidProtobuf,
  encodeResponse: encodeBidResponseProtobuf,
  encodeNoBid: encodeNoBidProtobuf,
};

/** By the name that an exchange's settings have for it. */
export const FORMATS = { json: JSON_FORMAT, protobuf: PROTOBUF_FORMAT } as const;
