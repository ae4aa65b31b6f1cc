/**
 * The file of a `multipart/form-data` body (RFC 7578), a chunk at a time: the bytes of the first part that
 * has a file are passed on, other parts are read over. What a part calls its file is never used.
 */
import { Transform, type TransformCallback } from 'node:stream';

/** The body is none, or is cut off. */
export class MultipartFault extends Error {
  override readonly name = 'MultipartFault';
}

const BOUNDARY = /^boundary=(?:"([^"\r\n]{1,70})"|([^\s"]{1,70}))$/i;

/** The boundary that a Content-Type names; null where it is no form with files. */
export function multipartBoundary(contentType: string): string | null {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim());
  if (type!.toLowerCase() !== 'multipart/form-data') return null;
  const match = parameters.map((parameter) => BOUNDARY.exec(parameter)).find(Boolean);
  return match?.[1] ?? match?.[2] ?? null;
}

const HEADERS_BYTES_MAX = 16_384;
const HEADERS_END = Buffer.from('\r\n\r\n');

export class MultipartFile extends Transform {
  readonly #field: string;
  /** What stands before each part and after the last; the body begins as if after a line's end. */
  readonly #delimiter: Buffer;
  #rest: Buffer = Buffer.from('\r\n');
  #place: 'preamble' | 'after-delimiter' | 'headers' | 'file' | 'other' | 'end' = 'preamble';
  #found = false;

  /** `field` is the name of the part that is wanted. */
  constructor(boundary: string, field: string) {
    super();
    this.#field = field;
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    try {
      while (this.#step());
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    if (this.#place !== 'end') done(new MultipartFault('the multipart body is cut off'));
    else if (!this.#found) {
      done(new MultipartFault(`the multipart body has no part named "${this.#field}"`));
    } else done();
  }

  /** Whether there is more to do with what is there. */
  #step(): boolean {
    if (this.#place === 'end') {
      this.#rest = Buffer.alloc(0);
      return false;
    }
    if (this.#place === 'after-delimiter') return this.#afterDelimiter();
    if (this.#place === 'headers') return this.#headers();
    return this.#content();
  }

  #content(): boolean {
    const at = this.#rest.indexOf(this.#delimiter);
    // The delimiter may have begun.
    const end = at === -1 ? Math.max(0, this.#rest.length - this.#delimiter.length + 1) : at;
    if (this.#place === 'file' && end > 0) this.push(this.#rest.subarray(0, end));
    this.#rest = this.#rest.subarray(at === -1 ? end : at + this.#delimiter.length);
    if (at !== -1) this.#place = 'after-delimiter';
    return at !== -1;
  }

  /** A line's end before the next part, or two hyphens at the end of all. */
  #afterDelimiter(): boolean {
    if (this.#rest.length < 2) return false;
    const sign = this.#rest.toString('latin1', 0, 2);
    if (sign === '--') this.#place = 'end';
    else if (sign === '\r\n') this.#place = 'headers';
    else throw new MultipartFault('the multipart body has text after a boundary');
    // The line's end stays: of a part without headers it begins their end.
    return true;
  }

  #headers(): boolean {
    const end = this.#rest.indexOf(HEADERS_END);
    if (end > HEADERS_BYTES_MAX || (end === -1 && this.#rest.length > HEADERS_BYTES_MAX)) {
      throw new MultipartFault(`the headers of a part are over ${HEADERS_BYTES_MAX} bytes`);
    }
    if (end === -1) return false;
    const wanted = fieldOf(this.#rest.toString('utf8', 0, end)) === this.#field;
    if (wanted && this.#found) {
      throw new MultipartFault(`the multipart body has several parts named "${this.#field}"`);
    }
    this.#found ||= wanted;
    this.#place = wanted ? 'file' : 'other';
    this.#rest = this.#rest.subarray(end + HEADERS_END.length);
    return true;
  }
}

const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*;(.*)$/im;
const NAME = /(?:^|;)[ \t]*name=(?:"([^"]*)"|([^\s;"]+))/i;

/** The field that a part is of; '' where it does not say. */
function fieldOf(headers: string): string {
  const parameters = DISPOSITION.exec(headers)?.[1];
  const match = parameters === undefined ? null : NAME.exec(parameters);
  return match?.[1] ?? match?.[2] ?? '';
}
