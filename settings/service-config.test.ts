import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ConfigInvalid } from '../platform/config-file.ts';
import { readServiceConfig } from './service-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-service-'));
afterAll(() => rmSync(dir, { recursive: true }));

function read(env: Readonly<Record<string, string>>, yaml = 'version: 1\n') {
  writeFileSync(join(dir, 'rekindle.yaml'), yaml);
  return readServiceConfig({ ...env, REKINDLE_DIR: dir }, '/nowhere');
}

function check(env: Readonly<Record<string, string>>, yaml: string, ...expected: string[]): void {
  try {
    read(env, yaml);
    expect(expected).toEqual([]);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    expect(error.problems.map(({ file, path, message }) => `${file} ${path} ${message}`)).toEqual(
      expected,
    );
  }
}

it('needs nothing: without workspace or environment there are defaults', () =>
  expect(readServiceConfig({}, '/srv')).toMatchObject({
    dir: '/srv/workspace',
    port: 8080,
    adminPort: 8081,
    publicUrl: 'http://127.0.0.1:8080',
    storeUrl: '',
    processes: 1,
    deadlineMs: 100,
    busyPollMs: 0,
    connectionsMax: 4096,
    publishRate: null,
    uploadMbMax: 1024,
    jobMemoryMb: null,
  }));

it('lets the environment win over rekindle.yaml, and that over the defaults', () =>
  expect(
    read(
      {
        REKINDLE_PORT: '9000',
        REKINDLE_WORKERS: '',
        REKINDLE_CONNECTIONS_MAX: '900',
        REKINDLE_BUSY_POLL: '1ms',
        REKINDLE_PUBLIC_URL: 'https://bid.example/x/',
      },
      'version: 1\nport: 7000\nworkers: 3\nadmin_port: 7001\ndeadline: 80ms\nbusy_poll: 2ms\nconnections_max: 50\npublish_rate: 20000\njob_memory_mb: 512\nstore_url: redis://h:1\n',
    ),
  ).toMatchObject({
    port: 9000,
    workers: 3,
    adminPort: 7001,
    deadlineMs: 80,
    busyPollMs: 1,
    connectionsMax: 900,
    publishRate: 20_000,
    uploadMbMax: 1024,
    jobMemoryMb: 512,
    storeUrl: 'redis://h:1',
    publicUrl: 'https://bid.example/x',
  }));

it('reports the problems of the environment and of the file together, never a password', () =>
  check(
    {
      REKINDLE_PORT: '80x',
      REKINDLE_STORE_URL: 'mongodb://me:secret@h',
      REKINDLE_PUBLIC_URL: 'ftp://x',
      REKINDLE_PROCESSES: '0',
      REKINDLE_DEADLINE: '80',
      REKINDLE_BUSY_POLL: '1s',
      REKINDLE_CONNECTIONS_MAX: '-1',
      REKINDLE_PUBLISH_RATE: '1e6',
      REKINDLE_JOB_MEMORY_MB: '64',
    },
    'version: 1\nports: 1\n',
    'rekindle.yaml ports unknown key; known keys: version, port, admin_port, public_url, store_url, processes, workers, deadline, busy_poll, connections_max, publish_rate, upload_mb_max, job_memory_mb',
    'environment REKINDLE_PORT expected a whole number from 1 to 65535, got "80x"',
    'environment REKINDLE_PUBLIC_URL expected an http or https URL without query or fragment, got "ftp://x"',
    'environment REKINDLE_STORE_URL expected redis://…, rediss://…, redis+unix:///path or redis+cluster://host:port,host:port',
    'environment REKINDLE_PROCESSES expected a whole number from 1 to 256, got "0"',
    'environment REKINDLE_DEADLINE expected a duration such as 80ms, at most 5000ms, got "80"',
    'environment REKINDLE_BUSY_POLL expected a duration such as 1ms, at most 10ms, got "1s"',
    'environment REKINDLE_CONNECTIONS_MAX expected a whole number from 1 to 1000000, got "-1"',
    'environment REKINDLE_PUBLISH_RATE expected a whole number from 1 to 10000000, got "1e6"',
    'environment REKINDLE_JOB_MEMORY_MB expected a whole number from 256 to 1048576, got "64"',
  ));

it('reports a duration that is too long where it is written', () =>
  check(
    {},
    'version: 1\ndeadline: 6s\nbusy_poll: 20ms\n',
    'rekindle.yaml deadline expected at most 5000ms, got "6s"',
    'rekindle.yaml busy_poll expected at most 10ms, got "20ms"',
  ));

it('refuses one port for both', () =>
  check(
    { REKINDLE_PORT: '8081' },
    'version: 1\n',
    'environment REKINDLE_ADMIN_PORT expected another port than REKINDLE_PORT, got "8081"',
  ));

it('refuses a workspace from a newer Rekindle', () =>
  check(
    {},
    'version: 7\nsomething: new\n',
    'rekindle.yaml version this workspace has version 7, from a newer Rekindle; this one reads version 1: update Rekindle, nothing was changed',
  ));
