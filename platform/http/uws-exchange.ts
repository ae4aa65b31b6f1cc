import type { Writable } from 'node:stream';
import type { BodyDeadlines, ComingBody } from './body-deadlines.ts';
import { BodyStream } from './body-stream.ts';
import { headerFault } from './header-check.ts';
import type { HttpReply, HttpRequest, Route, TurnedAway } from './http-port.ts';
import { copyHeaders, NO_HEADERS, type UwsRequest } from './uws-headers.ts';
import { refuseLater, STATUS_LINES, type UwsResponse } from './uws-response.ts';

/** What an exchange needs of its server. */
interface ExchangeOwner {
  inFlight: number;
  readonly draining: boolean;
  readonly bodies: BodyDeadlines;
  readonly onError: (error: unknown) => void;
  readonly onTurnedAway: (why: TurnedAway) => void;
}

const NO_BODY = new Uint8Array(0);
const NO_PARAMS: readonly string[] = [];

/** The late answer being written: one at a time, so that `cork` needs no closure of its own. */
let corked: UwsExchange | null = null;
function writeCorked(): void {
  corked?.write();
}

/** One request and its reply in one object: the only one we allocate per request. */
export class UwsExchange implements HttpRequest, HttpReply, ComingBody {
  readonly #server: ExchangeOwner;
  readonly #response: UwsResponse;
  #request: UwsRequest | null;
  readonly method: string;
  path = '';
  query = '';
  params = NO_PARAMS;
  body: Uint8Array = NO_BODY;
  aborted = false;
  /** Whether no more of the body is waited for. */
  done = false;
  #answered = false;
  /** True inside a callback of uWebSockets.js, which has corked the socket for us. */
  #live = true;
  /** Names and values in turn, where the handler runs after `#request` is gone. */
  #headers: readonly string[] = NO_HEADERS;
  #names: readonly string[] | undefined;
  #partial: Uint8Array | null = null;
  /** Null where the route does not stream. */
  #stream: BodyStream | null = null;
  #received = 0;
  #status = 0;
  #contentType = '';
  #more: readonly (readonly [string, string])[] | null = null;
  #content: string | Uint8Array | null = null;

  constructor(server: ExchangeOwner, response: UwsResponse, request: UwsRequest) {
    this.#server = server;
    this.#response = response;
    this.#request = request;
    this.method = request.getCaseSensitiveMethod();
    server.inFlight++;
  }

