/** A file as decoded text: gzip and the byte order mark are recognised by their bytes. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ImportError } from './import-error.ts';

const READ_BYTES = 1 << 18;

/** The first bytes of a file. Throws ImportError when it cannot be read. */
export async function fileHead(file: string, bytes: number): Promise<Buffer> {
  try {
    await using handle = await open(file, 'r');
    const head = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(head, 0, bytes, 0);
    return head.subarray(0, bytesRead);
  } catch (error) {
    throw new ImportError(`${file}: cannot be read (${(error as Error).message})`);
  }
}

/**
 * The text of a file in pieces. Bytes that are not UTF-8 become U+FFFD. Throws ImportError for a
 * file that cannot be read to its end, such as a gzip file that was cut off.
 */
export async function* textChunks(
  file: string,
  onBytes?: (bytesRead: number) => void,
): AsyncGenerator<string> {
  const head = await fileHead(file, 2);
  const bytes = new PassThrough({ highWaterMark: READ_BYTES });
  const source = createReadStream(file, { highWaterMark: READ_BYTES });
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const copying = gzip
    ? pipeline(source, createGunzip({ chunkSize: READ_BYTES }), bytes)
    : pipeline(source, bytes);
  // Its error also ends the loop below; without a handler here it would count as unhandled.
  copying.catch(() => {});
  try {
    for await (const text of decoded(bytes)) {
      yield text;
      onBytes?.(source.bytesRead);
    }
    await copying;
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new ImportError(`${basename(file)}: ${readProblem(error as NodeJS.ErrnoException)}`);
  } finally {
    source.destroy();
    bytes.destroy();
  }
}

async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? '';
}

function encodingOf(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function readProblem(error: NodeJS.ErrnoException): string {
  if (error.code === 'Z_BUF_ERROR') return 'the gzip file is cut off; nothing was imported';
  if (error.code?.startsWith('Z_') === true) {
    return `the gzip file is damaged (${error.message}); nothing was imported`;
  }
  return `cannot be read (${error.message})`;
}
