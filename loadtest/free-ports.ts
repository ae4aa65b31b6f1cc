/** Ports for services that are started to be measured or tested. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Two ports of loopback that were free a moment ago; the first is held until there is another. */
export async function freePorts(): Promise<[number, number]> {
  const servers = [0, 0].map((any) => createServer().listen(any, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [ports[0]!, ports[1]!];
}
