import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { HttpBackend } from './http-port.ts';
import { get, route, statusesOf, talk } from './http-talk.contract.ts';
import { nodeBackend } from './node-server.ts';
import { uwsBackend } from './uws-server.ts';

const CORPUS = '../shared/data/badinput/http';
const FILES = [
  'smuggler_te_mutations.jsonl',
  'http11probe.jsonl',
  'http_garden_trophies.jsonl',
  'gunicorn_treq.jsonl',
  'h1spec.jsonl',
  'llhttp_requests.jsonl',
];
const BATCH = 64;
const SMUGGLED_BODY = /^200 (200|4\d\d)/;

interface HostileCase {
  readonly id: string;
  readonly b64?: string;
  readonly gz_b64?: string;
  readonly steps?: readonly HostileCase[];
}

interface Outcome {
  readonly id: string;
  readonly statuses: string;
}

describe.skipIf(!existsSync(CORPUS))(`hostile requests (skipped without ${CORPUS})`, () => {
  it.each([uwsBackend, nodeBackend])(
    'never break $name nor pass a request inside another',
    async (backend) => {
      const { outcomes, errors, after } = await throwAll(backend);
      expect(outcomes.length).toBeGreaterThan(1_300);
      expect(outcomes.filter(({ statuses }) => /50[0234]/.test(statuses))).toEqual([]);
      const smuggled = outcomes.filter(
        ({ id, statuses }) => /^(smuggler|garden)/.test(id) && SMUGGLED_BODY.test(statuses),
      );
      expect(smuggled).toEqual([]);
      expect(errors).toEqual([]);
      expect(after).toBe('200');
    },
  );
});

async function throwAll(backend: HttpBackend) {
  const errors: unknown[] = [];
  const answer = route('GET', '/', (reply) => reply.send(200, 'text/plain', 'root'));
  const routes = [
    answer,
    { ...answer, method: 'POST', bodyBytesMax: 1_000 },
    { ...answer, method: 'ANY', pattern: '/:name', bodyBytesMax: 1_000 },
  ] as const;
  const server = await backend.listen(routes, {
    host: '127.0.0.1',
    port: 0,
    shared: false,
    onError: (error) => errors.push(error),
  });
  const cases = FILES.flatMap(readCases);
  const outcomes: Outcome[] = [];
  for (let i = 0; i < cases.length; i += BATCH)
    outcomes.push(
      ...(await Promise.all(cases.slice(i, i + BATCH).map((one) => throwOne(server.port, one)))),
    );
  const after = statusesOf((await talk(server.port, get('/'))).text);
  await server.drain(100);
  return { outcomes, errors, after };
}

function readCases(file: string): HostileCase[] {
  const lines = readFileSync(`${CORPUS}/${file}`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as HostileCase);
}

async function throwOne(port: number, hostile: HostileCase): Promise<Outcome> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  for (const step of hostile.steps ?? [hostile]) {
    socket.write(bytesOf(step));
    await sleep(10);
  }
  await sleep(60);
  socket.destroy();
  return { id: hostile.id, statuses: statusesOf(text) };
}

function bytesOf({ b64, gz_b64 }: HostileCase): Buffer {
  if (gz_b64 !== undefined) return gunzipSync(Buffer.from(gz_b64, 'base64'));
  return Buffer.from(b64 ?? '', 'base64');
}
