/** Ports, store and workers: from the environment, else from rekindle.yaml, else the defaults. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import {
  ConfigInvalid,
  type ConfigProblem,
  parseConfig,
  readConfigFile,
} from '../platform/config-file.ts';
import { CONNECTIONS_MAX_DEFAULT } from '../platform/http/http-port.ts';
import { parseDuration } from './fields.ts';
import {
  BUSY_POLL_MS_MAX,
  CONNECTIONS_MAX_MAX,
  DEADLINE_MS_MAX,
  JOB_MEMORY_MB,
  PUBLISH_RATE_MAX,
  rekindleSchema,
  UPLOAD_MB_MAX,
  WORKSPACE_VERSION,
} from './section-schemas.ts';
import type { ServiceConfig } from './workspace.ts';

export const REKINDLE_FILE = 'rekindle.yaml';
const ENVIRONMENT = 'environment';
const DEADLINE = { unsetMs: 100, maxMs: DEADLINE_MS_MAX, example: '80ms' } as const;
const BUSY_POLL = { unsetMs: 0, maxMs: BUSY_POLL_MS_MAX, example: '1ms' } as const;
const WORKERS_MAX = 256;
/** A gigabyte, as Metrica's. */
const UPLOAD_MB_DEFAULT = 1024;
const STORE_SCHEMES = ['redis:', 'rediss:', 'redis+unix:', 'redis+cluster:'];

type Env = Readonly<Record<string, string | undefined>>;
type Limits = typeof DEADLINE | typeof BUSY_POLL;

/** Throws ConfigInvalid with every problem of the environment and of rekindle.yaml together. */
export function readServiceConfig(env: Env, cwd: string): ServiceConfig {
  const problems: ConfigProblem[] = [];
  const dir = resolve(cwd, env['REKINDLE_DIR'] || 'workspace');
  const { value: written, problems: broken } = readRekindleFile(dir);
  problems.push(...broken);
  const whole = wholeNumbers(env, problems);
  const port = whole('REKINDLE_PORT', written?.port ?? 8080, 65_535);
  const adminPort = whole('REKINDLE_ADMIN_PORT', written?.admin_port ?? 8081, 65_535);
  if (port === adminPort) {
    problems.push(
      envProblem('REKINDLE_ADMIN_PORT', 'expected another port than REKINDLE_PORT', `${port}`),
    );
  }
  const publicUrl = readPublicUrl(env, written?.public_url || `http://127.0.0.1:${port}`, problems);
  const storeUrl = readStoreUrl(env, written?.store_url, problems);
  const processes = whole('REKINDLE_PROCESSES', written?.processes ?? 1, WORKERS_MAX);
  const workers = whole('REKINDLE_WORKERS', written?.workers ?? defaultWorkers(), WORKERS_MAX);
  const duration = durations(env, problems);
  const deadlineMs = duration('REKINDLE_DEADLINE', written?.deadline, DEADLINE);
  const busyPollMs = duration('REKINDLE_BUSY_POLL', written?.busy_poll, BUSY_POLL);
  const limits = readLimits(whole, written);
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return {
    dir,
    port,
    adminPort,
    publicUrl,
    storeUrl,
    processes,
    workers,
    deadlineMs,
    busyPollMs,
    ...limits,
  };
}

function readLimits(
  whole: ReturnType<typeof wholeNumbers>,
  written: ReturnType<typeof readRekindleFile>['value'],
): Pick<ServiceConfig, 'connectionsMax' | 'publishRate' | 'uploadMbMax' | 'jobMemoryMb'> {
  const connectionsMax = whole(
    'REKINDLE_CONNECTIONS_MAX',
    written?.connections_max ?? CONNECTIONS_MAX_DEFAULT,
    CONNECTIONS_MAX_MAX,
  );
  const publishRate = whole(
    'REKINDLE_PUBLISH_RATE',
    written?.publish_rate ?? null,
    PUBLISH_RATE_MAX,
  );
  const uploadMbMax = whole(
    'REKINDLE_UPLOAD_MB_MAX',
    written?.upload_mb_max ?? UPLOAD_MB_DEFAULT,
    UPLOAD_MB_MAX,
  );
  const jobMemoryMb = whole(
    'REKINDLE_JOB_MEMORY_MB',
    written?.job_memory_mb ?? null,
    JOB_MEMORY_MB.max,
    JOB_MEMORY_MB.min,
  );
  return { connectionsMax, publishRate, uploadMbMax, jobMemoryMb };
}

