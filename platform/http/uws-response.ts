import { STATUS_CODES } from 'node:http';

/** What we use of a response of uWebSockets.js (only uws-server.ts may import the package). */
export interface UwsResponse {
  writeStatus(status: string): UwsResponse;
  writeHeader(name: string, value: string): UwsResponse;
  end(body: string | Uint8Array, closes: boolean): UwsResponse;
  endWithoutBody(): UwsResponse;
  cork(write: () => void): UwsResponse;
  onAborted(aborted: () => void): UwsResponse;
  onData(received: (chunk: ArrayBuffer, isLast: boolean) => void): UwsResponse;
  pause(): void;
  resume(): void;
}

export const STATUS_LINES: string[] = [];
for (const [code, text] of Object.entries(STATUS_CODES)) STATUS_LINES[+code] = `${code} ${text}`;

/**
 * Answers and closes in a later turn: `end` with close inside the handler would still run the next
 * request in the buffer, which may be the body of this one. Where such bytes are there already,
 * uWebSockets.js closes the connection itself, without an answer.
 */
export function refuseLater(response: UwsResponse, status: number): void {
  let aborted = false;
  response.onAborted(() => {
    aborted = true;
  });
  setImmediate(() => {
    if (aborted) return;
    response.cork(() => {
      response.writeStatus(STATUS_LINES[status]!).end('', true);
    });
  });
}
