import { randomUUID } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { keepStringsFast } from '../../platform/fast-strings.ts';
import type { HotReads, Store } from '../ports.ts';
import { fillArguments, type ReturnsBlanks } from './blank-entries.ts';
import { GuardedLink, type GuardedLinkOptions } from './guarded-link.ts';
import { RedisBudgets } from './redis-budgets.ts';
import { type HotScripts, RedisCaps } from './redis-caps.ts';
import { RedisClusterReads } from './redis-cluster-reads.ts';
import { RedisErasure } from './redis-erasure.ts';
import { RedisGenerations } from './redis-generations.ts';
import { RedisHotReads } from './redis-hot-reads.ts';
import { RedisLearned } from './redis-learned.ts';
import { RedisLink } from './redis-link.ts';
import { RedisLiveFacts, RedisMarks, RedisNotices } from './redis-records.ts';
import { type RedisArgument, runScript, type ScriptName, scriptWords } from './redis-scripts.ts';
import { RedisSyncs } from './redis-syncs.ts';
import type { RedisAddress } from './redis-url.ts';
import { WireLine } from './wire-line.ts';

/** A bid may wait this long for a read or a reservation. */
const HOT_TIMEOUT_MS = 8;
/** Publishing, settling and the console may wait longer. */
const COLD_TIMEOUT_MS = 5_000;
const HOT_PENDING_MAX = 1_000;
/** The first leases of a worker's thousands of campaigns may be asked for in one moment. */
const COLD_PENDING_MAX = 20_000;
/** A store that is away at start is reported, not waited for. */
const CONNECT_WAIT_MS = 1_500;

export interface RedisStoreOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  /** Default 8 ms. */
  readonly hotTimeoutMs?: number;
}

/**
 * Two connections: what a bid waits for never queues behind what a build writes. Returns also when
 * the server is away (`available()` is false then, and `ping` says why), and connects when it is back.
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<Store> {
  // ioredis, imported by now, has a class that extends String.
  keepStringsFast();
  const { address, clock } = options;
  const { description } = address;
  const cold = new RedisLink(address, {
    description,
    clock,
    commandTimeoutMs: COLD_TIMEOUT_MS,
    pendingMax: COLD_PENDING_MAX,
  });
  const { hot, reads, scripts } = openHot(address, {
    description,
    clock,
    commandTimeoutMs: options.hotTimeoutMs ?? HOT_TIMEOUT_MS,
    pendingMax: HOT_PENDING_MAX,
  });
  await Promise.all([hot.connected(CONNECT_WAIT_MS), cold.connected(CONNECT_WAIT_MS)]);
  return {
    description,
    hot: reads,
    caps: new RedisCaps(scripts, cold),
    budgets: new RedisBudgets(cold),
    notices: new RedisNotices(cold, randomUUID()),
    live: new RedisLiveFacts(cold),
    syncs: new RedisSyncs(cold, clock),
    learned: new RedisLearned(cold),
    generations: new RedisGenerations(cold),
    marks: new RedisMarks(cold),
    erasure: new RedisErasure(cold),
    ping: async () => {
      await Promise.all([hot.ping(), cold.ping()]);
    },
    available: () => hot.available(),
    [Symbol.asyncDispose]: async () => {
      hot.close();
      cold.close();
    },
  };
}

/** What a bid waits for: a line of our own to one server, the Cluster client to many. */
function openHot(
  address: RedisAddress,
  options: GuardedLinkOptions,
): { hot: GuardedLink<unknown>; reads: HotReads; scripts: HotScripts } {
  if (address.clusterNodes !== null) {
    const hot = new RedisLink(address, options);
    const scripts = scriptsOver(hot, (name, call) => (client) => runScript(client, name, call));
    return { hot, reads: new RedisClusterReads(hot, returnsBlanks(scripts)), scripts };
  }
  const hot = new GuardedLink(options, new WireLine(address, options.commandTimeoutMs));
  const scripts = scriptsOver(hot, scriptWords);
  return { hot, reads: new RedisHotReads(hot, returnsBlanks(scripts)), scripts };
}

/** When even that fails they lapse. */
function returnsBlanks({ sendLater }: HotScripts): ReturnsBlanks {
  return (person, blanks) =>
    sendLater('fillBlanks', fillArguments(person, blanks), { answered: () => undefined });
}

function scriptsOver<Q>(
  link: GuardedLink<Q>,
  questionOf: (name: ScriptName, keysAndArguments: readonly RedisArgument[]) => Q,
): HotScripts {
  return {
    send: (name, call, receiver) => link.send(questionOf(name, call), receiver),
    sendLater: (name, call, receiver) => link.sendLater(questionOf(name, call), receiver),
  };
}
