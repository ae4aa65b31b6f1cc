import type { HttpBackend } from './http-port.ts';
import { nodeBackend } from './node-server.ts';

export interface ChosenBackend extends HttpBackend {
  /** Why this one, in words for the start-up line. */
  readonly reason: string;
}

/**
 * uWebSockets.js where its binary loads (Node 18, 20, 21, 22 on Linux, macOS, Windows), else
 * node:http. Asking for one by name rejects when it cannot be had.
 */
export async function chooseBackend(prefer?: 'uws' | 'node'): Promise<ChosenBackend> {
  if (prefer === 'node') return { ...nodeBackend, reason: 'asked for' };
  try {
    const { uwsBackend } = await import('./uws-server.ts');
    return { ...uwsBackend, reason: prefer === 'uws' ? 'asked for' : 'its binary loads' };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const reason = `uWebSockets.js does not load on Node ${process.versions.node}: ${why}`;
    if (prefer === 'uws') throw new Error(reason, { cause: error });
    return { ...nodeBackend, reason };
  }
}
