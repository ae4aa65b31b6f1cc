import { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../platform/clock.ts';
import { StoreUnavailable } from '../ports.ts';
import { Breaker } from './breaker.ts';
import { defineScripts, type RedisClient } from './redis-scripts.ts';
import type { RedisAddress } from './redis-url.ts';

/** Commands under way on one link; a stopped server must not collect more of them. */
const PENDING_MAX = 1_000;
const RECONNECT_LAST_MS = 500;
const CONNECT_TIMEOUT_MS = 1_000;
/** A Cluster's wait before it asks another node, and how often it does. */
const REDIRECT_WAIT_MS = 50;
const REDIRECTIONS_MAX = 3;
/** Probes without an answer until the connection is thought dead and made anew. */
const PROBES_UNTIL_RECONNECT = 3;

export interface RedisLinkOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
}

/**
 * One client with the settings under which an outage is an error within milliseconds, never a hang
 * (the defaults of ioredis queue commands and retry them), and the breaker in front of it.
 */
export class RedisLink {
  readonly description: string;
  readonly #client: RedisClient;
  readonly #clock: Clock;
  readonly #breaker = new Breaker();
  #pending = 0;
  #probesFailed = 0;
  #probeTimer: NodeJS.Timeout | null = null;
  #closed = false;
  #lastError = 'not connected yet';

  constructor(options: RedisLinkOptions) {
    this.description = options.address.description;
    this.#clock = options.clock;
    this.#client = newClient(options.address, options.commandTimeoutMs);
    defineScripts(this.#client);
    this.#client.on('error', (error: Error) => {
      this.#lastError = error.message;
    });
    this.#client.on('close', () => this.#lost());
    this.#client.on('ready', () => this.#back());
  }

  /** A Cluster answers a command of many keys only when they share a slot. */
  get isCluster(): boolean {
    return this.#client instanceof Cluster;
  }

  available(): boolean {
    return !this.#breaker.isOpen && this.#client.status === 'ready' && this.#pending < PENDING_MAX;
  }

  /** Runs one command, or several at once. Rejects with StoreUnavailable, at once when away. */
  ask<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    if (!this.available()) return Promise.reject(this.#away());
    this.#pending++;
    return run(this.#client).then(
      (reply) => {
        this.#pending--;
        this.#breaker.answered(true, this.#clock.monotonicMs());
        return reply;
      },
      (error: unknown) => {
        this.#pending--;
        this.#lastError = messageOf(error);
        if (this.#breaker.answered(false, this.#clock.monotonicMs())) this.#probeLater();
        throw this.#unavailable(error);
      },
    );
  }

  /** Asks the server whatever the breaker thinks. */
  async ping(): Promise<void> {
    if (this.#closed || this.#client.status !== 'ready') throw this.#away();
    try {
      // Any key will do: in a Cluster a bare PING may be answered by a node we never ask.
      await this.#client.exists('rk:ping');
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  /** Resolves when connected, or after `withinMs` when not. */
  async connected(withinMs: number): Promise<void> {
    if (this.#client.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#client.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  close(): void {
    this.#closed = true;
    if (this.#probeTimer !== null) clearTimeout(this.#probeTimer);
    this.#breaker.trip();
    this.#lastError = 'closed';
    this.#client.disconnect();
  }

  #lost(): void {
    if (!this.#closed && this.#breaker.trip()) this.#probeLater();
  }

  #back(): void {
    this.#probesFailed = 0;
    if (!this.#closed) this.#breaker.close();
  }

  #probeLater(): void {
    if (this.#closed || this.#probeTimer !== null) return;
    this.#probeTimer = setTimeout(() => {
      this.#probeTimer = null;
      void this.#probe();
    }, this.#breaker.nextProbeMs());
    this.#probeTimer.unref();
  }

  async #probe(): Promise<void> {
    try {
      await this.ping();
      this.#back();
    } catch {
      this.#probesFailed++;
      // A peer that vanished without a word keeps its connection open for minutes.
      if (this.#probesFailed % PROBES_UNTIL_RECONNECT === 0 && this.#client.status === 'ready') {
        this.#client.disconnect(true);
      }
      this.#probeLater();
    }
  }

  #away(): StoreUnavailable {
    if (this.#pending >= PENDING_MAX) {
      return new StoreUnavailable(`${this.description} is behind: ${PENDING_MAX} calls under way`);
    }
    return new StoreUnavailable(`${this.description} is away: ${this.#lastError}`);
  }

  #unavailable(error: unknown): StoreUnavailable {
    const message = messageOf(error);
    const hint = message.startsWith('MOVED ')
      ? ' (this server belongs to a Redis Cluster: use redis+cluster://)'
      : '';
    return new StoreUnavailable(`${this.description} failed: ${message}${hint}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function newClient(address: RedisAddress, commandTimeoutMs: number): RedisClient {
  const common = {
    ...address.login,
    commandTimeout: commandTimeoutMs,
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

function reconnectWaitMs(times: number): number {
  return Math.min(RECONNECT_LAST_MS, 25 * 2 ** Math.min(times, 10));
}
