import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { BodyDeadlines, type ComingBody } from './body-deadlines.ts';
import { BodyStream } from './body-stream.ts';
import { headerFault } from './header-check.ts';
import {
  CONNECTIONS_MAX_DEFAULT,
  type HttpBackend,
  type HttpReply,
  type HttpRequest,
  type HttpServer,
  type ListenOptions,
  type Route,
  type TurnedAway,
} from './http-port.ts';
import { portInUse } from './port-free.ts';
import { refusalOf } from './request-checks.ts';
import { type RoutedPath, Router } from './router.ts';

/** Exchanges keep idle connections for up to 150 s, and the server must not be the first to close. */
const KEEP_ALIVE_MS = 155_000;
/** For the head; a connection on which nothing has come yet is given as long. */
const REQUEST_MS = 10_000;
const CHECK_MS = 1_000;
const NO_BODY = new Uint8Array(0);

/** The node:http adapter: slower than uWebSockets.js, and there wherever Node is. */
export const nodeBackend: HttpBackend = {
  name: 'node:http',
  sharesPorts: canReusePort(process.versions.node, process.platform),
  listen,
};

/** Whether `listen({ reusePort: true })` works: Node 22.12 and 23.1 brought it, Linux has it. */
export function canReusePort(version: string, platform: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const known = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
  return known && platform === 'linux';
}

function listen(routes: readonly Route[], options: ListenOptions): Promise<HttpServer> {
  const { host, port, shared } = options;
  const adapter = new NodeServer(routes, options);
  const reusePort = shared && port !== 0 && nodeBackend.sharesPorts;
  const sharing = reusePort ? { reusePort } : { exclusive: true };
  return new Promise((resolve, reject) => {
    adapter.server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portInUse(host, port) : error);
    });
    adapter.server.listen({ host, port, backlog: 4096, ...sharing }, () => {
      adapter.port = (adapter.server.address() as AddressInfo).port;
      resolve(adapter);
    });
  });
}

function ignore(): void {}

class NodeServer implements HttpServer {
  readonly backend = 'node:http';
  readonly server: Server;
  readonly onError: (error: unknown) => void;
  readonly onTurnedAway: (why: TurnedAway) => void;
  readonly bodies = new BodyDeadlines();
  readonly #router: Router;
  port = 0;
  draining = false;

  constructor(routes: readonly Route[], options: ListenOptions) {
    this.#router = new Router(routes);
    const streams = routes.some((route) => route.streams !== undefined);
    this.onError = options.onError ?? ignore;
    this.onTurnedAway = options.onTurnedAway ?? ignore;
    this.server = createServer(
      {
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: REQUEST_MS,
        // From the head to the end of a body: what streams has a deadline of its own.
        requestTimeout: streams ? 0 : REQUEST_MS,
        connectionsCheckingInterval: CHECK_MS,
        noDelay: true,
      },
      (incoming, response) => this.#receive(incoming, response),
    );
    // Who asks first is told to go on only when the body is wanted.
    this.server.on('checkContinue', (incoming, response) => this.#receive(incoming, response));
    this.server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX_DEFAULT;
    this.server.on('drop', () => this.onTurnedAway('connections'));
  }

  drain(deadlineMs: number): Promise<void> {
    this.draining = true;
    const cutOff = setTimeout(() => this.server.closeAllConnections(), deadlineMs);
    return new Promise((resolve) => {
      this.server.close(() => {
        clearTimeout(cutOff);
        resolve();
      });
    });
  }

  #receive(incoming: IncomingMessage, response: ServerResponse): void {
    if (refusedSockets.has(incoming.socket)) return;
    const url = incoming.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const match = this.#router.find(path);
    const exchange = new NodeExchange(this, incoming, response);
    if (incoming.headers['transfer-encoding'] !== undefined) refuse(response, 411);
    else if (match === null) exchange.empty(404);
    else {
      exchange.path = path;
      exchange.query = mark === -1 ? '' : url.slice(mark + 1);
      exchange.params = match.params;
      dispatch(exchange, incoming, response, match.path);
    }
  }
}

function dispatch(
  exchange: NodeExchange,
  incoming: IncomingMessage,
  response: ServerResponse,
  path: RoutedPath,
): void {
  const route = path.route(exchange.method);
  if (route === undefined) {
    exchange.sendWith(405, [['Allow', path.allow]], '');
    return;
  }
  const contentLength = incoming.headers['content-length'] ?? '';
  const refused = refusalOf(route, contentLength);
  if (refused !== 0) refuse(response, refused);
  else if (route.streams !== undefined) exchange.runStreaming(route);
  else if (contentLength === '' || Number(contentLength) === 0) exchange.run(route);
  else exchange.readBody(route);
}

