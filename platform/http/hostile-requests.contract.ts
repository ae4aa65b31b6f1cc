/** The raw requests of the shared corpus on sockets of their own, with what came back. */
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

const CORPUS = new URL('../../../shared/data/badinput/http/', import.meta.url);
export const hasCorpus = existsSync(CORPUS);
export const FILES = [
  'smuggler_te_mutations.jsonl',
  'http11probe.jsonl',
  'http_garden_trophies.jsonl',
  'gunicorn_treq.jsonl',
  'h1spec.jsonl',
  'llhttp_requests.jsonl',
  'llhttp_urls.jsonl',
];
const AT_ONCE = 64;
/** For a server that waits for more than there is. */
const HEARD_MS = 60;
const STEP_MS = 10;

interface Line {
  readonly id: string;
  readonly level?: string;
  readonly expect?: string | { readonly status?: readonly number[] };
  readonly kind?: string;
  readonly b64?: string;
  readonly gz_b64?: string;
  readonly steps?: readonly Line[];
}

export interface RawOutcome {
  readonly id: string;
  /** Of the final answers, in their order. */
  readonly statuses: readonly number[];
  /** A standard or a library that others rely on refuses it. */
  readonly mustFail: boolean;
}

/** `path` takes the place of the root, so that bodies come to where they are read. */
export async function throwRaw(port: number, file: string, path: string): Promise<RawOutcome[]> {
  const text = readFileSync(new URL(file, CORPUS), 'utf8').trim();
  const cases = text.split('\n').map((line) => JSON.parse(line) as Line);
  const outcomes: RawOutcome[] = [];
  for (let i = 0; i < cases.length; i += AT_ONCE) {
    const some = cases.slice(i, i + AT_ONCE).map((each) => throwOne(port, each, path));
    outcomes.push(...(await Promise.all(some)));
  }
  return outcomes;
}

async function throwOne(port: number, hostile: Line, path: string): Promise<RawOutcome> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  for (const step of hostile.steps ?? [hostile]) {
    socket.write(bytesOf(step, path));
    await sleep(STEP_MS);
  }
  await sleep(HEARD_MS);
  socket.destroy();
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return {
    id: hostile.id,
    statuses: statuses.filter((status) => status >= 200),
    mustFail: mustFail(hostile),
  };
}

function bytesOf({ kind, b64 = '', gz_b64: packed }: Line, path: string): Buffer {
  const bytes =
    packed === undefined ? Buffer.from(b64, 'base64') : gunzipSync(Buffer.from(packed, 'base64'));
  if (kind === 'url')
    return Buffer.concat([Buffer.from('GET '), bytes, Buffer.from(' HTTP/1.1\r\nHost: a\r\n\r\n')]);
  const request = bytes.toString('latin1').replaceAll(' / HTTP/1.1', ` ${path} HTTP/1.1`);
  return Buffer.from(request, 'latin1');
}

function mustFail({ level, expect }: Line): boolean {
  if (typeof expect !== 'object') return expect === 'reject';
  return level === 'Must' && expect.status?.includes(400) === true;
}