/** Reads whole numbers from `min` to `max`; the fallback for a name that the environment does not have. */
function wholeNumbers(env: Env, problems: ConfigProblem[]) {
  return <Fallback extends number | null>(
    name: string,
    fallback: Fallback,
    max: number,
    min = 1,
  ): number | Fallback => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    problems.push(envProblem(name, `expected a whole number from ${min} to ${max}`, text));
    return fallback;
  };
}

/** Reads durations, ms. */
function durations(env: Env, problems: ConfigProblem[]) {
  return (name: string, writtenMs: number | undefined, limits: Limits): number => {
    const text = env[name];
    if (!text) return writtenMs ?? limits.unsetMs;
    const durationMs = parseDuration(text);
    if (durationMs !== null && durationMs <= limits.maxMs) return durationMs;
    const message = `expected a duration such as ${limits.example}, at most ${limits.maxMs}ms`;
    problems.push(envProblem(name, message, text));
    return limits.unsetMs;
  };
}

/** rekindle.yaml of a workspace; `value` is null without one. A newer version is a problem. */
export function readRekindleFile(dir: string) {
  const path = join(dir, REKINDLE_FILE);
  if (!existsSync(path))
    return parseConfig(`version: ${WORKSPACE_VERSION}`, REKINDLE_FILE, rekindleSchema);
  const file = readConfigFile(path, REKINDLE_FILE, rekindleSchema.loose());
  const version = file.value?.version ?? WORKSPACE_VERSION;
  if (version > WORKSPACE_VERSION) {
    const message = `this workspace has version ${version}, from a newer Rekindle; this one reads version ${WORKSPACE_VERSION}: update Rekindle, nothing was changed`;
    return {
      value: null,
      source: file.source,
      problems: [file.source.problem(['version'], message)],
    };
  }
  return readConfigFile(path, REKINDLE_FILE, rekindleSchema);
}

function defaultWorkers(): number {
  return Math.max(1, Math.min(availableParallelism(), 16));
}

function readPublicUrl(env: Env, written: string, problems: ConfigProblem[]): string {
  const publicUrl = env['REKINDLE_PUBLIC_URL'] || written;
  if (!isBaseUrl(publicUrl)) {
    const message = 'expected an http or https URL without query or fragment';
    problems.push(envProblem('REKINDLE_PUBLIC_URL', message, publicUrl));
  }
  return publicUrl.replace(/\/+$/, '');
}

function readStoreUrl(env: Env, written: string | undefined, problems: ConfigProblem[]): string {
  const storeUrl = env['REKINDLE_STORE_URL'] || written || '';
  if (storeUrl !== '' && !isStoreUrl(storeUrl)) {
    // The value is not shown: it may hold a password.
    const message =
      'expected redis://…, rediss://…, redis+unix:///path or redis+cluster://host:port,host:port';
    problems.push(envProblem('REKINDLE_STORE_URL', message));
  }
  return storeUrl;
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, search, hash, username } = new URL(text);
  const web = protocol === 'http:' || protocol === 'https:';
  return web && search === '' && hash === '' && username === '';
}

function isStoreUrl(text: string): boolean {
  return STORE_SCHEMES.some(
    (scheme) => text.startsWith(`${scheme}//`) && text.length > scheme.length + 2,
  );
}

function envProblem(name: string, message: string, value?: string): ConfigProblem {
  const got = value === undefined ? '' : `, got ${JSON.stringify(value.slice(0, 100))}`;
  return { file: ENVIRONMENT, line: 1, column: 1, path: name, message: message + got, excerpt: '' };
}
