import type { Clock } from '../../platform/clock.ts';
import { DeadlineSweep, type Sweepable } from '../../platform/deadline-sweep.ts';
import { StoreUnavailable } from '../ports.ts';
import { Breaker } from './breaker.ts';
import { failureMessage } from './failure-message.ts';

/**
 * Calls of a turn that leave one by one, while turns are small: a write costs as much as a bid's
 * decision, but the server has its question by the time that the turn's next bid is read.
 */
const AT_ONCE_MAX = 4;
/** What nobody waits for leaves at the latest after so long, ms: until then a question may take it along. */
const LATER_MS = 1;
/** Probes without an answer until the connection is thought dead and made anew. */
const PROBES_UNTIL_RECONNECT = 3;

export interface GuardedLinkOptions {
  /** For people: never a password. */
  readonly description: string;
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  /** Commands under way at once; a stopped server must not collect more of them. */
  readonly pendingMax: number;
}

/** A connection, or a Cluster's connections, that connects by itself and never stops trying. */
export interface Line<Q> {
  readonly isReady: boolean;
  /** Any command that the server must answer. */
  readonly probe: Q;
  listen(events: LineEvents): void;
  /** Sends `question`, and settles `call` once. */
  start(question: Q, call: Settles): void;
  /** The same, but it may leave with whatever is started next, and with `flush` at the latest. */
  startLater(question: Q, call: Settles): void;
  /** What is started from now on leaves together with `flush`; without it, at once. */
  hold(): void;
  flush(): void;
  /** Gives the connection up for a new one. */
  reconnect(): void;
  close(): void;
}

export interface LineEvents {
  ready(): void;
  lost(): void;
  /** For the message of whoever asks next. */
  failed(message: string): void;
}

export interface Settles {
  /** With the reply, whose bytes are lent for the call, or with null and the cause. */
  settled(reply: unknown, cause: unknown): void;
}

export interface Answered {
  /** Called once: with the reply, whose bytes are lent for the call, or with null and the error. */
  answered(reply: unknown, error: StoreUnavailable | null): void;
  /** Called with a reply that came after all, when `answered` had been told that it took too long. */
  late?(reply: unknown): void;
}

/**
 * The breaker and the time limit in front of a line, so that an outage is an error within
 * milliseconds, never a hang.
 *
 * The first commands of a turn of the event loop leave at once, unless the last turn had many, and
 * the others in one write at its end, from which the time of all of them runs. A call is late only
 * when its answer was not in the socket either: a turn of many bids takes longer than the timeout,
 * and its own business is no outage of the server.
 */
export class GuardedLink<Q> {
  readonly description: string;
  readonly #line: Line<Q>;
  readonly #clock: Clock;
  readonly #breaker = new Breaker();
  readonly #pendingMax: number;
  readonly #timeoutMs: number;
  readonly #sweep: DeadlineSweep<Call>;
  readonly #owner: CallOwner;
  #turn: Call[] = [];
  #lastTurn = 0;
  /** Calls that nobody waits for, until something takes them along. */
  readonly #later: Call[] = [];
  #isLaterTimed = false;
  #isHeld = false;
  #pending = 0;
  #probesFailed = 0;
  #probeTimer: NodeJS.Timeout | null = null;
  #closed = false;
  #whenReady: (() => void) | null = null;
  #lastError = 'not connected yet';

