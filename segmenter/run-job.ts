/** Runs jobs of the segmenter in a process of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import type { ServiceConfig } from '../settings/workspace.ts';
import type { HeldOfPerson } from './access/held-record.ts';
import type { BuildRequest, BuildResult } from './build/build-request.ts';
import type { ClvRequest, ClvResult } from './clv/clv-request.ts';
import type { ErasureRecord, ForgetRequest, PersonRequest } from './forget/forget-request.ts';
import type { HandoverReport, HandoverRequest } from './handover/handover-request.ts';
import type { WebhookReport, WebhookRequest } from './handover/webhook-request.ts';
import type { IdentityRequest, IdentityView } from './identity/identity-view.ts';
import type { ImportRequest } from './import/import-files.ts';
import type { ImportReport } from './import/import-report.ts';
import type { Job, JobMessage, StoreAddress } from './job.ts';
import type { JobProgress } from './job-progress.ts';
import type { UndoReport, UndoRequest } from './uploads/undo-upload.ts';

export interface JobOptions {
  readonly progress?: (progress: JobProgress) => void;
  /** The job's process, for whoever wants to end it. */
  readonly started?: (pid: number) => void;
  /** Ends the job within a second; a build in good order, which its failure says. */
  readonly stop?: AbortSignal;
}

/** A job that did not finish. What was published or imported before is untouched. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  /**
   * The error's name inside the job: ImportError, BuildRefused, BuildStopped, ForgetRefused, UndoRefused,
   * HandoverRefused, FileLocked,
   * FeedUnreadable, StoreUnavailable are the world's faults; `crash` is a process that ended without a word.
   */
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** For DuckDB the memory that the service's settings say, or half of what this process may use, and all cores. */
export function jobResources({ jobMemoryMb }: Pick<ServiceConfig, 'jobMemoryMb'>): {
  memoryMb: number;
  threads: number;
} {
  const threads = availableParallelism();
  if (jobMemoryMb !== null) return { memoryMb: jobMemoryMb, threads };
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
  const memoryMb = Math.min(8192, Math.max(256, Math.floor(bytes / 2 / 1_048_576)));
  return { memoryMb, threads };
}

/** See importFiles. Rejects with JobFailed. */
export async function runImport(
  request: ImportRequest,
  key: KeyObject,
  options: JobOptions = {},
): Promise<ImportReport> {
  const job: Job = { kind: 'import', request, keyBytes: key.export() };
  return (await runJob(job, options)) as ImportReport;
}

/** See undoUpload. Rejects with JobFailed. */
export async function runUndo(
  request: UndoRequest,
  key: KeyObject,
  options: JobOptions = {},
): Promise<UndoReport> {
  return (await runJob({ kind: 'undo', request, keyBytes: key.export() }, options)) as UndoReport;
}

/** The workspace's key, and where its store is. */
export interface JobAccess {
  readonly key: KeyObject;
  readonly store: StoreAddress;
}

/** See buildGeneration. Rejects with JobFailed. */
export async function runBuild(
  request: BuildRequest,
  access: JobAccess,
  options: JobOptions = {},
): Promise<BuildResult> {
  const { key, store } = access;
  const job: Job = { kind: 'build', request, keyBytes: key.export(), store };
  return (await runJob(job, options)) as BuildResult;
}

/** See forgetPerson. Rejects with JobFailed. */
export async function runForget(
  request: ForgetRequest,
  { key, store }: JobAccess,
  options: JobOptions = {},
): Promise<ErasureRecord> {
  const job: Job = { kind: 'forget', request, keyBytes: key.export(), store };
  return (await runJob(job, options)) as ErasureRecord;
}

/** See collectPerson. Rejects with JobFailed. */
export async function runAccess(
  request: PersonRequest,
  { key, store }: JobAccess,
): Promise<HeldOfPerson> {
  const job: Job = { kind: 'access', request, keyBytes: key.export(), store };
  return (await runJob(job, {})) as HeldOfPerson;
}

/** See showIdentity. Rejects with JobFailed. */
export async function runIdentity(
  request: IdentityRequest,
  { key, store }: JobAccess,
): Promise<IdentityView> {
  const job: Job = { kind: 'identity', request, keyBytes: key.export(), store };
  return (await runJob(job, {})) as IdentityView;
}

/** See runClv. Rejects with JobFailed. */
export async function runClvJob(request: ClvRequest, options: JobOptions = {}): Promise<ClvResult> {
  return (await runJob({ kind: 'clv', request }, options)) as ClvResult;
}

/** See handOver. Rejects with JobFailed. */
export async function runHandover(
  request: HandoverRequest,
  { key, store }: JobAccess,
): Promise<HandoverReport> {
  const job: Job = { kind: 'export', request, keyBytes: key.export(), store };
  return (await runJob(job, {})) as HandoverReport;
}

/** See sendWebhook. Rejects with JobFailed. */
export async function runWebhook(
  request: WebhookRequest,
  { key, store }: JobAccess,
): Promise<WebhookReport> {
  const job: Job = { kind: 'webhook', request, keyBytes: key.export(), store };
  return (await runJob(job, {})) as WebhookReport;
}

function runJob(job: Job, options: JobOptions): Promise<unknown> {
  // The compiled main: Node 20 cannot start a process from TypeScript.
  const child = fork(new URL('./job-main.js', import.meta.url), [job.kind], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    execArgv: [],
  });
  const complaint = tail(child);
  const end = () => child.kill('SIGTERM');
  options.stop?.addEventListener('abort', end);
  if (options.stop?.aborted === true) end();
  return new Promise((resolve, reject) => {
    let phase = 'starting';
    child.on('message', (message: JobMessage) => {
      if (message.kind === 'result') resolve(message.result);
      else if (message.kind === 'error') reject(new JobFailed(message.name, message.message));
      else {
        phase = message.phase;
        options.progress?.(message);
      }
    });
    child.on('error', (error) => reject(new JobFailed('crash', error.message)));
    // After every message: a promise that is settled already stays as it is.
    child.on('close', (code, signal) => {
      options.stop?.removeEventListener('abort', end);
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      const why = complaint() === '' ? '' : `: ${complaint()}`;
      // It did not even take the time to say so.
      const reason = options.stop?.aborted === true ? 'BuildStopped' : 'crash';
      reject(new JobFailed(reason, `the ${job.kind} process ended ${how} while ${phase}${why}`));
    });
    if (child.pid !== undefined) options.started?.(child.pid);
    child.send(job);
  });
}

const COMPLAINT_CHARS = 2000;

/** The end of what the process wrote to stderr. */
function tail(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (chunk: string) => {
    text = (text + chunk).slice(-COMPLAINT_CHARS);
  });
  return () => text.trim();
}
