/** Ends a build before its time, in good order: what it has done stays for the next one to go on with. */
import type { Duck } from '../duck.ts';
import type { JobProgress } from '../job-progress.ts';
import type { BuildPorts } from './build-context.ts';

/** Somebody wanted the build to end. What served goes on serving. */
class BuildStopped extends Error {
  override readonly name = 'BuildStopped';
}

/** Tells how far the build is; throws when it is to end, which is safe wherever this is called. */
export type Report = (progress: JobProgress) => void;

/**
 * Runs the part of a build that may end early: until it is done, DuckDB lets go of what it is at when
 * `stop` is aborted, and whatever fails because of that is a BuildStopped.
 */
export async function untilStopped<T>(
  { stop, progress }: Pick<BuildPorts, 'stop' | 'progress'>,
  duck: Pick<Duck, 'interrupt'>,
  work: (report: Report) => Promise<T>,
): Promise<T> {
  let phase = 'starting';
  const interrupt = () => duck.interrupt();
  stop?.addEventListener('abort', interrupt);
  try {
    const done = await work((said) => {
      phase = said.total === 0 ? said.phase : `${said.phase} (${said.done} of ${said.total})`;
      progress(said);
      stop?.throwIfAborted();
    });
    // An interrupt is for good: DuckDB would answer nothing more.
    stop?.throwIfAborted();
    return done;
  } catch (cause) {
    if (stop?.aborted !== true) throw cause;
    const how = 'what is done stays, and a build of today with the same inputs goes on with it';
    throw new BuildStopped(`the build was stopped while ${phase}: ${how}`, { cause });
  } finally {
    stop?.removeEventListener('abort', interrupt);
  }
}