  constructor(options: GuardedLinkOptions, line: Line<Q>) {
    this.description = options.description;
    this.#line = line;
    this.#clock = options.clock;
    this.#timeoutMs = options.commandTimeoutMs;
    this.#pendingMax = options.pendingMax;
    // Timers run before the sockets are read, immediates after: the answer may be there already.
    this.#sweep = new DeadlineSweep(this.#clock, (call) => setImmediate(expire, call));
    this.#owner = {
      timeoutMs: this.#timeoutMs,
      ended: () => {
        this.#pending--;
      },
      judge: (cause) => this.#judge(cause),
    };
    line.listen({
      ready: () => this.#back(),
      lost: () => this.#lost(),
      failed: (message) => {
        this.#lastError = failureMessage(message);
      },
    });
  }

  available(): boolean {
    return !this.#breaker.isOpen && this.#line.isReady && this.#pending < this.#pendingMax;
  }

  /** Answers at once when the server is away; else with its reply, or that it took too long. */
  send(question: Q, receiver: Answered): void {
    if (this.available()) this.#start(question, new Call(this.#owner, receiver));
    else receiver.answered(null, this.#away());
  }

  /**
   * The same for what nobody waits for: it leaves with the next question, which saves both sides a
   * wake-up and a call into the kernel, or a millisecond later; also past the breaker, which is for
   * those who wait.
   */
  sendLater(question: Q, receiver: Answered): void {
    if (!this.#line.isReady || this.#pending >= this.#pendingMax) {
      receiver.answered(null, this.#away());
      return;
    }
    const call = new Call(this.#owner, receiver);
    this.#pending++;
    this.#later.push(call);
    this.#line.startLater(question, call);
    if (this.#isLaterTimed) return;
    this.#isLaterTimed = true;
    setTimeout(this.#leaveLater, LATER_MS);
  }

  /** Asks the server whatever the breaker thinks. */
  async ping(): Promise<void> {
    if (this.#closed || !this.#line.isReady) throw this.#away();
    await new Promise<void>((resolve, reject) => {
      const receiver = {
        answered: (_: unknown, error: StoreUnavailable | null) =>
          error === null ? resolve() : reject(error),
      };
      const owner = { ...this.#owner, judge: (cause: unknown) => this.#unavailable(cause) };
      this.#start(this.#line.probe, new Call(owner, receiver));
    });
  }

  #start(question: Q, call: Call): void {
    this.#pending++;
    if (this.#turn.push(call) === 1) setImmediate(this.#leave);
    if (this.#turn.length > AT_ONCE_MAX || this.#lastTurn > AT_ONCE_MAX) this.#hold();
    this.#line.start(question, call);
  }

  #hold(): void {
    if (!this.#isHeld) this.#line.hold();
    this.#isHeld = true;
  }

  readonly #leave = (): void => {
    this.#isHeld = false;
    this.#lastTurn = this.#turn.length;
    const left = this.#turn;
    this.#turn = [];
    this.#hasLeft(left);
  };

  readonly #leaveLater = (): void => {
    this.#isLaterTimed = false;
    if (this.#later.length > 0) this.#hasLeft([]);
  };

  /** Everything leaves, and its time runs. */
  #hasLeft(turn: readonly Call[]): void {
    this.#line.flush();
    const deadlineMs = this.#clock.monotonicMs() + this.#timeoutMs;
    for (const call of turn) if (!call.done) this.#sweep.add(call, deadlineMs);
    for (const call of this.#later) if (!call.done) this.#sweep.add(call, deadlineMs);
    this.#later.length = 0;
  }

  /** Tells the breaker how a call went; returns the caller's error, null when it went well. */
  #judge(cause: unknown): StoreUnavailable | null {
    const nowMs = this.#clock.monotonicMs();
    if (cause === null) {
      this.#breaker.answered(true, nowMs);
      return null;
    }
    this.#lastError = failureMessage(cause);
    if (this.#breaker.answered(false, nowMs)) this.#probeLater();
    return this.#unavailable(cause);
  }

  /** Resolves when connected, or after `withinMs` when not. */
  async connected(withinMs: number): Promise<void> {
    if (this.#line.isReady) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#whenReady = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  close(): void {
    this.#closed = true;
    if (this.#probeTimer !== null) clearTimeout(this.#probeTimer);
    this.#breaker.trip();
    this.#lastError = 'closed';
    this.#line.close();
  }

  #lost(): void {
    if (!this.#closed && this.#breaker.trip()) this.#probeLater();
  }

  #back(): void {
    this.#probesFailed = 0;
    if (!this.#closed) this.#breaker.close();
    this.#whenReady?.();
    this.#whenReady = null;
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
      if (this.#probesFailed % PROBES_UNTIL_RECONNECT === 0 && this.#line.isReady) {
        this.#line.reconnect();
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

  #unavailable(cause: unknown): StoreUnavailable | null {
    if (cause === null) return null;
    const message = failureMessage(cause);
    return new StoreUnavailable(`${this.description} failed: ${message}`, { cause });
  }
}

interface CallOwner {
  readonly timeoutMs: number;
  /** The line owes the call nothing more. */
  ended(): void;
  judge(cause: unknown): StoreUnavailable | null;
}

/** A call under way: answered once, by the line or by the sweep. */
class Call implements Sweepable, Settles {
  readonly #owner: CallOwner;
  readonly #receiver: Answered;
  done = false;

  constructor(owner: CallOwner, receiver: Answered) {
    this.#owner = owner;
    this.#receiver = receiver;
  }

  settled(reply: unknown, cause: unknown): void {
    this.#owner.ended();
    if (this.done && cause === null) this.#receiver.late?.(reply);
    this.#finish(reply, cause);
  }

  expire(): void {
    this.#finish(null, new Error(`no answer within ${this.#owner.timeoutMs} ms`));
  }

  #finish(reply: unknown, cause: unknown): void {
    if (this.done) return;
    this.done = true;
    this.#receiver.answered(reply, this.#owner.judge(cause));
  }
}

function expire(call: Call): void {
  if (!call.done) call.expire();
}
