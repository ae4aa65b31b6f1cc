/**
 * The one HTTP port of every service, with two adapters: uWebSockets.js (uws-server.ts) and
 * node:http (node-server.ts). Bodies arrive whole and bounded; a handler answers exactly once, now
 * or later. Both adapters refuse any Transfer-Encoding (411) and a Content-Length that is missing
 * on a body, conflicting or not a number (400, 413 over the bound), and close the connection.
 */
export interface HttpRequest {
  /** Upper case. */
  readonly method: string;
  readonly path: string;
  /** Without the question mark; '' when there is none. */
  readonly query: string;
  /** Values of the route's `:name` parts, percent-decoded, in order. */
  readonly params: readonly string[];
  /** Lower-case name; '' when absent. Valid only until the handler returns. */
  header(name: string): string;
  /** Valid only until the handler returns: the bytes belong to the server. */
  readonly body: Uint8Array;
}

export interface HttpReply {
  /** True once the client has gone: answering is harmless and does nothing. */
  readonly aborted: boolean;
  /** A string body is sent as UTF-8; ASCII strings are the fast ones. */
  send(status: number, contentType: string, body: string | Uint8Array): void;
  /** As send, with further headers (a redirect's Location, Cache-Control). */
  sendWith(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: string | Uint8Array,
  ): void;
  /** No body: 204, 400, 404 … */
  empty(status: number): void;
}

/** Must not throw: an error is answered 500 by the adapter and counted as our bug. */
export type HttpHandler = (request: HttpRequest, reply: HttpReply) => void;

export interface Route {
  readonly method: 'GET' | 'POST' | 'HEAD' | 'DELETE' | 'ANY';
  /** `/bid/:exchange`; a part is literal or `:name`. */
  readonly pattern: string;
  /** Larger bodies are answered 413. 0 for routes without a body. */
  readonly bodyBytesMax: number;
  readonly handler: HttpHandler;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Several listeners (threads, processes) share the port; false refuses a second one. */
  readonly shared: boolean;
}

export interface HttpServer {
  /** `uWebSockets.js` or `node:http`, for people. */
  readonly backend: string;
  readonly port: number;
  /** Stops accepting, answers what is in hand with Connection: close, ends by the deadline. */
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
