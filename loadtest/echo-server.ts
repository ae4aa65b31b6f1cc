/** The yardsticks: what uWebSockets.js costs when it reads a body and answers a fixed one. */
import {
  App,
  type HttpResponse,
  type TemplatedApp,
  us_listen_socket_close,
  us_socket_local_port,
} from 'uWebSockets.js';
import { PingLine } from './ping-line.ts';

export interface EchoServer {
  readonly port: number;
  close(): void;
}

/**
 * Rejects when no port can be had. `answerBytes` is the size of every answer, `redisSocket` is for
 * the journeys of the busy echo.
 */
export function startEchoServer(
  answerBytes: number,
  redisSocket: string | null,
): Promise<EchoServer> {
  const answer = 'x'.repeat(answerBytes);
  return new Promise((resolve, reject) => {
    const app = App();
    app.post('/*', (res) => {
      res.onAborted(() => {});
      res.onData((_chunk, isLast) => {
        if (isLast) end(res, answer);
      });
    });
    addBusyEcho(app, answer, redisSocket);
    app.listen('127.0.0.1', 0, (socket) => {
      if (socket === false) {
        reject(new Error('the echo server found no port to listen on'));
        return;
      }
      // Ending a process while uWebSockets.js still listens aborts it.
      resolve({ port: us_socket_local_port(socket), close: () => us_listen_socket_close(socket) });
    });
  });
}

/**
 * `POST /busy/<journeys>/<us of computing>`: the echo with a bid's chores, as many journeys to a
 * Redis, one after the other, and as much computing around them. Its latency is what waiting and
 * queueing take by arithmetic alone: it computes in a loop that no cache ever misses.
 */
function addBusyEcho(app: TemplatedApp, answer: string, redisSocket: string | null): void {
  const redis = redisSocket === null ? null : new PingLine(redisSocket);
  app.post('/busy/:journeys/:computeUs', (res, request) => {
    const journeys = Number(request.getParameter(0));
    const stageUs = Number(request.getParameter(1)) / (journeys + 1);
    let left = journeys;
    let isAborted = false;
    const stage = (): void => {
      compute(stageUs);
      if (left-- > 0) redis!.ask(stage);
      else if (!isAborted) res.cork(() => end(res, answer));
    };
    res.onAborted(() => {
      isAborted = true;
    });
    res.onData((_chunk, isLast) => {
      if (isLast) stage();
    });
  });
}

function end(res: HttpResponse, answer: string): void {
  res.writeHeader('Content-Type', 'application/json').end(answer);
}

function compute(us: number): void {
  const untilMs = performance.now() + us / 1000;
  while (performance.now() < untilMs);
}
