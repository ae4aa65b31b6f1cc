/** A file as decoded text: gzip and the encoding are recognised by their bytes. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { SaidEncoding } from '../../settings/import-mapping.ts';
import { ImportError } from './import-error.ts';
import { type FoundEncoding, TextDecoding } from './text-encoding.ts';

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

export interface TextOptions {
  /** Found out from the bytes when absent. */
  readonly encoding?: SaidEncoding | undefined;
  /** Bytes of the file read so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly onEncoding?: ((encoding: FoundEncoding) => void) | undefined;
}

/**
 * The text of a file in pieces, decoded as TextDecoding does. Throws ImportError for a
 * file that cannot be read to its end, such as a gzip file that was cut off.
 */
export async function* textChunks(
  file: string,
  { encoding, onBytes, onEncoding = () => {} }: TextOptions = {},
): AsyncGenerator<string> {
  const decoding = new TextDecoding(encoding, onEncoding);
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
    for await (const chunk of bytes) {
      yield decoding.push(chunk as Buffer);
      onBytes?.(source.bytesRead);
    }
    yield decoding.end();
    await copying;
  } catch (error) {
    if (error instanceof ImportError) throw new ImportError(`${basename(file)}: ${error.message}`);
    throw new ImportError(`${basename(file)}: ${readProblem(error as NodeJS.ErrnoException)}`);
  } finally {
    source.destroy();
    bytes.destroy();
  }
}

function readProblem(error: NodeJS.ErrnoException): string {
  if (error.code === 'Z_BUF_ERROR') return 'the gzip file is cut off';
  if (error.code?.startsWith('Z_') === true) {
    return `the gzip file is damaged (${error.message})`;
  }
  return `cannot be read (${error.message})`;
}
