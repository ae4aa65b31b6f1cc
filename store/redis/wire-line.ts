import { connect, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CONNECT_TIMEOUT_MS, greetingTimeoutMs, reconnectWaitMs } from './connection-times.ts';
import type { Line, LineEvents, Settles } from './guarded-link.ts';
import { wholeScriptWords } from './redis-scripts.ts';
import type { RedisAddress } from './redis-url.ts';
import { INCOMPLETE, RedisReplyError, RespReader, type RespReply } from './resp-reader.ts';
import { encodeCommand, type RespWords } from './resp-words.ts';

/** A server without a password refuses one, and serves all the same. */
const NEEDS_NO_PASSWORD = /no password is set|without any password configured/;

/** One answer of a turn's; a longer one comes in pieces. */
const RECEIVE_BYTES = 65_536;

/** A command on its way and who waits for it. */
interface Owed {
  readonly words: RespWords;
  readonly call: Settles;
}

/**
 * One connection to one server, for what a bid waits for: a command costs it less than half of what
 * a general client takes (docs/decisions/0009), whose promises, queues and timers a bid does not use.
 * What is held leaves in one write. Whatever is no answer to a command ends the connection.
 */
export class WireLine implements Line<RespWords> {
  readonly probe: RespWords = ['EXISTS', 'rk:ping'];
  readonly #address: RedisAddress;
  readonly #greetingTimeoutMs: number;
  /** Every read of the socket lands here, instead of in memory that is made for it. */
  readonly #onread: OnReadOpts = {
    buffer: Buffer.alloc(RECEIVE_BYTES),
    callback: (bytes, buffer) => {
      this.#read((buffer as Buffer).subarray(0, bytes));
      return true;
    },
  };
  #events: LineEvents | null = null;
  #socket: Socket | null = null;
  #reader = new RespReader();
  #owed: Owed[] = [];
  /** The commands that have not left, a character for each byte. */
  #out = '';
  #isHeld = false;
  #isReady = false;
  #isClosed = false;
  #attempts = 0;
  /** The connection is given up, or tried again, when it fires. */
  #timer: NodeJS.Timeout | undefined;

  constructor(address: RedisAddress, commandTimeoutMs: number) {
    this.#address = address;
    this.#greetingTimeoutMs = greetingTimeoutMs(commandTimeoutMs);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  listen(events: LineEvents): void {
    this.#events = events;
    this.#connect();
  }

  start(words: RespWords, call: Settles): void {
    this.startLater(words, call);
    if (!this.#isHeld) this.flush();
  }

  startLater(words: RespWords, call: Settles): void {
    this.#owed.push({ words, call });
    this.#out += encodeCommand(words);
  }

  hold(): void {
    this.#isHeld = true;
  }

  flush(): void {
    this.#isHeld = false;
    if (this.#out === '') return;
    this.#socket?.write(this.#out, 'latin1');
    this.#out = '';
  }

  reconnect(): void {
    this.#isReady = false;
    this.#socket?.destroy();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.reconnect();
  }

  #connect(): void {
    const { endpoint } = this.#address;
    const socket = open(endpoint, this.#onread);
    this.#socket = socket;
    this.#reader = new RespReader();
    this.#giveUpAfter(CONNECT_TIMEOUT_MS, 'connect ETIMEDOUT');
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    socket.once(endpoint.tls === undefined ? 'connect' : 'secureConnect', () => this.#greet());
    // Under TLS, whose bytes land elsewhere first.
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#events?.failed(error.message));
    socket.once('close', () => this.#lost());
  }

  #giveUpAfter(ms: number, why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp(why), ms);
  }

  #giveUp(why: string): void {
    this.#events?.failed(why);
    this.reconnect();
  }

  #greet(): void {
    this.#giveUpAfter(this.#greetingTimeoutMs, 'no greeting');
    const { login, endpoint } = this.#address;
    if (login.password !== undefined) {
      const user = login.username === undefined ? [] : [login.username];
      this.#expect(['AUTH', ...user, login.password], (error) => NEEDS_NO_PASSWORD.test(error));
    }
    if (endpoint.db) this.#expect(['SELECT', endpoint.db], () => false);
    this.start(['INFO', 'persistence'], {
      settled: (reply, cause) => this.#greeted(reply, cause),
    });
  }

  /** Sends a command of the greeting; an error that is not tolerable ends the connection. */
  #expect(words: RespWords, isTolerable: (error: string) => boolean): void {
    this.start(words, {
      settled: (_, cause) => {
        if (cause instanceof RedisReplyError && !isTolerable(cause.message)) {
          this.#giveUp(cause.message);
        }
      },
    });
  }

  /** A server that still loads answers, but with errors only. */
  #greeted(reply: unknown, cause: unknown): void {
    if (this.#socket?.destroyed !== false) return;
    const refusal = cause instanceof RedisReplyError ? cause.message : '';
    // Who may not ask may still read.
    if (refusal !== '' && !refusal.startsWith('NOPERM')) this.#giveUp(refusal);
    else if (String(reply).includes('\nloading:1')) this.#giveUp('the server is loading its data');
    else {
      clearTimeout(this.#timer);
      this.#isReady = true;
      this.#attempts = 0;
      this.#events?.ready();
    }
  }

  #read(chunk: Buffer): void {
    this.#reader.push(chunk);
    for (;;) {
      const reply = this.#next();
      if (reply === INCOMPLETE) return;
      const owed = this.#owed.shift();
      if (owed === undefined) {
        this.#giveUp('an answer to no command');
        return;
      }
      this.#settle(owed, reply);
    }
  }

  /** What is no RESP ends the connection: nobody can tell where the next answer begins. */
  #next(): RespReply | typeof INCOMPLETE {
    if (this.#socket?.destroyed !== false) return INCOMPLETE;
    try {
      return this.#reader.next();
    } catch (error) {
      this.#giveUp(`no RESP: ${(error as Error).message}`);
      return INCOMPLETE;
    }
  }

  #settle(owed: Owed, reply: RespReply): void {
    if (!(reply instanceof RedisReplyError)) owed.call.settled(reply, null);
    else if (reply.message.startsWith('NOSCRIPT') && owed.words[0] === 'EVALSHA') {
      // A server that has forgotten a script gets it whole, and remembers it.
      this.start(wholeScriptWords(owed.words), owed.call);
    } else owed.call.settled(null, reply);
  }

  #lost(): void {
    clearTimeout(this.#timer);
    this.#isReady = false;
    this.#out = '';
    const owed = this.#owed;
    this.#owed = [];
    const cause = new Error('the connection was lost');
    for (const { call } of owed) call.settled(null, cause);
    this.#events?.lost();
    if (this.#isClosed) return;
    this.#attempts++;
    this.#timer = setTimeout(() => this.#connect(), reconnectWaitMs(this.#attempts));
  }
}

function open({ path, host, port, tls }: RedisAddress['endpoint'], onread: OnReadOpts): Socket {
  if (path !== undefined) return connect({ path, onread });
  if (tls === undefined) return connect({ host: host!, port: port!, onread });
  return connectTls({
    ...tls,
    host: host!,
    port: port!,
    ...(isIP(host!) ? {} : { servername: host! }),
  });
}
