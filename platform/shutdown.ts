import { EXIT_CODES } from './failure.ts';

type StopSignal = 'SIGINT' | 'SIGTERM';

/** 128 + number, as shells report a process that a signal ended. */
const FORCED_EXIT_CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

export interface Shutdown {
  /** Drains as a first signal would, for a stop that is decided inside the process. */
  begin(): void;
}

/**
 * Ends the process in good order, once, in its main thread: the first SIGINT or SIGTERM (or
 * `begin`) runs `drain` and exits 0 when it resolves. A second signal exits at once with 130 or
 * 143; a drain that rejects or takes longer than `deadlineMs` exits 1. `told` hears of a drain that
 * failed or was cut off, just before the exit.
 */
export function onShutdown(
  drain: () => Promise<void>,
  deadlineMs: number,
  told: (reason: string, error?: unknown) => void,
): Shutdown {
  let begun = false;
  const begin = () => {
    if (begun) return;
    begun = true;
    // Not unref'd: a drain that waits for nothing would otherwise end the process with code 13 or 0.
    setTimeout(() => {
      told(`drain took longer than ${deadlineMs} ms`);
      process.exit(EXIT_CODES['failed-check']);
    }, deadlineMs);
    runDrain(drain, told);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (begun) process.exit(FORCED_EXIT_CODES[signal]);
      begin();
    });
  return { begin };
}

/** Aborted by the first SIGINT or SIGTERM, for a command that ends in good order; a second one ends it at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(FORCED_EXIT_CODES[signal]);
      stop.abort();
    });
  return stop.signal;
}

function runDrain(
  drain: () => Promise<void>,
  told: (reason: string, error?: unknown) => void,
): void {
  drain().then(
    () => process.exit(EXIT_CODES.ok),
    (error: unknown) => {
      told('drain failed', error);
      process.exit(EXIT_CODES['failed-check']);
    },
  );
}
