/**
 * A body that streams, as a file: of a form its part `file`, of gzip what is packed in it, so that its
 * bound is that of what will be read. A few buffers are all that is held of it.
 */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BodyBroken } from './body-stream.ts';
import type { HttpRequest } from './http-port.ts';
import { MultipartFault, MultipartFile, multipartBoundary } from './multipart-file.ts';

/** Says why a body is not taken; nothing of it is left. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

type Chunks = AsyncIterable<Buffer>;

export interface ReceiveOptions {
  /** Of the file, unpacked. */
  readonly bytesMax: number;
  /** Changes the file on its way. May throw BodyRefused. */
  readonly through?: (chunks: Chunks) => Chunks;
}

/** Headers that receiveFile() reads. */
export const BODY_HEADERS = ['content-type', 'content-encoding'] as const;

const HELD_BYTES = 1 << 18;
const FIELD = 'file';

/**
 * Call it within the handler of a route that streams and names BODY_HEADERS. The new file is on disk when
 * this resolves. Rejects with BodyRefused, or with BodyBroken when nobody waits for an answer any more.
 */
export async function receiveFile(
  request: HttpRequest,
  file: string,
  { bytesMax, through = (chunks) => chunks }: ReceiveOptions,
): Promise<void> {
  const form = formOf(request);
  const body = new PassThrough({ highWaterMark: HELD_BYTES });
  request.receive(body);
  const opened = form === null ? new PassThrough() : form;
  const bounded = (chunks: Chunks) => upTo(bytesMax, unpacked(chunks));
  const written = createWriteStream(file, { flags: 'wx', flush: true });
  try {
    await pipeline(body, opened, bounded, through, written);
  } catch (error) {
    await rm(file, { force: true });
    throw refusalOf(error as NodeJS.ErrnoException);
  }
}

function formOf(request: HttpRequest): MultipartFile | null {
  const coding = request.header('content-encoding').toLowerCase();
  if (!['', 'identity', 'gzip', 'x-gzip'].includes(coding)) {
    throw new BodyRefused(415, 'Content-Encoding: expected gzip or none');
  }
  const contentType = request.header('content-type');
  const boundary = multipartBoundary(contentType);
  if (boundary === null && /^\s*multipart\//i.test(contentType)) {
    throw new BodyRefused(415, 'Content-Type: expected multipart/form-data with a boundary');
  }
  return boundary === null ? null : new MultipartFile(boundary, FIELD);
}

function refusalOf(error: NodeJS.ErrnoException): Error {
  if (error instanceof BodyRefused || error instanceof BodyBroken) return error;
  if (error instanceof MultipartFault) return new BodyRefused(400, error.message);
  if (error.code?.startsWith('Z_')) {
    return new BodyRefused(400, `the gzip data is damaged or cut off (${error.message})`);
  }
  return error;
}

async function* upTo(bytesMax: number, chunks: Chunks): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw new BodyRefused(413, `the file has over ${bytesMax} bytes, unpacked`);
    }
    yield chunk;
  }
  if (bytes === 0) throw new BodyRefused(400, 'the file is empty');
}

/** What is packed, whether or not anybody says that it is: no text begins as gzip does. */
async function* unpacked(chunks: Chunks): AsyncGenerator<Buffer> {
  const all = chunks[Symbol.asyncIterator]();
  const { start, ended } = await startOf(all);
  const whole = rejoined(start, ended ? null : all);
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip();
  // Its failure ends the loop below.
  pipeline(Readable.from(whole), gunzip).catch(() => {});
  yield* gunzip as Chunks;
}

async function startOf(chunks: AsyncIterator<Buffer>): Promise<{ start: Buffer; ended: boolean }> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 2) {
    const next = await chunks.next();
    if (next.done === true) return { start, ended: true };
    start = Buffer.concat([start, next.value]);
  }
  return { start, ended: false };
}

async function* rejoined(
  start: Buffer,
  rest: AsyncIterator<Buffer> | null,
): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  if (rest !== null) yield* { [Symbol.asyncIterator]: () => rest };
}
