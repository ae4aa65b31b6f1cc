/**
 * The process that one job runs in: DuckDB's memory, and its crashes, stay out of the services.
 * Started by run-job.ts only, with the kind of the job as argument, so that what it needs is loaded
 * while the job is on its way; it takes one message, answers, and ends.
 */
import { createSecretKey } from 'node:crypto';
import { systemClock } from '../platform/clock.ts';
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
// Ctrl-Z would stop it in the middle of a write, and bidders wait for the lock that it then keeps.
process.on('SIGTSTP', () => {});
const stop = new AbortController();
const ENDS_IN_MS = 900;
// A build ends in good order and says how far it is. What any job leaves is whole wherever it ends.
for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) {
  process.on(event, () => {
    if (process.argv[2] !== 'build') process.exit(1);
    if (stop.signal.aborted) return;
    stop.abort();
    setTimeout(() => process.exit(1), ENDS_IN_MS);
  });
}

const EXPECTED_ERRORS = [
  'ImportError',
  'BuildRefused',
  'BuildStopped',
  'ForgetRefused',
  'UndoRefused',
  'HandoverRefused',
  'FileLocked',
  'FeedUnreadable',
  'StoreUnavailable',
];

const loadImport = () =>
  Promise.all([import('./import/import-files.ts'), import('./import/order-threads.ts')]);
const loadUndo = () => import('./uploads/undo-upload.ts');
const loadBuild = () =>
  Promise.all([
    import('./build/build-generation.ts'),
    import('../store/open-store.ts'),
    import('./build/lifetime-thread.ts'),
  ]);
const loadForget = () =>
  Promise.all([import('./forget/forget-person.ts'), import('../store/open-store.ts')]);
const loadAccess = () =>
  Promise.all([import('./access/collect-person.ts'), import('../store/open-store.ts')]);
const loadClv = () => import('./clv/run-clv.ts');
const loadExport = () =>
  Promise.all([import('./handover/hand-over.ts'), import('../store/open-store.ts')]);
const loadWebhook = () =>
  Promise.all([import('./handover/send-webhook.ts'), import('../store/open-store.ts')]);
const loadIdentity = () =>
  Promise.all([import('./identity/show-identity.ts'), import('../store/open-store.ts')]);
const LOADS: Readonly<Record<Job['kind'], () => Promise<unknown>>> = {
  import: loadImport,
  undo: loadUndo,
  build: loadBuild,
  forget: loadForget,
  access: loadAccess,
  clv: loadClv,
  export: loadExport,
  webhook: loadWebhook,
  identity: loadIdentity,
};
// What is wrong with a module is said when the job asks for it.
LOADS[process.argv[2] as Job['kind']]().catch(() => {});

async function runJob(job: Job): Promise<unknown> {
  if (job.kind === 'clv') {
    const { runClv } = await loadClv();
    return runClv(job.request, progressTo());
  }
  const key = createSecretKey(job.keyBytes);
  if (job.kind === 'import') {
    const [{ importFiles }, { openOrderThreads }] = await loadImport();
    const { threads } = job.request;
    return importFiles(job.request, key, progressTo(), (spec) => openOrderThreads(spec, threads));
  }
  if (job.kind === 'undo') {
    const { undoUpload } = await loadUndo();
    return undoUpload(job.request, key, progressTo());
  }
  if (job.kind === 'forget') {
    const [{ forgetPerson }, { openStore }] = await loadForget();
    await using store = await openStore(job.store);
    const ports = { key, store, clock: systemClock, progress: progressTo() };
    return await forgetPerson(job.request, ports);
  }
  if (job.kind === 'access') {
    const [{ collectPerson }, { openStore }] = await loadAccess();
    await using store = await openStore(job.store);
    return await collectPerson(job.request, { key, store });
  }
  if (job.kind === 'export') {
    const [{ handOver }, { openStore }] = await loadExport();
    await using store = await openStore(job.store);
    return await handOver(job.request, { key, generations: store.generations });
  }
  if (job.kind === 'webhook') {
    const [{ sendWebhook }, { openStore }] = await loadWebhook();
    await using store = await openStore(job.store);
    const { generations } = store;
    return await sendWebhook(job.request, { key, generations, clock: systemClock });
  }
  if (job.kind === 'identity') {
    const [{ showIdentity }, { openStore }] = await loadIdentity();
    await using store = await openStore(job.store);
    return await showIdentity(job.request, { key, syncs: store.syncs });
  }
  const [{ buildGeneration }, { openStore }, { fitInThread }] = await loadBuild();
  // No bid waits for what a build reads.
  await using store = await openStore({ ...job.store, hotTimeoutMs: STORE_TIMEOUT_MS });
  const { generations, syncs } = store;
  const ports = {
    generations,
    syncs,
    people: store,
    key,
    clock: systemClock,
    progress: progressTo(),
    fitLifetime: fitInThread,
    stop: stop.signal,
  };
  return await buildGeneration(job.request, ports);
}

const STORE_TIMEOUT_MS = 2_000;

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
