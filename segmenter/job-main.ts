/**
 * The process that one job runs in: DuckDB's memory, and its crashes, stay out of the services.
 * Started by run-job.ts only; it takes one message, answers, and ends.
 */
import { createSecretKey } from 'node:crypto';
import { systemClock } from '../platform/clock.ts';
import { openStore } from '../store/open-store.ts';
import { buildGeneration } from './build/build-generation.ts';
import { importFiles } from './import/import-files.ts';
import type { Job, JobMessage } from './job.ts';
import type { JobProgress } from './job-progress.ts';

process.once('message', (job: Job) => {
  runJob(job).then(
    (result) => say({ kind: 'result', result }, () => process.exit(0)),
    (error: Error) => {
      // Our own bugs arrive with their stack, the world's faults as one sentence.
      const expected = EXPECTED_ERRORS.includes(error.name);
      const message = expected ? error.message : (error.stack ?? String(error));
      say({ kind: 'error', name: error.name, message }, () => process.exit(1));
    },
  );
});
// Whoever wanted the result is gone.
process.once('disconnect', () => process.exit(1));

const EXPECTED_ERRORS = [
  'ImportError',
  'BuildRefused',
  'FileLocked',
  'FeedUnreadable',
  'StoreUnavailable',
];

async function runJob(job: Job): Promise<unknown> {
  const key = createSecretKey(job.keyBytes);
  if (job.kind === 'import') return importFiles(job.request, key, progressTo());
  await using store = await openStore(job.store);
  const { generations } = store;
  const ports = { generations, key, clock: systemClock, progress: progressTo() };
  return await buildGeneration(job.request, ports);
}

const PROGRESS_EVERY_MS = 50;

/** At most twenty messages a second, but every change of phase. */
function progressTo(): (progress: JobProgress) => void {
  let phase = '';
  let saidMs = 0;
  return (progress) => {
    const nowMs = systemClock.monotonicMs();
    if (progress.phase === phase && nowMs - saidMs < PROGRESS_EVERY_MS) return;
    phase = progress.phase;
    saidMs = nowMs;
    say({ kind: 'progress', ...progress }, () => {});
  };
}

function say(message: JobMessage, sent: () => void): void {
  if (process.send === undefined) throw new Error('job-main.ts is started by run-job.ts only');
  if (process.connected) process.send(message, sent);
}
