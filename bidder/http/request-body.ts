/** The bytes of a bid request, unpacked: OpenRTB 2.6, 2.4 allows gzip by agreement. */
import type { HttpReply } from '../../platform/http/http-port.ts';
import { type UnpackFault, unpackBody } from '../../platform/http/unpack-body.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import { REQUEST_BYTES_MAX } from '../openrtb/read-limits.ts';

/** A body that is not read, and how its sender is told. */
export interface BodyRefusal {
  readonly status: 400 | 413 | 415;
  readonly reason: NoBidReason;
}

const REFUSALS: Readonly<Record<UnpackFault, BodyRefusal>> = {
  'not-gzip': { status: 400, reason: 'gzip-unreadable' },
  'too-large': { status: 413, reason: 'unpacked-too-large' },
  'other-coding': { status: 415, reason: 'coding-not-accepted' },
};
const ACCEPTS_GZIP = [['Accept-Encoding', 'gzip']] as const;

/** As unpackBody, of at most REQUEST_BYTES_MAX. */
export function unpackedBody(body: Uint8Array, contentEncoding: string): Uint8Array | BodyRefusal {
  const unpacked = unpackBody(body, contentEncoding, REQUEST_BYTES_MAX);
  return typeof unpacked === 'string' ? REFUSALS[unpacked] : unpacked;
}

/** Tells the sender what would be read (RFC 9110, 15.5.16). */
export function refuseBody(reply: HttpReply, { status }: BodyRefusal): void {
  if (status === 415) reply.sendWith(415, ACCEPTS_GZIP, '');
  else reply.empty(status);
}
