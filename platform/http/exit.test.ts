import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtCopy } from '../built-copy.contract.ts';
import { get } from './http-talk.contract.ts';

// uWebSockets.js aborts the process when a thread ends with open handles, so how a process ends is
// tested with whole processes.

let folder = '';

beforeAll(() => {
  folder = builtCopy();
  writeFileSync(join(folder, 'serve.js'), SERVE);
  writeFileSync(join(folder, 'main.js'), MAIN);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Serves, says its port, drains when told, and then ends as `end` says. */
const SERVE = `
  import { chooseBackend } from './platform/http/choose-backend.js';
  export async function serve(name, end, told, say) {
    const backend = await chooseBackend(name);
    const hang = { method: 'GET', pattern: '/hang', bodyBytesMax: 0, handler: () => {} };
    const now = { ...hang, pattern: '/now', handler: (_, reply) => reply.send(200, 'a/b', 'now') };
    const later = { ...hang, pattern: '/later', handler: (_, reply) => {
      setTimeout(() => reply.send(200, 'a/b', 'later'), 50); } };
    const server = await backend.listen([hang, now, later], { host: '127.0.0.1', port: 0, shared: false });
    told(async () => { await server.drain(300); if (end === 'exit') process.exit(0); });
    say(server.port);
  }`;

const MAIN = `
  import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
  import { serve } from './serve.js';
  const [place, name, end] = workerData ?? process.argv.slice(2);
  if (!isMainThread) await serve(name, end, (drain) => parentPort.once('message', drain), (port) => parentPort.postMessage(port));
  else if (place === 'main') await serve(name, end, (drain) => process.once('SIGTERM', drain), (port) => console.log(port));
  else {
    const worker = new Worker('./main.js', { workerData: [place, name, end] });
    worker.on('message', (port) => console.log(port));
    worker.on('exit', (code) => { console.log('worker exit', code); process.off('SIGTERM', stop); });
    const stop = () => worker.postMessage('drain');
    process.on('SIGTERM', stop);
  }`;

/** Ends of a process that served these requests on connections the client keeps open. */
async function ending(args: readonly string[], paths: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['main.js', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk;
    });
  const [first] = await once(child.stdout, 'data');
  const sockets = await Promise.all(paths.map((path) => ask(Number(String(first)), path)));
  child.kill('SIGTERM');
  const [code, signal] = await closed;
  for (const socket of sockets) socket.destroy();
  return `${text.split('\n').slice(1).join(' ')}${signal ?? code}`;
}

async function ask(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(get(path));
  if (path === '/now') await once(socket, 'data');
  else await new Promise((resolve) => setTimeout(resolve, 100));
  return socket;
}

const places = ['main', 'worker'] as const;
const ends = ['by itself', 'exit'] as const;
const clients: readonly (readonly string[])[] = [
  [],
  ['/now', '/now'],
  ['/later', '/now'],
  ['/hang'],
];
const cases = places.flatMap((place) =>
  ends.flatMap((end) => clients.map((paths) => [place, end, paths] as const)),
);

it.each(cases)(
  'uWebSockets.js in the %s thread, drained and ended %s with clients at %j, ends with 0',
  async (place, end, paths) => {
    const expected = place === 'main' ? '0' : 'worker exit 0 0';
    expect(await ending([place, 'uws', end], paths)).toBe(expected);
  },
);

it.each(places)('node:http in the %s thread ends with 0', async (place) => {
  const expected = place === 'main' ? '0' : 'worker exit 0 0';
  expect(await ending([place, 'node', 'by itself'], ['/now', '/hang'])).toBe(expected);
});

it('falls back to node:http and says why where the binary does not load', async () => {
  const broken = builtCopy();
  rmSync(join(broken, 'node_modules'));
  mkdirSync(join(broken, 'node_modules', 'uWebSockets.js'), { recursive: true });
  writeFileSync(
    join(broken, 'node_modules', 'uWebSockets.js', 'package.json'),
    '{"type":"module","exports":"./index.js"}',
  );
  writeFileSync(
    join(broken, 'node_modules', 'uWebSockets.js', 'index.js'),
    `throw new Error("no binary for this ABI");
     export let App, us_listen_socket_close, us_socket_local_port;`,
  );
  const script = `
    import { chooseBackend } from './platform/http/choose-backend.js';
    const { name, reason } = await chooseBackend();
    console.log(name, '|', reason);
    await chooseBackend('uws').catch((error) => console.log(error.message));`;
  writeFileSync(join(broken, 'main.js'), script);
  const child = spawn(process.execPath, ['main.js'], {
    cwd: broken,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(child, 'close');
  rmSync(broken, { recursive: true, force: true });
  const why = `uWebSockets.js does not load on Node ${process.versions.node}: no binary for this ABI`;
  expect(text).toBe(`node:http | ${why}\n${why}\n`);
});
