import { createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { chooseBackend } from './choose-backend.ts';
import { type HttpServer, PortInUse } from './http-port.ts';
import { get, route, statusesOf, talk } from './http-talk.contract.ts';
import { canReusePort, nodeBackend } from './node-server.ts';
import { assertPortFree } from './port-free.ts';
import { uwsBackend } from './uws-server.ts';

const host = '127.0.0.1';
const routes = [route('GET', '/', (reply) => reply.empty(204))];
const servers: HttpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.drain(0);
});

async function freePort(): Promise<number> {
  const server = await nodeBackend.listen(routes, { host, port: 0, shared: false });
  await server.drain(0);
  return server.port;
}

it('tells a free port from a taken one, shared or not', async () => {
  const port = await freePort();
  await assertPortFree(host, port);
  servers.push(await uwsBackend.listen(routes, { host, port, shared: true }));
  await expect(assertPortFree(host, port)).rejects.toThrow(PortInUse);
  await expect(assertPortFree('0.0.0.0', port)).rejects.toThrow(
    `port ${port} on 0.0.0.0 is in use`,
  );
});

it.each([uwsBackend, nodeBackend])(
  'says why it cannot listen on a foreign address: $name',
  async (backend) => {
    const listening = backend.listen(routes, { host: '203.0.113.7', port: 0, shared: false });
    await expect(listening).rejects.toThrow('EADDRNOTAVAIL');
  },
);

it('shares a port between listeners of uWebSockets.js that all ask for it', async () => {
  const port = await freePort();
  for (let i = 0; i < 3; i++)
    servers.push(await uwsBackend.listen(routes, { host, port, shared: true }));
  for (let i = 0; i < 5; i++) expect(statusesOf((await talk(port, get('/'))).text)).toBe('204');
  const alone = uwsBackend.listen(routes, { host, port, shared: false });
  await expect(alone).rejects.toThrow(PortInUse);
});

it('refuses to share with a stranger', async () => {
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(0, host, resolve));
  const { port } = stranger.address() as { port: number };
  for (const backend of [uwsBackend, nodeBackend])
    await expect(backend.listen(routes, { host, port, shared: true })).rejects.toThrow(PortInUse);
  stranger.close();
});

it.each([
  ['20.20.2', 'linux', false],
  ['22.11.0', 'linux', false],
  ['22.12.0', 'linux', true],
  ['23.0.0', 'linux', false],
  ['23.1.0', 'linux', true],
  ['24.0.0', 'linux', true],
  ['24.0.0', 'darwin', false],
] as const)('node:http on Node %s, %s: shares ports %s', (version, platform, expected) => {
  expect(canReusePort(version, platform)).toBe(expected);
});

it('chooses uWebSockets.js where it loads, and what is asked for', async () => {
  expect(await chooseBackend()).toMatchObject({
    name: 'uWebSockets.js',
    reason: 'its binary loads',
  });
  expect(await chooseBackend('uws')).toMatchObject({ name: 'uWebSockets.js', sharesPorts: true });
  expect(await chooseBackend('node')).toMatchObject({ name: 'node:http', reason: 'asked for' });
});
