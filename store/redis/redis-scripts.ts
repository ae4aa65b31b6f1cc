import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';
import type { Answered } from './guarded-link.ts';
import type { RespWords } from './resp-words.ts';

export type RedisClient = Redis | Cluster;
export type RedisArgument = string | number | Buffer;

/** The Lua file of each script; the number at its end is its count of keys. */
export const REDIS_SCRIPTS = {
  readPerson: 'read-person-0',
  readKnown: 'read-known-3',
  reserveCaps: 'reserve-caps-1',
  fillBlanks: 'fill-blanks-1',
  confirmExposure: 'confirm-exposure-1',
  releaseExposure: 'release-exposure-1',
  leaseBudget: 'lease-budget-3',
  settleBid: 'settle-bid-3',
  releaseBid: 'release-bid-3',
  returnUnused: 'return-unused-2',
  sweepLeases: 'sweep-leases-3',
  firstNotice: 'first-notice-1',
  replaceValue: 'replace-value-1',
  putSync: 'put-sync-1',
  readLearned: 'read-learned-1',
  replaceLearned: 'replace-learned-1',
  openGeneration: 'open-generation-1',
  flipGeneration: 'flip-generation-2',
  rollbackGeneration: 'rollback-generation-1',
  retireGeneration: 'retire-generation-2',
} as const;

export type ScriptName = keyof typeof REDIS_SCRIPTS;

/** Runs a script and tells the receiver, without a promise: for what a bid waits for. */
export type ScriptSender = (
  name: ScriptName,
  keysAndArguments: readonly RedisArgument[],
  receiver: Answered,
) => void;

interface Script {
  readonly lua: string;
  readonly sha: string;
  readonly numberOfKeys: number;
}

const SCRIPTS = Object.fromEntries(
  Object.entries(REDIS_SCRIPTS).map(([name, file]) => [name, readScript(file)]),
) as Readonly<Record<ScriptName, Script>>;

const LUA_OF_SHA = new Map(Object.values(SCRIPTS).map(({ sha, lua }) => [sha, lua]));

function readScript(file: string): Script {
  const lua = readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8');
  return {
    lua,
    sha: createHash('sha1').update(lua).digest('hex'),
    numberOfKeys: Number(file.slice(file.lastIndexOf('-') + 1)),
  };
}

/** Gives the client a command for each script: EVALSHA, and EVAL on a connection's first use. */
export function defineScripts(client: RedisClient): void {
  for (const [name, { lua, numberOfKeys }] of Object.entries(SCRIPTS)) {
    client.defineCommand(`rekindle${name}`, { lua, numberOfKeys });
  }
}

/** Runs a script; the reply is what its header says. Rejects with the client's error. */
export function runScript(
  client: RedisClient,
  name: ScriptName,
  keysAndArguments: readonly RedisArgument[],
): Promise<unknown> {
  return commandsOf(client)[`rekindle${name}`]!(...keysAndArguments);
}

/** The same, its texts as bytes: a Buffer each. */
export function runScriptForBytes(
  client: RedisClient,
  name: ScriptName,
  keysAndArguments: readonly RedisArgument[],
): Promise<unknown> {
  return commandsOf(client)[`rekindle${name}Buffer`]!(...keysAndArguments);
}

type DefinedCommands = Readonly<
  Record<string, (...all: readonly RedisArgument[]) => Promise<unknown>>
>;

function commandsOf(client: RedisClient): DefinedCommands {
  return client as unknown as DefinedCommands;
}

/** The command that runs a script by its hash; the server may answer NOSCRIPT. */
export function scriptWords(
  name: ScriptName,
  keysAndArguments: readonly RedisArgument[],
): RespWords {
  const { sha, numberOfKeys } = SCRIPTS[name];
  return ['EVALSHA', sha, numberOfKeys, ...keysAndArguments];
}

/** The script of which `words`, made by `scriptWords`, named only the hash, as a command. */
export function wholeScriptWords(words: RespWords): RespWords {
  return ['EVAL', LUA_OF_SHA.get(String(words[1]))!, ...words.slice(2)];
}
