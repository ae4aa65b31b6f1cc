import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { FeedUnreadable, SUPPORTED_FORMATS } from './feed-unreadable.ts';

/** More bytes, after unpacking, are no product feed; stops gzip bombs too. */
const FEED_BYTES_MAX = 1 << 30;
const SNIFF_BYTES = 4096;

/**
 * The text of a feed file in pieces, unpacked and decoded: gzip by its first bytes, a byte order
 * mark removed, the encoding that an XML declaration names, else UTF-8. Throws FeedUnreadable.
 */
export async function* feedText(file: string, bytesMax = FEED_BYTES_MAX): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let bytes = 0;
  let line = 1;
  try {
    for await (const chunk of unpacked(file)) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new RangeError(`the feed is larger than ${bytesMax} bytes`);
      decoder ??= decoderFor(chunk);
      const text = decoder.decode(chunk, { stream: true });
      yield text;
      line += countLines(text);
    }
    yield decoder?.decode() ?? '';
  } catch (error) {
    if (error instanceof FeedUnreadable) throw error;
    throw new FeedUnreadable(problemOf(error), { file, line });
  }
}

async function* unpacked(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file);
  try {
    const iterator = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    const first = await iterator.next();
    if (first.done === true) return;
    const rest = chunksFrom(first.value, iterator);
    if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
      yield* rest;
      return;
    }
    // The iterator below reports the error of either side; the callback only keeps it from being unhandled.
    yield* pipeline(rest, createGunzip(), () => {});
  } finally {
    source.destroy();
  }
}

async function* chunksFrom(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

function decoderFor(chunk: Buffer): TextDecoder {
  const start = chunk.toString('latin1', 0, SNIFF_BYTES);
  if (start.startsWith('\xff\xfe')) return new TextDecoder('utf-16le', { fatal: true });
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\bencoding=["']([\w-]+)["']/.exec(start)?.[1];
  if (declared === undefined && start.includes('\0')) {
    throw new TypeError(`the file is binary; ${SUPPORTED_FORMATS}`);
  }
  return new TextDecoder(declared ?? 'utf-8', { fatal: true });
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file; put the feed there or name another';
  if (code === 'EISDIR') return 'this is a folder, expected a feed file';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return 'the text near here is not in the encoding it claims (UTF-8 unless declared); save the feed as UTF-8';
  }
  if (code === 'ERR_ENCODING_NOT_SUPPORTED') return `${message}; save the feed as UTF-8`;
  if (code?.startsWith('Z_'))
    return `the gzip data is damaged or cut off (${message}); fetch the feed again`;
  return message;
}
