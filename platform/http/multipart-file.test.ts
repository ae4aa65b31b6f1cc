import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MultipartFile, multipartBoundary } from './multipart-file.ts';

const FILE =
  '--b1\r\nContent-Disposition: form-data; name="comment"\r\n\r\nof November\r\n' +
  '--b1\r\nContent-Disposition: form-data; name="file"; filename="../../etc/passwd"\r\n' +
  'Content-Type: text/csv\r\n\r\nid,a\r\n1,--b1\r\n--b\r\n\r\n--b1--\r\n';

async function fileOf(
  body: string | Buffer,
  sizes: readonly number[] = [1 << 20],
): Promise<string> {
  const bytes = Buffer.from(body);
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  let taken = Buffer.alloc(0);
  await pipeline(Readable.from(chunks), new MultipartFile('b1', 'file'), async (source) => {
    taken = await buffer(source);
  });
  return taken.toString();
}

it('is the bytes of its part, wherever the body is cut into chunks', async () => {
  const expected = 'id,a\r\n1,--b1\r\n--b\r\n';
  expect(await fileOf(FILE)).toBe(expected);
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, async (cut) => {
      expect(await fileOf(FILE, cut)).toBe(expected);
    }),
    { numRuns: 60 },
  );
});

it('is whatever bytes its part has', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 9 }),
      async (bytes, size) => {
        const content = Buffer.from(bytes).toString('latin1').replaceAll('--b1', '');
        const head = '--b1\r\nContent-Disposition: form-data; name=file\r\n\r\n';
        const body = Buffer.from(`${head}${content}\r\n--b1--`, 'latin1');
        expect(await fileOf(body, [size])).toBe(Buffer.from(content, 'latin1').toString());
      },
    ),
    { numRuns: 60 },
  );
});

it('may be empty, of a part without headers before it, and with text around all', async () => {
  const empty = '--b1\r\nContent-Disposition: form-data; name="file"\r\n\r\n\r\n--b1--';
  expect(await fileOf(empty)).toBe('');
  const part = FILE.replace('--b1', 'a preamble\r\n--b1\r\n\r\nno headers\r\n--b1');
  expect(await fileOf(`${part}an epilogue --b1`)).toBe('id,a\r\n1,--b1\r\n--b\r\n');
});

it.each([
  ['cut off in its file', FILE.slice(0, -20), /cut off/],
  ['cut off before its end', FILE.slice(0, -4), /cut off/],
  ['empty', '', /cut off/],
  ['of no form', 'id,a\n1,2\n', /cut off/],
  ['without a file', FILE.replace('name="file"', 'name="data"'), /no part named "file"/],
  ['with two files', FILE.replace('name="comment"', 'name="file"'), /several parts named "file"/],
  ['with text behind a boundary', FILE.replace('--b1\r\n', '--b1x\r\n'), /text after a boundary/],
  ['with endless headers', FILE.replace('text/csv', 'x'.repeat(20_000)), /headers of a part/],
])('says of a body %s what is wrong', async (_, body, message) => {
  await expect(fileOf(body)).rejects.toThrow(message);
});

it.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data; charset=utf-8; boundary="a b:c"', 'a b:c'],
  ['multipart/form-data', null],
  ['multipart/form-data; boundary=', null],
  ['multipart/mixed; boundary=abc', null],
  [`multipart/form-data; boundary=${'a'.repeat(71)}`, null],
  ['text/csv', null],
  ['', null],
])('reads the boundary of %j', (contentType, boundary) => {
  expect(multipartBoundary(contentType)).toBe(boundary);
});
