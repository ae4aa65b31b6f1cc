import { expect, it } from 'vitest';
import { ResponseReader } from './response-reader.ts';

it('reads a response however it is cut', () => {
  const bytes = Buffer.from('HTTP/1.1 200 OK\r\nX: y\r\ncontent-length: 5\r\n\r\nhello');
  for (let cut = 1; cut < bytes.length; cut++) {
    const reader = new ResponseReader();
    expect(reader.read(bytes.subarray(0, cut))).toBe(false);
    expect(reader.read(bytes.subarray(cut))).toBe(true);
    expect(reader).toMatchObject({ status: 200, bodyBytes: 5 });
  }
});

it('takes a 204 without a length', () => {
  const reader = new ResponseReader();
  expect(reader.read(Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toBe(true);
  expect(reader.status).toBe(204);
});

it('refuses what it cannot measure', () => {
  check('SSH-2.0-OpenSSH_9.2\r\n\r\n', 'no HTTP/1.1 response');
  check('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'without a length');
  check('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab', 'more bytes');
  check('x'.repeat(20_000), 'without an end');
});

function check(text: string, message: string): void {
  expect(() => new ResponseReader().read(Buffer.from(text))).toThrow(message);
}
