import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';

export type RedisClient = Redis | Cluster;
export type RedisArgument = string | number | Buffer;

/** The Lua file of each script; the number at its end is its count of keys. */
export const REDIS_SCRIPTS = {
  reserveCaps: 'reserve-caps-1',
  confirmExposure: 'confirm-exposure-1',
  releaseExposure: 'release-exposure-1',
  leaseBudget: 'lease-budget-3',
  settleBid: 'settle-bid-3',
  releaseBid: 'release-bid-3',
  returnUnused: 'return-unused-2',
  sweepLeases: 'sweep-leases-3',
  firstNotice: 'first-notice-1',
  replaceLive: 'replace-live-1',
  openGeneration: 'open-generation-1',
  flipGeneration: 'flip-generation-2',
  rollbackGeneration: 'rollback-generation-1',
  retireGeneration: 'retire-generation-2',
} as const;

export type ScriptName = keyof typeof REDIS_SCRIPTS;

/** Gives the client a command for each script: EVALSHA, and EVAL on a connection's first use. */
export function defineScripts(client: RedisClient): void {
  for (const [name, file] of Object.entries(REDIS_SCRIPTS)) {
    const lua = readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8');
    const numberOfKeys = Number(file.slice(file.lastIndexOf('-') + 1));
    client.defineCommand(`rekindle${name}`, { lua, numberOfKeys });
  }
}

/** Runs a script; the reply is what its header says. Rejects with the client's error. */
export function runScript(
  client: RedisClient,
  name: ScriptName,
  keysAndArguments: readonly RedisArgument[],
): Promise<unknown> {
  const commands = client as unknown as Record<
    string,
    (...all: readonly RedisArgument[]) => Promise<unknown>
  >;
  return commands[`rekindle${name}`]!(...keysAndArguments);
}
