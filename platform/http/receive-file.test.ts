import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HttpServer } from './http-port.ts';
import { post, until } from './http-talk.contract.ts';
import { nodeBackend } from './node-server.ts';
import { BODY_HEADERS, BodyRefused, receiveFile } from './receive-file.ts';

const BYTES_MAX = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), 'receive-'));
const file = join(folder, 'body');
let server: HttpServer;
const failures: string[] = [];

beforeAll(async () => {
  const received = {
    ...({ method: 'POST', pattern: '/file', bodyBytesMax: BYTES_MAX } as const),
    ...{ headers: BODY_HEADERS, streams: { stalledMs: 5_000 } },
    handler: (
      request: Parameters<typeof receiveFile>[0],
      reply: { empty(status: number): void },
    ) => {
      receiveFile(request, file, { bytesMax: BYTES_MAX }).then(
        () => reply.empty(204),
        (error: Error) => {
          failures.push(error.message);
          reply.empty(error instanceof BodyRefused ? error.status : 500);
        },
      );
    },
  };
  server = await nodeBackend.listen([received], { host: '127.0.0.1', port: 0, shared: false });
});
afterAll(async () => {
  await server.drain(0);
  rmSync(folder, { recursive: true });
});

async function send(
  body: string | Uint8Array<ArrayBuffer> | FormData,
  headers: Record<string, string> = {},
) {
  rmSync(file, { force: true });
  failures.length = 0;
  const answer = await fetch(`http://127.0.0.1:${server.port}/file`, {
    method: 'POST',
    body,
    headers,
  });
  return [answer.status, existsSync(file) ? readFileSync(file, 'utf8') : null, ...failures];
}

function form(content: string | Uint8Array<ArrayBuffer>): FormData {
  const body = new FormData();
  body.set('comment', 'of November');
  body.set('file', new Blob([content]), '../../etc/passwd');
  return body;
}

it('takes a body, the file of a form, and what is packed in either', async () => {
  const packed = new Uint8Array(gzipSync('a,b\n'));
  expect(await send('a,b\n')).toEqual([204, 'a,b\n']);
  expect(await send(packed, { 'content-encoding': 'gzip' })).toEqual([204, 'a,b\n']);
  expect(await send(packed)).toEqual([204, 'a,b\n']);
  expect(await send(form('a,b\n'))).toEqual([204, 'a,b\n']);
  expect(await send(form(packed))).toEqual([204, 'a,b\n']);
  expect(readdirSync(folder)).toEqual(['body']);
});

it.each([
  ['a bomb', new Uint8Array(gzipSync(Buffer.alloc(20 * BYTES_MAX))), 413, /over 1000000 bytes/],
  [
    'half of a gzip file',
    new Uint8Array(gzipSync('a,b\n'.repeat(900)).subarray(0, 40)),
    400,
    /gzip/,
  ],
  ['gzip that is none', Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4), 400, /gzip/],
  ['nothing', '', 400, /empty/],
  ['nothing, packed', new Uint8Array(gzipSync('')), 400, /empty/],
  ['a form of nothing', form(''), 400, /empty/],
])('refuses %s and leaves nothing', async (_, body, status, message) => {
  const [answered, left, said] = await send(body);
  expect([answered, left]).toEqual([status, null]);
  expect(said).toMatch(message);
});

it.each([
  [{ 'content-encoding': 'br' }, /expected gzip or none/],
  [{ 'content-type': 'multipart/mixed; boundary=a' }, /expected multipart\/form-data/],
])('refuses %j before it reads anything', async (headers, message) => {
  const [answered, left, said] = await send('a,b\n', headers as unknown as Record<string, string>);
  expect([answered, left]).toEqual([415, null]);
  expect(said).toMatch(message);
});

it('leaves nothing of a body that does not come whole', async () => {
  failures.length = 0;
  rmSync(file, { force: true });
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(post('/file', 1000, 'id,a\n'));
  await until(() => existsSync(file));
  socket.destroy();
  await until(() => failures.length === 1 && !existsSync(file));
  expect(failures).toEqual(['the client left']);
});