  header(name: string): string {
    if (this.#names !== undefined && !this.#names.includes(name))
      throw new Error(`header ${name} is not among the headers its route names`);
    if (this.#request !== null) return this.#request.getHeader(name);
    for (let i = 0; i < this.#headers.length; i += 2)
      if (this.#headers[i] === name) return this.#headers[i + 1]!;
    return '';
  }

  refuse(status: number): void {
    this.done = true;
    this.#forgetBody();
    this.#settle();
    refuseLater(this.#response, status);
  }

  runNow(route: Route): void {
    this.#run(route);
    this.#request = null;
    if (!this.#answered) this.#response.onAborted(() => this.#abort());
  }

  runWithBody(route: Route, bodyBytes: number): void {
    if (!this.#keepHeaders(route)) return;
    this.#response.onAborted(() => this.#abort());
    this.#response.onData((chunk, isLast) => this.#receive(route, bodyBytes, chunk, isLast));
    this.#live = false;
  }

  /** The handler runs now, and the body follows. */
  runStreaming(route: Route): void {
    if (!this.#keepHeaders(route)) return;
    const stream = new BodyStream(this, route.streams!.stalledMs);
    this.#stream = stream;
    this.#response.onAborted(() => this.#abort());
    this.#response.onData((chunk, isLast) => this.#pass(stream, chunk, isLast));
    this.#live = false;
    this.#run(route);
  }

  /** For after this callback; false where they cannot be, and the request is refused. */
  #keepHeaders(route: Route): boolean {
    const headers = copyHeaders(this.#request!, route.headers);
    if (headers === null) {
      this.refuse(400);
      return false;
    }
    this.#headers = headers;
    this.#request = null;
    return true;
  }

  receive(into: Writable): void {
    this.#stream!.pour(into);
  }

  pause(): void {
    if (!this.aborted) this.#response.pause();
  }

  resume(): void {
    if (!this.aborted) this.#response.resume();
  }

  stalled(): void {
    this.#stream!.abort('nothing came of it for too long');
    this.aborted = true;
    if (!this.#answered) this.tooSlow();
  }

  /** The bytes are copied: uWebSockets.js takes them back. */
  #pass(stream: BodyStream, chunk: ArrayBuffer, isLast: boolean): void {
    if (this.done) return;
    stream.take(Buffer.from(chunk.slice(0)));
    if (!isLast) return;
    this.done = true;
    stream.end();
  }

  send(status: number, contentType: string, body: string | Uint8Array): void {
    if (!this.#mayAnswer()) return;
    this.#contentType = contentType;
    this.#finish(status, body);
  }

  sendWith(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: string | Uint8Array,
  ): void {
    if (!this.#mayAnswer()) return;
    const fault = headerFault(headers);
    if (fault === '') {
      this.#more = headers;
      this.#finish(status, body);
    } else {
      this.#server.onError(new Error(fault));
      this.empty(500);
    }
  }

  empty(status: number): void {
    if (this.#mayAnswer()) this.#finish(status, null);
  }

  /** Called corked, once. */
  write(): void {
    const response = this.#response;
    const status = this.#status;
    if (status !== 200) response.writeStatus(STATUS_LINES[status] ?? `${status} Unknown`);
    if (this.#contentType !== '') response.writeHeader('Content-Type', this.#contentType);
    if (this.#more !== null)
      for (const header of this.#more) response.writeHeader(header[0], header[1]);
    this.#writeBody(status);
  }

  #writeBody(status: number): void {
    const response = this.#response;
    const draining = this.#server.draining;
    const bodiless = status === 204 || status === 304;
    if (!bodiless && this.method !== 'HEAD') {
      response.end(this.#content ?? '', draining || (this.#stream !== null && !this.done));
      return;
    }
    // `end` would add a Content-Length, which a 204 must not have; any argument to endWithoutBody
    // leaves the request pending and ends the process. So a drained client is told, not closed.
    if (draining) response.writeHeader('Connection', 'close');
    if (!bodiless) response.writeHeader('Content-Length', `${byteLength(this.#content)}`);
    response.endWithoutBody();
  }

  #receive(route: Route, bodyBytes: number, chunk: ArrayBuffer, isLast: boolean): void {
    if (this.done) return;
    if (this.#partial === null && isLast) this.body = new Uint8Array(chunk);
    else this.#keep(bodyBytes, chunk);
    if (!isLast) return;
    this.done = true;
    this.#live = true;
    this.#run(route);
    this.#forgetBody();
  }

  /** The deadlines may hold this exchange for a while yet. */
  #forgetBody(): void {
    this.#partial = null;
    this.body = NO_BODY;
  }

  #keep(bodyBytes: number, chunk: ArrayBuffer): void {
    if (this.#partial === null) {
      this.#partial = Buffer.allocUnsafe(bodyBytes);
      this.body = this.#partial;
      this.#server.bodies.began(this);
    }
    this.#partial.set(new Uint8Array(chunk), this.#received);
    this.#received += chunk.byteLength;
  }

  tooSlow(): void {
    this.#server.onTurnedAway('slow-body');
    this.refuse(408);
  }

  #run(route: Route): void {
    this.#names = route.headers;
    try {
      route.handler(this, this);
    } catch (error) {
      this.#server.onError(error);
      if (!this.#answered) this.empty(500);
    }
    this.#live = false;
  }

  #abort(): void {
    this.aborted = true;
    this.done = true;
    this.#forgetBody();
    this.#stream?.abort('the client left');
    if (!this.#answered) this.#settle();
  }

  #mayAnswer(): boolean {
    if (this.aborted) return false;
    if (this.#answered) this.#server.onError(new Error(`${this.method} was answered twice`));
    return !this.#answered;
  }

  #finish(status: number, body: string | Uint8Array | null): void {
    this.#settle();
    this.#status = status;
    this.#content = body;
    if (this.#live) this.write();
    // As in refuseLater: closing while the body comes would run what is left of it as a request.
    else if (this.#stream !== null && !this.done) setImmediate(() => this.#writeNow());
    else this.#writeNow();
  }

  #writeNow(): void {
    if (this.aborted) return;
    corked = this;
    this.#response.cork(writeCorked);
    corked = null;
  }

  #settle(): void {
    this.#answered = true;
    this.#server.inFlight--;
  }
}

function byteLength(content: string | Uint8Array | null): number {
  return content === null ? 0 : Buffer.byteLength(content);
}
