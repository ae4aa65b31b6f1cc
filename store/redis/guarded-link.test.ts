import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { GuardedLink } from './guarded-link.ts';
import { parseRedisUrl } from './redis-url.ts';
import type { RespWords } from './resp-words.ts';
import { WireLine } from './wire-line.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-link-'));

afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('sends the calls of a small turn at once, those of a big one in one write', async () => {
  await using peer = await openPeer();
  const writesOfTurns: number[] = [];
  for (const calls of [1, 3, 20, 20, 2, 2]) {
    peer.forget();
    const answers = Array.from({ length: calls }, () => ask(peer.link, 'send', 'nothing'));
    await nextTurn();
    writesOfTurns.push(peer.writes().length);
    expect(await Promise.all(answers)).toEqual(answers.map(() => 0));
  }
  expect(writesOfTurns).toEqual([1, 3, 5, 1, 1, 2]);
});

it('lets what nobody waits for leave with the next call, ahead of it', async () => {
  await using peer = await openPeer();
  const answers = [
    ask(peer.link, 'sendLater', 'first'),
    ask(peer.link, 'sendLater', 'second'),
    ask(peer.link, 'send', 'third'),
  ];
  expect(peer.writes()).toEqual([['first', 'second', 'third']]);
  expect(await Promise.all(answers)).toEqual([0, 0, 0]);
});

it('sends what nobody waits for a moment later when no call comes', async () => {
  await using peer = await openPeer();
  for (const key of ['first', 'second']) {
    peer.forget();
    const answer = ask(peer.link, 'sendLater', key);
    await nextTurn();
    expect(await answer).toBe(0);
    expect(peer.writes()).toEqual([[key]]);
  }
});

it('lets what nobody waits for be late like any call', async () => {
  await using peer = await openPeer({ isSilent: true, commandTimeoutMs: 20 });
  await expect(ask(peer.link, 'sendLater', 'nothing')).rejects.toThrow('no answer within 20 ms');
});

/** A server that counts no keys, or says nothing after the greeting, and what was written to it. */
async function openPeer({ isSilent = false, commandTimeoutMs = 5000 } = {}) {
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      const asked = chunk.toString().match(/INFO|EXISTS/g) ?? [];
      const replies = asked.map((word) => (word === 'INFO' ? '$0\r\n\r\n' : ':0\r\n'));
      if (!isSilent || asked[0] === 'INFO') socket.write(replies.join(''));
    });
  }).listen(join(dir, 'server'));
  await once(server, 'listening');
  const url = `redis+unix://${join(dir, 'server')}`;
  const options = { description: url, clock: systemClock, commandTimeoutMs, pendingMax: 100 };
  const link = new GuardedLink(options, new WireLine(parseRedisUrl(url), commandTimeoutMs));
  await link.connected(5000);
  const write = vi.spyOn(Socket.prototype, 'write');
  return {
    link,
    forget: () => write.mockClear(),
    /** The keys that each write asked for. */
    writes: () =>
      write.mock.calls
        .map(([text]) =>
          [...String(text).matchAll(/EXISTS\r\n\$\d+\r\n(\w+)/g)].map(([, key]) => key),
        )
        .filter((keys) => keys.length > 0),
    async [Symbol.asyncDispose]() {
      link.close();
      server.close();
      await once(server, 'close');
    },
  };
}

function ask(
  link: GuardedLink<RespWords>,
  how: 'send' | 'sendLater',
  key: string,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    link[how](['EXISTS', key], {
      answered: (reply, error) => (error === null ? resolve(reply) : reject(error)),
    });
  });
}
