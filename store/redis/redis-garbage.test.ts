import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { imp, reserveAt } from '../caps.contract.ts';
import { newRead, readOnce } from '../hot-reads.contract.ts';
import { openStore } from '../open-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-garbage-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const INFO = 'redis_version:7.0.0\r\nloading:0\r\n';

/** Greets like Redis, then answers every command with `garbage`. */
function listen(path: string, garbage: Buffer): Promise<{ server: Server; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1').toLowerCase();
      const greeting = text.includes('client') || text.includes('hello');
      if (text.includes('$4\r\ninfo')) socket.write(`$${INFO.length}\r\n${INFO}\r\n`);
      else if (greeting) socket.write('+OK\r\n'.repeat(text.split('*').length - 1));
      else socket.write(garbage);
    });
  });
  return new Promise((resolve) => server.listen(path, () => resolve({ server, sockets })));
}

describe('a server that answers nonsense', () => {
  const cases: [string, string | Buffer][] = [
    ['an integer', ':5\r\n'],
    ['a short list', '*1\r\n$1\r\nx\r\n'],
    ['a list of lists', '*3\r\n*0\r\n:1\r\n:2\r\n'],
    ['an error', '-ERR no\r\n'],
    ['a null', '$-1\r\n'],
    ['a text with a wrong end', '$3\r\nabcXX'],
    ['an unknown type', '?what\r\n'],
    ['a length that is no number', '$abc\r\n'],
    ['a negative list', '*-5\r\n'],
    ['noise', Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 7919) % 256))],
    ['two answers for one', ':1\r\n:2\r\n'],
    ['half an answer', '*3\r\n$10\r\nabc'],
  ];

  it.each(cases)('%s: every call ends, nothing is granted or read', async (name, garbage) => {
    const path = join(dir, `${name.replaceAll(' ', '-')}.sock`);
    const { server, sockets } = await listen(path, Buffer.from(garbage));
    try {
      await using store = await openStore({ url: `redis+unix://${path}`, dir, hotTimeoutMs: 100 });
      // It greeted properly: what follows is about its answers.
      expect(store.available()).toBe(true);
      for (let i = 0; i < 3; i++) {
        const read = await readOnce(store, newRead({ person: 'anna' }));
        expect([read.profile, read.live, read.exposures]).toEqual([null, null, null]);
        const unknown = await readOnce(store, newRead({ identities: ['i-1', 'i-2'] }));
        expect(unknown.profile).toBeNull();
        for (const seen of [undefined, null]) {
          const subject = { shop: 's', person: 'p', nowMs: 1, seen };
          expect((await reserveAt(store, subject, [imp()])).granted).toEqual([false]);
        }
      }
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
