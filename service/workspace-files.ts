/** Where the service keeps its own things below the workspace folder. */
export const KEY_FILE = 'secret.key';
/** Segments of the event log, one writer a worker. */
export const LOG_FOLDER = 'log';
