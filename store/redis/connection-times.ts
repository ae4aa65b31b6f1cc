/** What every connection to Redis keeps to, whoever makes it. */
export const CONNECT_TIMEOUT_MS = 1_000;

const GREETING_TIMEOUT_MIN_MS = 1_000;
const RECONNECT_FIRST_MS = 50;
const RECONNECT_LAST_MS = 500;

/** How long a server may take to greet one of whose commands is late after `commandTimeoutMs`. */
export function greetingTimeoutMs(commandTimeoutMs: number): number {
  return Math.max(GREETING_TIMEOUT_MIN_MS, commandTimeoutMs * 2);
}

/** The wait before the `times`-th attempt, from 1 on, to connect again. */
export function reconnectWaitMs(times: number): number {
  return Math.min(RECONNECT_LAST_MS, RECONNECT_FIRST_MS * 2 ** Math.min(times - 1, 10));
}
