/**
 * The one HTTP port of every service, with two adapters: uWebSockets.js (uws-server.ts) and
 * node:http (node-server.ts). Bodies arrive whole and bounded, or as a stream
 * where a route asks for that; a handler answers exactly once, now or later. Both adapters refuse any
 * Transfer-Encoding (411) and a Content-Length that is missing on a POST route with a body, conflicting
 * or not a number (400, 413 over the bound), and close the connection. A GET or ANY route answers HEAD as well, with the headers of its GET and no body.
 *
 * A client is turned away, and told to `onTurnedAway`, when its connection is one too many (closed at
 * once) and when its body is not whole two seconds after its head was read (408 and closed). A head
 * that does not come whole is cut off after about ten seconds. A body that streams may take its time, as
 * long as it does not stall.
 *
 * What uWebSockets.js does differently (http.contract.ts tests both sides): it sees two conflicting
 * Content-Length only on routes that do not name their headers (else the first one counts); a late
 * answer to a pipelined request closes the connection; HTTP/1.0 is answered 505; more than about 95
 * headers are answered 431; idle connections close after about 10 s. A strict proxy belongs in front.
 */
import type { Writable } from 'node:stream';

export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  /** Without the question mark; '' when there is none. */
  readonly query: string;
  /** Values of the route's `:name` parts, percent-decoded, in order. */
  readonly params: readonly string[];
  /**
   * Lower-case name; '' when absent. Valid only until the handler returns. Where the route names
   * its headers, asking for another one throws.
   */
  header(name: string): string;
  /** Valid only until the handler returns: the bytes belong to the server. */
  readonly body: Uint8Array;
  /**
   * Of a route that streams, within its handler: what comes of the body goes into this, no faster than it
   * is taken, and ends it. It is destroyed with a BodyBroken when the client leaves or stalls; the reply is
   * then `aborted`. Who answers before the body is whole closes the connection.
   */
  receive(into: Writable): void;
}

export interface HttpReply {
  /** True once the client has gone or was turned away: answering is harmless and does nothing. */
  readonly aborted: boolean;
  /** A string body is sent as UTF-8; ASCII strings are the fast ones. */
  send(status: number, contentType: string, body: string | Uint8Array): void;
  /**
   * With headers of the caller's own, Content-Type among them (a redirect's Location). Values must
   * be printable ASCII, else the answer is 500 and `onError` is told. Not for 204: use empty.
   */
  sendWith(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: string | Uint8Array,
  ): void;
  /** No body: 204, 400, 404 … */
  empty(status: number): void;
}

/** Must not throw: an error is answered 500 by the adapter and counted as our bug. */
type HttpHandler = (request: HttpRequest, reply: HttpReply) => void;

export interface Route {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'DELETE' | 'ANY';
  /** `/bid/:exchange`; a part is literal or `:name`. */
  readonly pattern: string;
  /** Larger bodies are answered 413. 0 for routes without a body. */
  readonly bodyBytesMax: number;
  readonly handler: HttpHandler;
  /**
   * Lower-case names of every header the handler asks for. Name them on hot routes with a body:
   * without it uWebSockets.js copies all headers, about 1 us a request.
   */
  readonly headers?: readonly string[];
  /**
   * The handler runs when the head has been read, with an empty body, and takes that with `receive` before
   * it returns, or not at all. A body of which nothing comes for this long is turned away (408).
   */
  readonly streams?: { readonly stalledMs: number };
}

export interface ListenOptions {
  readonly host: string;
  /** 0 is any free port; that one is never shared. */
  readonly port: number;
  /** Several listeners (threads, processes) share the port; false refuses a second one. */
  readonly shared: boolean;
  /** Our bugs: a handler threw (answered 500) or answered twice (the first answer stands). */
  readonly onError?: (error: unknown) => void;
  /** Open connections of this one listener; CONNECTIONS_MAX_DEFAULT when absent. */
  readonly connectionsMax?: number;
  readonly onTurnedAway?: (why: TurnedAway) => void;
}

/**
 * Far above what exchanges keep open to one worker. Together with the bounds of the routes it is
 * what strangers can make a listener hold: so many bodies of `bodyBytesMax`.
 */
export const CONNECTIONS_MAX_DEFAULT = 4096;

export const TURNED_AWAY = ['connections', 'slow-body'] as const;
export type TurnedAway = (typeof TURNED_AWAY)[number];

export interface HttpServer {
  /** `uWebSockets.js` or `node:http`, for people. */
  readonly backend: string;
  readonly port: number;
  /**
   * Stops accepting, answers what is in hand with Connection: close, and closes every connection
   * within `deadlineMs` from now; what is unanswered by then is cut off. Resolves when the process
   * or the worker thread may exit.
   */
  drain(deadlineMs: number): Promise<void>;
}

export interface HttpBackend {
  readonly name: string;
  /** Whether several listeners may share one port on this machine and Node version. */
  readonly sharesPorts: boolean;
  /** Rejects with PortInUse. */
  listen(routes: readonly Route[], options: ListenOptions): Promise<HttpServer>;
}

export class PortInUse extends Error {
  override readonly name = 'PortInUse';
}
