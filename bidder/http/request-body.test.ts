import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpackedBody } from './request-body.ts';

const TEXT = Buffer.from('{"id":"1","imp":[{"id":"1"}]}');
const PACKED = gzipSync(TEXT);
const CORPUS = new URL('../../../shared/data/badinput/gzip/', import.meta.url);

const refused = (status: number, reason: string): object => ({ status, reason });
const NOT_GZIP = refused(400, 'gzip-unreadable');
const TOO_LARGE = refused(413, 'unpacked-too-large');
const OTHER_CODING = refused(415, 'coding-not-accepted');

describe('a body', () => {
  it.each(['', 'identity'])(
    'that is not packed is taken as it is (Content-Encoding %j)',
    (coding) => expect(unpackedBody(TEXT, coding)).toBe(TEXT),
  );

  it.each(['gzip', 'GZIP', 'x-gzip', '', 'identity'])(
    'is unpacked (Content-Encoding %j)',
    (coding) => expect(unpackedBody(PACKED, coding)).toEqual(TEXT),
  );

  it('of several members is unpacked whole', () =>
    expect(unpackedBody(Buffer.concat([gzipSync('{"id":'), gzipSync('"1"}')]), 'gzip')).toEqual(
      Buffer.from('{"id":"1"}'),
    ));

  it('that claims to be gzip must be it', () =>
    expect(unpackedBody(TEXT, 'gzip')).toEqual(NOT_GZIP));

  it.each([
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['gzip, gzip', gzipSync(PACKED)],
    ['zstd', TEXT],
  ])('in another coding is refused (%s)', (coding, body) =>
    expect(unpackedBody(body, coding)).toEqual(OTHER_CODING),
  );

  it('is never read in part: every shorter one is refused', () => {
    for (let length = 2; length < PACKED.length; length++)
      expect(unpackedBody(PACKED.subarray(0, length), 'gzip')).toEqual(NOT_GZIP);
  });

  it('may have a mebibyte when it is unpacked, and not a byte more', () => {
    const most = gzipSync(Buffer.alloc(1_048_576, 0x20));
    expect((unpackedBody(most, 'gzip') as Uint8Array).length).toBe(1_048_576);
    expect(unpackedBody(gzipSync(Buffer.alloc(1_048_577)), 'gzip')).toEqual(TOO_LARGE);
    const members = Buffer.concat(Array.from({ length: 2000 }, () => gzipSync(Buffer.alloc(1000))));
    expect(unpackedBody(members, 'gzip')).toEqual(TOO_LARGE);
  });
});

describe('the corpus of packed bodies', () => {
  it.skipIf(!existsSync(CORPUS)).each([
    ['ok.json.gz', 67],
    ['trailing-garbage.gz', NOT_GZIP],
    ['bad-magic.gz', NOT_GZIP],
    ['bad-method.gz', NOT_GZIP],
    ['plain-not-gzip.gz', NOT_GZIP],
    ['reserved-block-type.gz', NOT_GZIP],
    ['trunc-0.3.gz', NOT_GZIP],
    ['trunc-0.6.gz', NOT_GZIP],
    ['trunc-0.95.gz', NOT_GZIP],
    ['multi-member-x2000.gz', TOO_LARGE],
    ['zeros-10MB.gz', TOO_LARGE],
  ])('%s is read or refused as it should be (skipped without ../shared/data)', (name, expected) => {
    const body = unpackedBody(readFileSync(new URL(name, CORPUS)), 'gzip');
    expect(body instanceof Uint8Array ? body.length : body).toEqual(expected);
  });
});
