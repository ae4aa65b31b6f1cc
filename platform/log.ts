import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * For rare operational lines, never per request: a line costs as much as a bid. `fields` may hold
 * what NAMES holds; anything else is written as `[withheld]`, so that no e-mail, key or URL with a
 * password reaches a log by being handed over in passing.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const NAMES = [
  'error',
  'signal',
  'exitCode',
  'reason',
  'upload',
  'service',
  'pid',
  'process',
  'worker',
  'backend',
  'host',
  'port',
  'shop',
  'campaign',
  'exchange',
  'generation',
  'segment',
  'command',
  'file',
  'line',
  'version',
  'node',
  'count',
  'rows',
  'bytes',
  'offset',
  'durationMs',
  'deadlineMs',
  'ageMs',
  'restarts',
  'state',
  'before',
  'entered',
  'left',
  'fetched',
  'absent',
  'fresh',
  'unreachable',
  'connectionsMax',
] as const;
const ALLOWED: ReadonlySet<string> = new Set(NAMES);

type LogFields = Readonly<Partial<Record<(typeof NAMES)[number], unknown>>>;

const WITHHELD = '[withheld]';
/** user:password@ in a URL, which errors of clients like to quote. */
const URL_PASSWORD = /\/\/[^\s/@]*@/g;

/** JSON lines to stderr, or to `stream` in tests. `service` names the process in every line. */
export function createLog(
  options: { level: LogLevel; service: string },
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Log {
  const logger = pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  return {
    debug: writer(logger, 'debug'),
    info: writer(logger, 'info'),
    warn: writer(logger, 'warn'),
    error: writer(logger, 'error'),
  };
}

function writer(logger: Logger, level: LogLevel): Log['info'] {
  return (message, fields) => {
    if (!logger.isLevelEnabled(level)) return;
    logger[level](fields === undefined ? {} : allowed(fields), withoutPassword(message));
  };
}

function allowed(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    kept[name] = ALLOWED.has(name) ? plain(value) : WITHHELD;
  return kept;
}

/** Objects other than errors are withheld: their inner fields were never allowed. */
function plain(value: unknown): unknown {
  if (value instanceof Error) {
    const { name, message, stack } = value;
    return { name, message: withoutPassword(message), stack: withoutPassword(stack ?? '') };
  }
  if (typeof value === 'string') return withoutPassword(value);
  return typeof value === 'object' && value !== null ? WITHHELD : value;
}

function withoutPassword(text: string): string {
  return text.replace(URL_PASSWORD, '//***@');
}
