/** Where the service keeps its own things below the workspace folder. */
export const KEY_FILE = 'secret.key';
/** Segments of the event log, one writer a worker. */
export const LOG_FOLDER = 'log';
/** Raw events are kept this long, and until a power cut cannot make anybody ask for them again. */
export const LOG_KEEP_MS = 30 * 24 * 3_600_000;
