/** The yardstick: what uWebSockets.js costs when it reads a body and answers a fixed one. */
import { App, us_listen_socket_close, us_socket_local_port } from 'uWebSockets.js';

export interface EchoServer {
  readonly port: number;
  close(): void;
}

/** Rejects when no port can be had. `answerBytes` is the size of every answer. */
export function startEchoServer(answerBytes: number): Promise<EchoServer> {
  const answer = 'x'.repeat(answerBytes);
  return new Promise((resolve, reject) => {
    const app = App();
    app.post('/*', (res) => {
      res.onAborted(() => {});
      res.onData((_chunk, isLast) => {
        if (isLast) res.writeHeader('Content-Type', 'application/json').end(answer);
      });
    });
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
