import { Cluster, Redis } from 'ioredis';
import { CONNECT_TIMEOUT_MS, greetingTimeoutMs, reconnectWaitMs } from './connection-times.ts';
import {
  GuardedLink,
  type GuardedLinkOptions,
  type Line,
  type LineEvents,
  type Settles,
} from './guarded-link.ts';
import { defineScripts, type RedisClient } from './redis-scripts.ts';
import type { RedisAddress } from './redis-url.ts';

/** A Cluster's wait before it asks another node, and how often it does. */
const REDIRECT_WAIT_MS = 50;
const REDIRECTIONS_MAX = 3;

/** One command, or several at once. */
export type ClientCall = (client: RedisClient) => Promise<unknown>;

/** A client of ioredis behind the guard: for a Cluster, and for whatever no bid waits for. */
export class RedisLink extends GuardedLink<ClientCall> {
  constructor(address: RedisAddress, options: GuardedLinkOptions) {
    super(options, new ClientLine(newClient(address, options.commandTimeoutMs)));
  }

  /** Rejects with StoreUnavailable, at once when the server is away. */
  ask<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.send(run, {
        answered: (reply, error) => (error === null ? resolve(reply as T) : reject(error)),
      });
    });
  }
}

class ClientLine implements Line<ClientCall> {
  readonly #client: RedisClient;
  #corked: Corked | null = null;

  constructor(client: RedisClient) {
    this.#client = client;
    defineScripts(client);
  }

  get isReady(): boolean {
    return this.#client.status === 'ready';
  }

  /** Any key will do: in a Cluster a bare PING may be answered by a node we never ask. */
  readonly probe: ClientCall = (client) => client.exists('rk:ping');

  listen(events: LineEvents): void {
    this.#client.on('error', (error: Error) => events.failed(error.message));
    this.#client.on('close', () => events.lost());
    this.#client.on('ready', () => events.ready());
  }

  start(call: ClientCall, ends: Settles): void {
    call(this.#client).then(
      (reply) => ends.settled(reply, null),
      (cause: unknown) => ends.settled(null, cause ?? new Error('no reason given')),
    );
  }

  startLater(call: ClientCall, ends: Settles): void {
    this.start(call, ends);
  }

  hold(): void {
    if (!(this.#client instanceof Redis)) return;
    this.#corked = this.#client.stream as Corked | null;
    this.#corked?.cork();
  }

  flush(): void {
    this.#corked?.uncork();
    this.#corked = null;
  }

  reconnect(): void {
    this.#client.disconnect(true);
  }

  close(): void {
    this.#client.disconnect();
  }
}

/** The part of a socket that holds writes back; ioredis replaces its socket on reconnecting. */
interface Corked {
  cork(): void;
  uncork(): void;
}

/** The defaults of ioredis queue commands in an outage and retry them; these settings do not. */
function newClient(address: RedisAddress, commandTimeoutMs: number): RedisClient {
  const common = {
    ...address.login,
    // A timer a command: only for the commands of its handshake.
    commandTimeout: greetingTimeoutMs(commandTimeoutMs),
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    protocol: 2,
  } as const;
  if (address.clusterNodes === null) {
    return new Redis({
      ...common,
      ...address.endpoint,
      enableOfflineQueue: false,
      retryStrategy: reconnectWaitMs,
    });
  }
  return new Cluster([...address.clusterNodes], {
    // Only here does the Cluster client heed it; inside redisOptions it is silently ignored.
    enableOfflineQueue: false,
    maxRedirections: REDIRECTIONS_MAX,
    retryDelayOnFailover: REDIRECT_WAIT_MS,
    retryDelayOnClusterDown: REDIRECT_WAIT_MS,
    retryDelayOnTryAgain: REDIRECT_WAIT_MS,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    clusterRetryStrategy: reconnectWaitMs,
    redisOptions: common,
  });
}
