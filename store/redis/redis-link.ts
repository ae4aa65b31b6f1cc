import { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../platform/clock.ts';
import { DeadlineSweep, type Sweepable } from '../../platform/deadline-sweep.ts';
import { StoreUnavailable } from '../ports.ts';
import { Breaker } from './breaker.ts';
import { defineScripts, type RedisClient } from './redis-scripts.ts';
import type { RedisAddress } from './redis-url.ts';

const RECONNECT_LAST_MS = 500;
const CONNECT_TIMEOUT_MS = 1_000;
/** A Cluster's wait before it asks another node, and how often it does. */
const REDIRECT_WAIT_MS = 50;
const REDIRECTIONS_MAX = 3;
/** The client's own timeout, a timer a command: only for the commands of its handshake. */
const HANDSHAKE_TIMEOUT_MIN_MS = 1_000;
/** Probes without an answer until the connection is thought dead and made anew. */
const PROBES_UNTIL_RECONNECT = 3;

export interface RedisLinkOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  /** Commands under way at once; a stopped server must not collect more of them. */
  readonly pendingMax: number;
}

/** What a call is answered with: a reply, or null with the error. Called once. */
export type Answered<T> = (reply: T | null, error: StoreUnavailable | null) => void;

/** A call under way. */
interface Ask extends Sweepable {
  done: boolean;
  late(): void;
}

/**
 * One client with the settings under which an outage is an error within milliseconds, never a hang
 * (the defaults of ioredis queue commands and retry them), and the breaker in front of it.
 *
 * Commands of one turn of the event loop leave in one write, and their time runs from there. A call
 * is late only when its answer was not in the socket either: a turn of many bids takes longer than
 * the timeout, and its own business is no outage of the server.
 */
export class RedisLink {
  readonly description: string;
  readonly #client: RedisClient;
  readonly #clock: Clock;
  readonly #breaker = new Breaker();
  readonly #pendingMax: number;
  readonly #timeoutMs: number;
  readonly #sweep: DeadlineSweep<Ask>;
  #turn: Ask[] = [];
  #corked: Corked | null = null;
  #pending = 0;
  #probesFailed = 0;
  #probeTimer: NodeJS.Timeout | null = null;
  #closed = false;
  #lastError = 'not connected yet';

  constructor(options: RedisLinkOptions) {
    this.description = options.address.description;
    this.#clock = options.clock;
    this.#timeoutMs = options.commandTimeoutMs;
    this.#pendingMax = options.pendingMax;
    // Timers run before the sockets are read, immediates after: the answer may be there already.
    this.#sweep = new DeadlineSweep(this.#clock, (ask) => setImmediate(expire, ask));
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
    return (
      !this.#breaker.isOpen && this.#client.status === 'ready' && this.#pending < this.#pendingMax
    );
  }

  /** Runs one command, or several at once. Rejects with StoreUnavailable, at once when away. */
  ask<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.send(run, (reply, error) => (error === null ? resolve(reply as T) : reject(error)));
    });
  }

  /** As `ask`, without a promise for the caller: for what a bid waits for. */
  send<T>(run: (client: RedisClient) => Promise<T>, answered: Answered<T>): void {
    if (!this.available()) {
      answered(null, this.#away());
      return;
    }
    this.#send(run, (reply, cause) => {
      if (cause === null) {
        this.#breaker.answered(true, this.#clock.monotonicMs());
        answered(reply, null);
        return;
      }
      this.#lastError = messageOf(cause);
      if (this.#breaker.answered(false, this.#clock.monotonicMs())) this.#probeLater();
      answered(null, this.#unavailable(cause));
    });
  }

  /** Asks the server whatever the breaker thinks. */
  async ping(): Promise<void> {
    if (this.#closed || this.#client.status !== 'ready') throw this.#away();
    await new Promise<void>((resolve, reject) => {
      // Any key will do: in a Cluster a bare PING may be answered by a node we never ask.
      this.#send(
        (client) => client.exists('rk:ping'),
        (_, cause) => (cause === null ? resolve() : reject(this.#unavailable(cause))),
      );
    });
  }

  /** Answers once: with the reply, the client's error, or that it took too long. */
  #send<T>(
    run: (client: RedisClient) => Promise<T>,
    answered: (reply: T | null, cause: unknown) => void,
  ): void {
    this.#pending++;
    const finish = (reply: T | null, cause: unknown): void => {
      if (ask.done) return;
      ask.done = true;
      answered(reply, cause);
    };
    const ask: Ask = {
      done: false,
      late: () => finish(null, new Error(`no answer within ${this.#timeoutMs} ms`)),
    };
    this.#join(ask);
    run(this.#client).then(
      (reply) => {
        this.#pending--;
        finish(reply, null);
      },
      (cause: unknown) => {
        this.#pending--;
        finish(null, cause ?? new Error('no reason given'));
      },
    );
  }

  #join(ask: Ask): void {
    if (this.#turn.push(ask) > 1) return;
    if (this.#client instanceof Redis) {
      this.#corked = this.#client.stream as Corked | null;
      this.#corked?.cork();
    }
    setImmediate(this.#leave);
  }

  readonly #leave = (): void => {
    this.#corked?.uncork();
    this.#corked = null;
    const deadlineMs = this.#clock.monotonicMs() + this.#timeoutMs;
    for (const ask of this.#turn) if (!ask.done) this.#sweep.add(ask, deadlineMs);
    this.#turn = [];
  };

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
    if (this.#pending >= this.#pendingMax) {
      return new StoreUnavailable(
        `${this.description} is behind: ${this.#pendingMax} calls under way`,
      );
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

/** The part of a socket that holds writes back; ioredis replaces its socket on reconnecting. */
interface Corked {
  cork(): void;
  uncork(): void;
}

function expire(ask: Ask): void {
  if (!ask.done) ask.late();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function newClient(address: RedisAddress, commandTimeoutMs: number): RedisClient {
  const common = {
    ...address.login,
    commandTimeout: Math.max(HANDSHAKE_TIMEOUT_MIN_MS, commandTimeoutMs * 2),
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
