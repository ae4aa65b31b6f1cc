import * as uws from 'uWebSockets.js';
import {
  App,
  type TemplatedApp,
  type HttpRequest as UwsRequest,
  type HttpResponse as UwsResponse,
  type us_listen_socket,
  us_listen_socket_close,
  us_socket_local_port,
} from 'uWebSockets.js';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../clock.ts';
import { BodyDeadlines } from './body-deadlines.ts';
import {
  CONNECTIONS_MAX_DEFAULT,
  type HttpBackend,
  type HttpServer,
  type ListenOptions,
  type Route,
  type TurnedAway,
} from './http-port.ts';
import { assertPortFree, portInUse } from './port-free.ts';
import { refusalOf } from './request-checks.ts';
import { type RoutedPath, Router } from './router.ts';
import { UwsExchange } from './uws-exchange.ts';

/** LIBUS_LISTEN_EXCLUSIVE_PORT; the typings of the package lack the name. */
const EXCLUSIVE = 1;
const SHARED = 0;
/** When nothing is in hand, how long busy clients get to read their Connection: close. */
const GOODBYE_MS = 250;
const DRAIN_POLL_MS = 5;

// Leaves out the header that names the server and its version.
(uws as unknown as { _cfg(option: string): void })._cfg('silent');

/** The uWebSockets.js adapter. Import it through choose-backend.ts: the binary may not load. */
export const uwsBackend: HttpBackend = { name: 'uWebSockets.js', sharesPorts: true, listen };

async function listen(routes: readonly Route[], options: ListenOptions): Promise<HttpServer> {
  const { host, port, shared } = options;
  const server = new UwsServer(new Router(routes), options);
  if (server.listen(host, port, shared)) return server;
  server.app.close();
  // uWebSockets.js gives no reason; binding once more with node finds it.
  await assertPortFree(host, port);
  throw portInUse(host, port);
}

function ignore(): void {}

/** The typings of the package lack this form, which takes a host and options. */
type ListenWithOptions = (
  host: string,
  port: number,
  options: number,
  opened: (socket: us_listen_socket | false) => void,
) => void;

class UwsServer implements HttpServer {
  readonly backend = 'uWebSockets.js';
  readonly app: TemplatedApp = App();
  readonly onError: (error: unknown) => void;
  readonly onTurnedAway: (why: TurnedAway) => void;
  readonly bodies = new BodyDeadlines();
  readonly #router: Router;
  readonly #connectionsMax: number;
  #socket: us_listen_socket | false = false;
  #connections = 0;
  port = 0;
  inFlight = 0;
  draining = false;

  constructor(router: Router, options: ListenOptions) {
    this.#router = router;
    this.#connectionsMax = options.connectionsMax ?? CONNECTIONS_MAX_DEFAULT;
    this.onError = options.onError ?? ignore;
    this.onTurnedAway = options.onTurnedAway ?? ignore;
    this.app.filter(this.#connectionChanged);
    this.app.any('/*', (response, request) => this.#receive(response, request));
  }

  readonly #connectionChanged = (response: Pick<UwsResponse, 'close'>, change: number): void => {
    this.#connections += change;
    if (change < 0 || this.#connections <= this.#connectionsMax) return;
    this.onTurnedAway('connections');
    response.close();
  };

  listen(host: string, port: number, shared: boolean): boolean {
    const options = shared ? SHARED : EXCLUSIVE;
    const listenWithOptions = this.app.listen.bind(this.app) as unknown as ListenWithOptions;
    listenWithOptions(host, port, options, (socket) => {
      this.#socket = socket;
      if (socket !== false) this.port = us_socket_local_port(socket);
    });
    return this.#socket !== false;
  }

  async drain(deadlineMs: number): Promise<void> {
    const endsAtMs = systemClock.monotonicMs() + deadlineMs;
    this.draining = true;
    if (this.#socket !== false) us_listen_socket_close(this.#socket);
    this.#socket = false;
    while (this.inFlight > 0 && systemClock.monotonicMs() < endsAtMs) await sleep(DRAIN_POLL_MS);
    const goodbyeEndsAtMs = Math.min(endsAtMs, systemClock.monotonicMs() + GOODBYE_MS);
    while (this.#isTalking() && systemClock.monotonicMs() < goodbyeEndsAtMs)
      await sleep(DRAIN_POLL_MS);
    // Without this a worker thread that ends takes its whole process down (SIGABRT).
    this.app.close();
    // Closed sockets are freed at the end of a loop turn, and must be before the thread ends.
    await nextTurn();
    await nextTurn();
  }

  #isTalking(): boolean {
    return this.inFlight > 0 || this.#connections > 0;
  }

  #receive(response: UwsResponse, request: UwsRequest): void {
    const path = request.getUrl();
    const match = this.#router.find(path);
    const exchange = new UwsExchange(this, response, request);
    if (request.getHeader('transfer-encoding') !== '') exchange.refuse(411);
    else if (match === null) exchange.empty(404);
    else {
      exchange.path = path;
      exchange.query = request.getQuery() ?? '';
      exchange.params = match.params;
      this.#dispatch(exchange, request, match.path);
    }
  }

  #dispatch(exchange: UwsExchange, request: UwsRequest, path: RoutedPath): void {
    const route = path.route(exchange.method);
    if (route === undefined) {
      exchange.sendWith(405, [['Allow', path.allow]], '');
      return;
    }
    const contentLength = request.getHeader('content-length');
    const refused = refusalOf(route, contentLength);
    if (refused !== 0) exchange.refuse(refused);
    else if (route.streams !== undefined) exchange.runStreaming(route);
    else if (contentLength === '' || contentLength === '0') exchange.runNow(route);
    else exchange.runWithBody(route, Number(contentLength));
  }
}
