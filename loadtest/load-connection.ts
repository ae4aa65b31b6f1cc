import { connect, type Socket } from 'node:net';
import { Failure } from '../platform/failure.ts';
import type { LoadTarget } from './load-result.ts';
import { ResponseReader } from './response-reader.ts';

const CONNECT_TIMEOUT_MS = 5000;
const REOPEN_AFTER_MS = 50;

export interface ConnectionOwner {
  answered(connection: LoadConnection): void;
  failed(connection: LoadConnection): void;
  reopened(connection: LoadConnection): void;
}

/** One keep-alive connection with at most one request on it; opens itself again when it breaks. */
export class LoadConnection {
  /** Of the request on it: when it was due, and when it was sent (0 when there is none). */
  dueMs = 0;
  sentMs = 0;
  isOpen = false;
  /** Holds the status and size of the response just read. */
  reader = new ResponseReader();
  readonly #target: LoadTarget;
  readonly #owner: ConnectionOwner;
  #socket: Socket | null = null;
  #closed = false;

  constructor(target: LoadTarget, owner: ConnectionOwner) {
    this.#target = target;
    this.#owner = owner;
  }

  /** Rejects with a Failure when the server does not accept within five seconds. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { host, port } = this.#target;
      const socket = connect({ host, port, noDelay: true, timeout: CONNECT_TIMEOUT_MS });
      this.#socket = socket;
      this.reader = new ResponseReader();
      socket.once('connect', () => {
        socket.setTimeout(0);
        this.isOpen = true;
        resolve();
      });
      socket.once('timeout', () => socket.destroy(new Error('timed out')));
      socket.on('data', (chunk) => this.#received(chunk));
      socket.once('error', (error) => {
        reject(
          new Failure(
            'dependency-unreachable',
            `cannot connect to ${host}:${port}: ${error.message}`,
            {
              cause: error,
            },
          ),
        );
      });
      socket.once('close', () => this.#broke(socket));
    });
  }

  /** `request` is a whole request; the connection is open and has none on it. */
  send(request: Buffer, dueMs: number): void {
    this.dueMs = dueMs;
    this.sentMs = performance.now();
    this.#socket!.write(request);
  }

  /** The answer took too long: an error, and a new connection. */
  abandon(): void {
    this.#socket?.destroy();
  }

  close(): void {
    this.#closed = true;
    this.isOpen = false;
    this.#socket?.destroy();
  }

  #received(chunk: Buffer): void {
    try {
      if (!this.reader.read(chunk)) return;
    } catch {
      this.abandon();
      return;
    }
    this.sentMs = 0;
    this.#owner.answered(this);
  }

  #broke(socket: Socket): void {
    if (this.#closed || socket !== this.#socket) return;
    const wasOpen = this.isOpen;
    this.isOpen = false;
    if (this.sentMs > 0) {
      this.sentMs = 0;
      this.#owner.failed(this);
    }
    if (wasOpen) this.#reopen();
  }

  #reopen(): void {
    if (this.#closed) return;
    this.open().then(
      () => this.#owner.reopened(this),
      () => setTimeout(() => this.#reopen(), REOPEN_AFTER_MS).unref(),
    );
  }
}
