import { createServer } from 'node:net';
import { PortInUse } from './http-port.ts';

/**
 * Rejects with PortInUse when anything listens on the port, even where it would let us share:
 * two unrelated processes with shared ports would split the requests between them in silence.
 * Rejects with the system's error when the address itself is wrong or not allowed.
 */
export function assertPortFree(host: string, port: number): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portInUse(host, port) : error);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

export function portInUse(host: string, port: number): PortInUse {
  return new PortInUse(`port ${port} on ${host} is in use by another listener`);
}
