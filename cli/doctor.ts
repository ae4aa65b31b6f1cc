/** `rekindle doctor`: each optional part of this machine, and what is lost without it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '../platform/failure.ts';
import { chooseBackend } from '../platform/http/choose-backend.ts';
import { assertPortFree } from '../platform/http/port-free.ts';
import { lmdbOptions, openStore } from '../store/open-store.ts';
import { busyPolling, thisMachine } from './busy-polling.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';

interface Finding {
  readonly part: string;
  readonly ok: boolean;
  /** Whether the service can run without it. */
  readonly needed: boolean;
  readonly detail: string;
}

export function addDoctor(program: Command): void {
  withCommon(
    program
      .command('doctor')
      .description('what this machine has, and what is lost without the rest'),
    'rekindle doctor',
  ).action(doctor);
}

async function doctor(options: CommonOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const findings = [
    nodeVersion(),
    await httpBackend(),
    await store(config.storeUrl, config.dir),
    await duckdb(),
    executable(
      'redis-server',
      'the suites over a real Redis are skipped; serving does not need it',
    ),
    await port('REKINDLE_PORT', '0.0.0.0', config.port),
    await port('REKINDLE_ADMIN_PORT', '127.0.0.1', config.adminPort),
    openFiles(),
    { part: 'busy polling', needed: false, ...busyPolling(config, thisMachine()) },
  ];
  terminal.data({ v: 1, cores: availableParallelism(), findings });
  for (const { ok, part, detail } of findings) {
    terminal.say(`${ok ? terminal.good('✓') : terminal.bad('✗')} ${part.padEnd(20)} ${detail}`);
  }
  const missing = findings.filter(({ ok, needed }) => needed && !ok).map(({ part }) => part);
  if (missing.length > 0) {
    throw new Failure('dependency-unreachable', `cannot serve without: ${missing.join(', ')}`);
  }
}

function nodeVersion(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return {
    part: 'node',
    ok: major >= 20,
    needed: true,
    detail: `${process.versions.node}, 20 or newer is needed`,
  };
}

async function httpBackend(): Promise<Finding> {
  const backend = await chooseBackend();
  const uws = backend.name === 'uWebSockets.js';
  const detail = uws
    ? backend.name
    : `${backend.name}: ${backend.reason}; about half the requests per second`;
  return { part: 'HTTP back end', ok: uws, needed: false, detail };
}

async function store(url: string, dir: string): Promise<Finding> {
  const part = 'store';
  const isToBeMade = url === '' && !existsSync(lmdbOptions({ url, dir }).dir);
  const scratch = isToBeMade ? mkdtempSync(join(tmpdir(), 'rekindle-doctor-')) : null;
  try {
    await using opened = await openStore({ url, dir: scratch ?? dir });
    await opened.ping();
    const toBeMade = `LMDB, to be made in ${dir} by "rekindle start"`;
    return { part, ok: true, needed: true, detail: isToBeMade ? toBeMade : opened.description };
  } catch (error) {
    return { part, ok: false, needed: true, detail: (error as Error).message };
  } finally {
    if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
  }
}

async function duckdb(): Promise<Finding> {
  try {
    const { duckVersion } = await import('../segmenter/duck-engine.ts');
    return { part: 'DuckDB', ok: true, needed: false, detail: duckVersion() };
  } catch (error) {
    const why = (error as Error).message.split('\n')[0];
    return {
      part: 'DuckDB',
      ok: false,
      needed: false,
      detail: `${why}; imports and builds cannot run here`,
    };
  }
}

function executable(name: string, without: string): Finding {
  try {
    const version = execFileSync(name, ['--version'], { encoding: 'utf8' }).trim();
    return { part: name, ok: true, needed: false, detail: version };
  } catch {
    return { part: name, ok: false, needed: false, detail: `not on PATH; ${without}` };
  }
}

async function port(name: string, host: string, number: number): Promise<Finding> {
  try {
    await assertPortFree(host, number);
    return { part: name, ok: true, needed: false, detail: `${host}:${number} is free` };
  } catch (error) {
    const serves = await isServing(number);
    const detail = serves
      ? `${host}:${number} is in use: a service is healthy there`
      : (error as Error).message;
    return { part: name, ok: serves, needed: false, detail };
  }
}

/** Whether what listens there answers as a service of ours does. */
async function isServing(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(1000);
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal });
    return answer.ok && (await answer.text()).trim() === 'ok';
  } catch {
    return false;
  }
}

const OPEN_FILES_MIN = 4096;

function openFiles(): Finding {
  const limit = process.report?.getReport() as {
    userLimits?: { open_files?: { soft: number | string } };
  };
  const soft = Number(limit.userLimits?.open_files?.soft ?? Number.POSITIVE_INFINITY);
  const enough = Number.isNaN(soft) || soft >= OPEN_FILES_MIN;
  const detail = `${limit.userLimits?.open_files?.soft ?? 'unlimited'}, at least ${OPEN_FILES_MIN} for many connections (ulimit -n)`;
  return { part: 'open files', ok: enough, needed: false, detail };
}
