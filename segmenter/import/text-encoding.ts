/**
 * Bytes of a CRM file as text: UTF-8, UTF-16 by its byte order mark, or windows-1251, which older
 * spreadsheets of Cyrillic languages save and which has no mark to know it by.
 */
import { isAscii } from 'node:buffer';
import type { SaidEncoding } from '../../settings/import-mapping.ts';
import { ImportError } from './import-error.ts';

export type FoundEncoding = SaidEncoding | 'utf-16le' | 'utf-16be';

/** Decodes bytes a chunk at a time, once enough of them have come to tell how. */
export class TextDecoding {
  readonly #said: SaidEncoding | undefined;
  readonly #onFound: (encoding: FoundEncoding) => void;
  #decoder: InstanceType<typeof TextDecoder> | null = null;
  /** The first bytes that tell encodings apart, until more of them have come. */
  #telling: Buffer | null = null;
  #atStart = true;

  constructor(said: SaidEncoding | undefined, onFound: (encoding: FoundEncoding) => void) {
    this.#said = said;
    this.#onFound = onFound;
  }

  /**
   * The next of the text; what is not of the encoding is U+FFFD in it. Throws ImportError for UTF-16
   * without a mark.
   */
  push(chunk: Buffer): string {
    if (this.#decoder !== null) return this.#decoder.decode(chunk, { stream: true });
    if (this.#telling !== null) return this.#decide(Buffer.concat([this.#telling, chunk]));
    if (!isAscii(chunk) || isWide(chunk)) {
      this.#telling = chunk;
      return '';
    }
    // ASCII is the same in all of them.
    this.#atStart = false;
    return chunk.toString('latin1');
  }

  /** The last of the text. */
  end(): string {
    if (this.#decoder !== null) return this.#decoder.decode();
    const text = this.#decide(this.#telling ?? Buffer.alloc(0));
    return text + this.#decoder!.decode();
  }

  #decide(telling: Buffer): string {
    const found = this.#said ?? encodingOf(telling, this.#atStart);
    this.#onFound(found);
    this.#decoder = new TextDecoder(found, { ignoreBOM: !this.#atStart });
    return this.#decoder.decode(telling, { stream: true });
  }
}

/** Of bytes that are not ASCII alone. */
function encodingOf(bytes: Buffer, atStart: boolean): FoundEncoding {
  if (atStart && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (atStart && bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (isWide(bytes)) {
    throw new ImportError(
      'expected UTF-8, got bytes of 0: UTF-16 needs its byte order mark, or save it as UTF-8',
    );
  }
  return !mostlyUtf8(bytes) && readsAsCyrillic(bytes) ? 'windows-1251' : 'utf-8';
}

const WIDE_BYTES_SEEN = 64;

/** Whether a tenth of the first bytes are 0, as in UTF-16. */
function isWide(bytes: Buffer): boolean {
  const head = bytes.subarray(0, WIDE_BYTES_SEEN);
  let zeros = 0;
  for (const byte of head) if (byte === 0) zeros++;
  return zeros > 1 && zeros * 10 >= head.length;
}

const DAMAGED = 0xfffd;

/** A file of UTF-8 with some damaged bytes is still UTF-8: its good characters outnumber them. */
function mostlyUtf8(bytes: Buffer): boolean {
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  let good = 0;
  let damaged = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DAMAGED) damaged++;
    else if (code > 0x7f) good++;
  }
  return good >= damaged;
}

/** Letters of windows-1251 below its alphabet: Ў ў Ґ Ё Є Ї І і ґ ё є ї. */
const LETTERS_BELOW = new Set([
  0xa1, 0xa2, 0xa5, 0xa8, 0xaa, 0xaf, 0xb2, 0xb3, 0xb4, 0xb8, 0xba, 0xbf,
]);
/** … and its quotes, dashes, ellipsis, bullet, no-break space, § © ® ° № and €. */
const PUNCTUATION = new Set([
  0x82, 0x84, 0x85, 0x88, 0x8b, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x9b, 0xa0, 0xa7, 0xa9,
  0xab, 0xae, 0xb0, 0xb9, 0xbb,
]);
const LETTERS_MIN = 4;
/** The rest are words of one letter. */
const IN_WORDS_SHARE_MIN = 0.8;

/** Whether what is not ASCII stands in words, as letters of windows-1251 do and accents do not. */
function readsAsCyrillic(bytes: Buffer): boolean {
  let seen = 0;
  let inWords = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < 0x80 || PUNCTUATION.has(byte)) continue;
    seen++;
    if (isLetter(byte) && (isLetter(bytes[i - 1]) || isLetter(bytes[i + 1]))) inWords++;
  }
  return inWords >= LETTERS_MIN && inWords >= seen * IN_WORDS_SHARE_MIN;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte >= 0xc0 || LETTERS_BELOW.has(byte));
}
