/**
 * The bytes of a bid request, unpacked. OpenRTB 2.6, 2.4 allows gzip by agreement; some exchanges pack
 * without saying so in Content-Encoding, and no bid request begins like a packed one: `1f` opens
 * neither a JSON text nor a field of a protobuf message.
 */
import { gunzipSync } from 'node:zlib';
import type { HttpReply } from '../../platform/http/http-port.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';

/** What an unpacked body may have: the largest request of the public corpus has 9 KB. */
const UNPACKED_BYTES_MAX = 1_048_576;
const GZIP_BYTES = [0x1f, 0x8b] as const;

/** A body that is not read, and how its sender is told. */
export interface BodyRefusal {
  readonly status: 400 | 413 | 415;
  readonly reason: NoBidReason;
}

const NOT_GZIP: BodyRefusal = Object.freeze({ status: 400, reason: 'gzip-unreadable' });
const TOO_LARGE: BodyRefusal = Object.freeze({ status: 413, reason: 'unpacked-too-large' });
const ACCEPTS_GZIP = [['Accept-Encoding', 'gzip']] as const;
const OTHER_CODING: BodyRefusal = Object.freeze({ status: 415, reason: 'coding-not-accepted' });

/**
 * The body itself when it is not packed; of a packed one at most UNPACKED_BYTES_MAX, however many
 * members it has. `contentEncoding` is the header's value, '' when it is absent.
 */
export function unpackedBody(body: Uint8Array, contentEncoding: string): Uint8Array | BodyRefusal {
  const isGzip = body[0] === GZIP_BYTES[0] && body[1] === GZIP_BYTES[1];
  if (contentEncoding === '') return isGzip ? gunzipped(body) : body;
  const coding = contentEncoding.toLowerCase();
  if (coding === 'identity') return isGzip ? gunzipped(body) : body;
  if (coding !== 'gzip' && coding !== 'x-gzip') return OTHER_CODING;
  return isGzip ? gunzipped(body) : NOT_GZIP;
}

function gunzipped(body: Uint8Array): Uint8Array | BodyRefusal {
  try {
    return gunzipSync(body, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LARGE : NOT_GZIP;
  }
}

/** Tells the sender what would be read (RFC 9110, 15.5.16). */
export function refuseBody(reply: HttpReply, { status }: BodyRefusal): void {
  if (status === 415) reply.sendWith(415, ACCEPTS_GZIP, '');
  else reply.empty(status);
}
