import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from './redis-url.ts';

describe('parseRedisUrl', () => {
  function check(url: string, expected: Partial<ReturnType<typeof parseRedisUrl>>) {
    expect(parseRedisUrl(url)).toMatchObject(expected);
  }

  it('reads a host, with 6379 as its port when none is named', () =>
    check('redis://cache', {
      description: 'Redis at cache:6379',
      clusterNodes: null,
      endpoint: { host: 'cache', port: 6379, db: 0 },
    }));
  it('reads login and database, and keeps the password out of the description', () =>
    check('redis://app:p%40ss:w@10.0.0.1:7000/3', {
      description: 'Redis at 10.0.0.1:7000/3',
      login: { username: 'app', password: 'p@ss:w' },
      endpoint: { host: '10.0.0.1', port: 7000, db: 3 },
    }));
  it('reads a password without a name', () =>
    check('redis://:secret@cache', { login: { password: 'secret' } }));
  it('reads IPv6', () =>
    check('redis://[::1]:7000', { endpoint: { host: '::1', port: 7000, db: 0 } }));
  it('speaks TLS to rediss', () =>
    check('rediss://cache:7000', { endpoint: { host: 'cache', port: 7000, db: 0, tls: {} } }));
  it('reads the seeds of a cluster', () =>
    check('redis+cluster://:secret@a:7000,b:7001,c', {
      description: 'Redis Cluster at a:7000,b:7001,c:6379',
      clusterNodes: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
        { host: 'c', port: 6379 },
      ],
      login: { password: 'secret' },
    }));
  it('reads the path of a unix socket', () =>
    check('redis+unix:///run/redis.sock', {
      description: 'Redis at /run/redis.sock',
      endpoint: { path: '/run/redis.sock' },
    }));

  it.each([
    ['redis:cache', 'not complete'],
    ['redis://', '"" is no host and port'],
    ['redis://cache:70000', '"cache:70000" is no host and port'],
    ['redis://cache/first', '"/first" is no database number'],
    ['redis+cluster://a:7000,,b', '"" is no host and port'],
    ['redis+unix://run/redis.sock', 'needs an absolute path'],
  ])('refuses %s', (url, message) => {
    expect(() => parseRedisUrl(url)).toThrow(message);
  });

  it('never shows a password in a refusal', () => {
    expect(() => parseRedisUrl('redis://app:secret@cache:70000')).toThrow(/^(?!.*secret)/);
  });
});
