/**
 * The bytes of a request's body, unpacked and bounded. Some clients pack without saying so in
 * Content-Encoding, and no text or protobuf message that we read begins like gzip: `1f` opens neither.
 */
import { gunzipSync } from 'node:zlib';

const GZIP_BYTES = [0x1f, 0x8b] as const;

/** `other-coding`: of the codings of HTTP only gzip is read. */
export type UnpackFault = 'other-coding' | 'not-gzip' | 'too-large';

/**
 * The body itself when it is not packed; of a packed one at most `bytesMax`, however many members it
 * has. `contentEncoding` is the header's value, '' when it is absent.
 */
export function unpackBody(
  body: Uint8Array,
  contentEncoding: string,
  bytesMax: number,
): Uint8Array | UnpackFault {
  const isGzip = body[0] === GZIP_BYTES[0] && body[1] === GZIP_BYTES[1];
  if (contentEncoding === '') return isGzip ? gunzipped(body, bytesMax) : body;
  const coding = contentEncoding.toLowerCase();
  if (coding === 'identity') return isGzip ? gunzipped(body, bytesMax) : body;
  if (coding !== 'gzip' && coding !== 'x-gzip') return 'other-coding';
  return isGzip ? gunzipped(body, bytesMax) : 'not-gzip';
}

function gunzipped(body: Uint8Array, bytesMax: number): Uint8Array | UnpackFault {
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'not-gzip';
  }
}
