import type { Writable } from 'node:stream';

/** Why a body that streams did not come whole; what took it is destroyed with this. */
export class BodyBroken extends Error {
  override readonly name = 'BodyBroken';
}

/** Where the bytes come from. */
interface BodySource {
  pause(): void;
  resume(): void;
  /** Nothing came for the time that the route allows. */
  stalled(): void;
}

/**
 * A body on its way into a Writable, no faster than that takes it: its buffer is all that is held. While
 * we are the ones who are slow nobody is late.
 */
export class BodyStream {
  readonly #source: BodySource;
  readonly #stalledMs: number;
  #into: Writable | null = null;
  #stall: NodeJS.Timeout | undefined;
  #waits = false;
  #done = false;

  constructor(source: BodySource, stalledMs: number) {
    this.#source = source;
    this.#stalledMs = stalledMs;
  }

  pour(into: Writable): void {
    this.#into = into;
    this.#stall = setTimeout(() => this.#stalled(), this.#stalledMs);
    this.#stall.unref();
    into.on('drain', () => this.#drained());
    // Its own failure is for whoever made it; here it means that nobody takes the rest.
    into.on('error', () => this.#stop());
    into.on('close', () => this.#stop());
  }

  /** The bytes must be ours to keep; what nobody takes is read over. */
  take(chunk: Uint8Array): void {
    if (this.#done || this.#into === null) return;
    this.#stall?.refresh();
    if (this.#into.write(chunk) || this.#waits) return;
    this.#waits = true;
    this.#source.pause();
  }

  end(): void {
    if (this.#done) return;
    this.#stop();
    this.#into?.end();
  }

  /** The client is gone, or was turned away. */
  abort(reason: string): void {
    if (this.#done) return;
    this.#stop();
    this.#into?.destroy(new BodyBroken(reason));
  }

  #drained(): void {
    if (!this.#waits || this.#done) return;
    this.#waits = false;
    this.#stall?.refresh();
    this.#source.resume();
  }

  #stalled(): void {
    if (this.#waits) this.#stall?.refresh();
    else this.#source.stalled();
  }

  #stop(): void {
    this.#done = true;
    clearTimeout(this.#stall);
  }
}
