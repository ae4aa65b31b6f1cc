import { connect, type Socket } from 'node:net';

const PING = 'PING\r\n';
const PONG_BYTES = '+PONG\r\n'.length;

/** One connection to a Redis, and the least that can be asked over it. */
export class PingLine {
  readonly #socket: Socket;
  readonly #asked: (() => void)[] = [];
  #bytes = 0;

  constructor(path: string) {
    const buffer = Buffer.alloc(65_536);
    const callback = (bytes: number): boolean => {
      this.#answered(bytes);
      return true;
    };
    this.#socket = connect({ path, onread: { buffer, callback } });
  }

  ask(answered: () => void): void {
    this.#asked.push(answered);
    this.#socket.write(PING);
  }

  #answered(bytes: number): void {
    this.#bytes += bytes;
    while (this.#bytes >= PONG_BYTES) {
      this.#bytes -= PONG_BYTES;
      this.#asked.shift()!();
    }
  }
}
