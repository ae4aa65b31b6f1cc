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
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      const asked = chunk.toString().match(/INFO|EXISTS/g) ?? [];
      socket.write(asked.map((word) => (word === 'INFO' ? '$0\r\n\r\n' : ':0\r\n')).join(''));
    });
  }).listen(join(dir, 'server'));
  await once(server, 'listening');
  const url = `redis+unix://${join(dir, 'server')}`;
  const options = {
    description: url,
    clock: systemClock,
    commandTimeoutMs: 5000,
    pendingMax: 100,
  };
  const link = new GuardedLink(options, new WireLine(parseRedisUrl(url), 5000));
  await link.connected(5000);
  const write = vi.spyOn(Socket.prototype, 'write');
  const writesOfTurns: number[] = [];
  for (const calls of [1, 3, 20, 20, 2, 2]) {
    write.mockClear();
    const answers = Array.from({ length: calls }, () => ask(link));
    await nextTurn();
    writesOfTurns.push(write.mock.calls.filter(([text]) => /EXISTS/.test(String(text))).length);
    expect(await Promise.all(answers)).toEqual(answers.map(() => 0));
  }
  expect(writesOfTurns).toEqual([1, 3, 5, 1, 1, 2]);
  link.close();
  server.close();
});

function ask(link: GuardedLink<RespWords>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    link.send(['EXISTS', 'nothing'], {
      answered: (reply, error) => (error === null ? resolve(reply) : reject(error)),
    });
  });
}
