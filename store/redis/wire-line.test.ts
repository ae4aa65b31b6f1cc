import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { GuardedLink } from './guarded-link.ts';
import { noRedisReason, RedisServer } from './redis-server.contract.ts';
import { parseRedisUrl } from './redis-url.ts';
import type { RespWords } from './resp-words.ts';
import { WireLine } from './wire-line.ts';

const PORT = 17_631;
const URL_OF_LOGIN = `redis://anna:p%C3%A4ss@127.0.0.1:${PORT}`;

/** Rejects with what the line complained of when it is lost before. */
function ready(line: WireLine): Promise<void> {
  const failures: string[] = [];
  return new Promise((resolve, reject) => {
    line.listen({
      ready: resolve,
      lost: () => reject(new Error(failures.join(', then '))),
      failed: (message) => failures.push(message),
    });
  });
}

/** Opens a line and asks one thing over it. */
async function askOver(line: WireLine, words: RespWords): Promise<unknown> {
  await ready(line);
  return ask(line, words);
}

function ask(line: WireLine, words: RespWords): Promise<unknown> {
  return new Promise((resolve, reject) => {
    line.start(words, {
      settled: (reply, cause) => (cause === null ? resolve(kept(reply)) : reject(cause)),
    });
  });
}

/** A line lends the bytes of a reply. */
function kept(reply: unknown): unknown {
  return Buffer.isBuffer(reply) ? Buffer.from(reply) : reply;
}

async function overLine(url: string, work: (line: WireLine) => Promise<void>): Promise<void> {
  const line = new WireLine(parseRedisUrl(url), 500);
  try {
    await work(line);
  } finally {
    line.close();
  }
}

describe.skipIf(noRedisReason !== '')(`a line to a real server${noRedisReason}`, () => {
  const server = new RedisServer(() => ({
    server: ['--port', String(PORT), '--bind', '127.0.0.1'],
    cli: ['-p', String(PORT)],
  }));
  afterAll(() => server[Symbol.asyncDispose]());

  it('logs in, chooses its database, and speaks of wide characters in bytes', async () => {
    await server.start();
    server.cli('acl', 'setuser', 'anna', 'on', '>päss', '~*', '+@all');
    await overLine(`${URL_OF_LOGIN}/3`, async (line) => {
      await askOver(line, ['SET', 'ключ', 'ёлка']);
      expect(String(await ask(line, ['GET', 'ключ']))).toBe('ёлка');
    });
    expect(server.cli('-n', '3', 'get', 'ключ')).toBe('ёлка');
    expect(server.cli('get', 'ключ')).toBe('');
  });

  it('says why the server does not let it in', async () => {
    const wrong = URL_OF_LOGIN.replace('p%C3%A4ss', 'wrong');
    await overLine(wrong, (line) =>
      expect(askOver(line, ['GET', 'x'])).rejects.toThrow(/WRONGPASS/),
    );
    await overLine(`${URL_OF_LOGIN}/9999`, (line) =>
      expect(askOver(line, ['GET', 'x'])).rejects.toThrow(/DB index is out of range/),
    );
  });

  it('does not mind a password that nobody asks for', () =>
    overLine(`redis://:needless@127.0.0.1:${PORT}`, async (line) => {
      expect(await askOver(line, ['EXISTS', 'nothing'])).toBe(0);
    }));

  it('gives many commands their own answers, in order, whatever their turn and characters', () =>
    overLine(`redis://127.0.0.1:${PORT}`, async (line) => {
      await askOver(line, ['PING']);
      const texts = Array.from({ length: 300 }, (_, i) => `${i % 7 < 3 ? 'ё' : ''}${i}`);
      const echoes = texts.map((text, i) => {
        if (i % 5 === 0) line.hold();
        const echo = ask(line, ['ECHO', text.padEnd(i * 20)]);
        if (i % 5 === 2) line.flush();
        return echo;
      });
      const refused = ask(line, ['NO-SUCH-COMMAND']).catch(String);
      expect((await Promise.all(echoes)).map((echo) => String(echo).trimEnd())).toEqual(texts);
      expect(await refused).toMatch(/unknown command/);
    }));
});

const dir = mkdtempSync(join(tmpdir(), 'rekindle-wire-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const READY = bulk('# Persistence\r\nloading:0\r\n');
const THREE_NULLS = '*3\r\n$-1\r\n$-1\r\n$-1\r\n';

function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}

/** Answers INFO on the n-th connection with `greetings[n]`, and everything else with `answer`. */
async function listen(path: string, greetings: readonly string[], answer: string) {
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    const greeting = greetings[Math.min(accepted.length, greetings.length - 1)]!;
    accepted.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => socket.write(chunk.includes('INFO') ? greeting : answer));
  });
  server.listen(path);
  await once(server, 'listening');
  return { server, accepted };
}

describe('a line to a server of another mind', () => {
  async function check(
    greetings: readonly string[],
    answer: string,
    expected: { connections: number; failed: boolean },
  ): Promise<void> {
    const path = join(mkdtempSync(join(dir, 'server-')), 'redis.sock');
    const { server, accepted } = await listen(path, greetings, answer);
    const address = parseRedisUrl(`redis+unix://${path}`);
    const line = new WireLine(address, 200);
    const options = { description: '', clock: systemClock, commandTimeoutMs: 200, pendingMax: 9 };
    const link = new GuardedLink(options, line);
    try {
      await link.connected(1_000);
      const failed = await new Promise((resolve) => {
        link.send(['MGET', 'a', 'b', 'c'], { answered: (_, error) => resolve(error !== null) });
      });
      await sleep(150);
      expect({ connections: accepted.length, failed }).toEqual(expected);
    } finally {
      link.close();
      for (const socket of accepted) socket.destroy();
      server.close();
    }
  }

  it('asks again until a server has loaded its data', () =>
    check([bulk('# Persistence\r\nloading:1\r\n'), READY], THREE_NULLS, {
      connections: 2,
      failed: false,
    }));

  it('takes a server that may not tell of itself for ready', () =>
    check(['-NOPERM no\r\n'], THREE_NULLS, { connections: 1, failed: false }));

  it('does not take an error for a greeting', () =>
    check(['-ERR no\r\n', READY], THREE_NULLS, { connections: 2, failed: false }));

  it('connects anew after an answer to nothing: the next might be for somebody else', () =>
    check([READY], `${THREE_NULLS}+more\r\n`, { connections: 2, failed: false }));

  it('connects anew after what is no RESP, and the call has failed at once', () =>
    check([READY], '*3\r\n?', { connections: 2, failed: true }));
});
