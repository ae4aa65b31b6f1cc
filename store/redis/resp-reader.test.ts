import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INCOMPLETE, RedisReplyError, RespReader, type RespReply } from './resp-reader.ts';

/** What comes out when `bytes` come in pieces that end at `cuts`. */
function repliesOf(bytes: Buffer, cuts: readonly number[] = []): RespReply[] {
  const reader = new RespReader();
  const replies: RespReply[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    const lent = Buffer.from(bytes.subarray(from, cut));
    reader.push(lent);
    from = cut;
    for (let reply = reader.next(); reply !== INCOMPLETE; reply = reader.next()) {
      replies.push(copied(reply));
    }
    lent.fill(0xee);
  }
  return replies;
}

/** Bytes of a reply are views that the next push may outlive. */
function copied(reply: RespReply): RespReply {
  if (Buffer.isBuffer(reply)) return Buffer.from(reply);
  return isList(reply) ? reply.map(copied) : reply;
}

function isList(reply: RespReply): reply is readonly RespReply[] {
  return Array.isArray(reply);
}

function encoded(reply: RespReply): Buffer {
  if (reply === null) return Buffer.from('$-1\r\n');
  if (typeof reply === 'number') return Buffer.from(`:${reply}\r\n`);
  if (typeof reply === 'string') return Buffer.from(`+${reply}\r\n`);
  if (reply instanceof RedisReplyError) return Buffer.from(`-${reply.message}\r\n`);
  if (isList(reply)) {
    return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(encoded)]);
  }
  return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n')]);
}

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const scalar: fc.Arbitrary<RespReply> = fc.oneof(
  fc.constant(null),
  fc.maxSafeInteger(),
  line,
  line.map((text) => new RedisReplyError(text)),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
const list = fc.array(fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxLength: 6 });
const reply: fc.Arbitrary<RespReply> = fc.oneof(scalar, list);

describe('RESP answers', () => {
  it('are read as they were sent, wherever the socket cuts them', () => {
    const sent = fc.array(reply, { maxLength: 5 });
    const cuts = fc.array(fc.nat(), { maxLength: 8 });
    fc.assert(
      fc.property(sent, cuts, (replies, anywhere) => {
        const bytes = Buffer.concat(replies.map(encoded));
        const places = anywhere.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
        expect(repliesOf(bytes, places)).toEqual(replies);
      }),
    );
  });

  it('are whole or nothing: no cut gives half of one', () => {
    const bytes = encoded([Buffer.from('a'), 5, null, [Buffer.from('bc')]]);
    for (let cut = 0; cut < bytes.length; cut++) {
      expect(repliesOf(bytes.subarray(0, cut))).toEqual([]);
    }
  });

  it('never make the reader do anything but read, wait or throw an Error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (bytes, cut) => {
        try {
          repliesOf(Buffer.from(bytes), [Math.min(cut, bytes.length)]);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message).toMatch(/byte|length|end|nested/);
        }
      }),
    );
  });

  it.each([
    ['of no type', '?what\r\n', 'byte 63, which is no type'],
    ['with a length that is no number', '$abc\r\n', 'byte 97 within a number'],
    ['with a number of no digits', ':\r\n', 'no digits'],
    ['with a negative length', '*-5\r\n', 'a length of -5'],
    ['with a text of another end', '$3\r\nabcXX', 'a text of 3 bytes has another end'],
    ['with a text longer than any of ours', '$99999999\r\n', 'a length of 99999999'],
    ['with a list longer than any of ours', '*99999\r\n', 'a length of 99999'],
    ['nested deeper than any of ours', '*1\r\n*1\r\n*1\r\n*1\r\n', 'nested deeper than 3'],
    ['with a line without end', `+${'x'.repeat(5_000)}`, 'a length of 5000'],
  ])('%s are refused, with what was wrong', (_, text, message) => {
    expect(() => repliesOf(Buffer.from(text))).toThrow(message);
  });
});