/** What a client had sent behind a refused request is not a request to us. */
const refusedSockets = new WeakSet<Socket>();

/** The rest of the connection cannot be trusted to begin where we think, so it is closed. */
function refuse(response: ServerResponse, status: number): void {
  refusedSockets.add(response.req.socket);
  response.writeHead(status, { Connection: 'close', 'Content-Length': 0 });
  response.end();
}

class NodeExchange implements HttpRequest, HttpReply, ComingBody {
  readonly #server: NodeServer;
  readonly #incoming: IncomingMessage;
  readonly #response: ServerResponse;
  #names: readonly string[] | undefined;
  readonly method: string;
  path = '';
  query = '';
  params: readonly string[] = [];
  body: Uint8Array = NO_BODY;
  aborted = false;
  /** Whether no more of the body is waited for. */
  done = false;
  #answered = false;
  /** Null where the route does not stream. */
  #stream: BodyStream | null = null;

  constructor(server: NodeServer, incoming: IncomingMessage, response: ServerResponse) {
    this.#server = server;
    this.#incoming = incoming;
    this.#response = response;
    this.method = incoming.method ?? '';
    response.on('close', () => {
      this.aborted ||= !response.writableFinished;
      this.done = true;
      this.#stream?.abort('the client left');
    });
  }

  header(name: string): string {
    if (this.#names !== undefined && !this.#names.includes(name))
      throw new Error(`header ${name} is not among the headers its route names`);
    const value = this.#incoming.headers[name];
    return Array.isArray(value) ? value.join(', ') : (value ?? '');
  }

  /** The parser of node:http holds the body to its Content-Length, which refusalOf has bounded. */
  readBody(route: Route): void {
    const chunks: Uint8Array[] = [];
    this.#server.bodies.began(this);
    this.#askedFor();
    this.#incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    this.#incoming.on('end', () => {
      if (this.done) return;
      this.done = true;
      this.body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      this.run(route);
    });
  }

  /** The handler runs now, and the body follows. */
  runStreaming(route: Route): void {
    this.#stream = new BodyStream(this, route.streams!.stalledMs);
    this.run(route);
  }

  receive(into: Writable): void {
    const stream = this.#stream!;
    stream.pour(into);
    this.#askedFor();
    this.#incoming.on('data', (chunk: Uint8Array) => stream.take(chunk));
    this.#incoming.on('end', () => {
      this.done = true;
      stream.end();
    });
  }

  pause(): void {
    this.#incoming.pause();
  }

  resume(): void {
    this.#incoming.resume();
  }

  stalled(): void {
    this.#stream!.abort('nothing came of it for too long');
    this.aborted = true;
    if (!this.#answered) this.tooSlow();
  }

  #askedFor(): void {
    if (this.#incoming.headers.expect !== undefined) this.#response.writeContinue();
  }

  tooSlow(): void {
    this.done = true;
    this.#server.onTurnedAway('slow-body');
    refuse(this.#response, 408);
  }

  run(route: Route): void {
    this.#names = route.headers;
    try {
      route.handler(this, this);
    } catch (error) {
      this.#server.onError(error);
      if (!this.#answered) this.empty(500);
    }
  }

  send(status: number, contentType: string, body: string | Uint8Array): void {
    this.sendWith(status, [['Content-Type', contentType]], body);
  }

  sendWith(
    status: number,
    headers: readonly (readonly [string, string])[],
    body: string | Uint8Array,
  ): void {
    if (!this.#mayAnswer()) return;
    const fault = headerFault(headers);
    if (fault === '') {
      for (const [name, value] of headers) this.#response.appendHeader(name, value);
      this.#response.setHeader('Content-Length', Buffer.byteLength(body));
      this.#finish(status, body);
    } else {
      this.#server.onError(new Error(fault));
      this.empty(500);
    }
  }

  empty(status: number): void {
    if (!this.#mayAnswer()) return;
    if (status !== 204 && status !== 304) this.#response.setHeader('Content-Length', 0);
    this.#finish(status, '');
  }

  #mayAnswer(): boolean {
    if (this.aborted) return false;
    if (this.#answered) this.#server.onError(new Error(`${this.method} was answered twice`));
    return !this.#answered;
  }

  #finish(status: number, body: string | Uint8Array): void {
    this.#answered = true;
    const unread = this.#stream !== null && !this.done;
    if (unread) refusedSockets.add(this.#incoming.socket);
    if (this.#server.draining || unread) this.#response.setHeader('Connection', 'close');
    this.#response.writeHead(status);
    this.#response.end(this.method === 'HEAD' ? '' : body);
  }
}
