import type { RedisOptions } from 'ioredis';

export interface RedisAddress {
  /** For people: never a password. */
  readonly description: string;
  /** Seeds of a Cluster; null for a single server. */
  readonly clusterNodes: readonly { host: string; port: number }[] | null;
  readonly login: RedisLogin;
  /** Of a single server. */
  readonly endpoint: RedisEndpoint;
}

interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
}

type RedisEndpoint = Pick<RedisOptions, 'host' | 'port' | 'path' | 'db' | 'tls'>;

const DEFAULT_PORT = 6379;
const EXPECTED =
  'expected redis://host:port, rediss://host:port, redis+cluster://host:port,host:port or redis+unix:///path/to.sock';

export function isRedisUrl(url: string): boolean {
  return /^(redis|rediss|redis\+cluster|redis\+unix):/.test(url);
}

/** Reads a store URL. Throws an Error that names the part that is wrong, without the password. */
export function parseRedisUrl(url: string): RedisAddress {
  const match = /^(redis|rediss|redis\+cluster|redis\+unix):\/\/(.*)$/.exec(url);
  if (match === null) throw new Error(`store URL is not complete: ${EXPECTED}`);
  const scheme = match[1]!;
  if (scheme === 'redis+unix') return unixAddress(match[2]!);
  const { login, rest } = splitLogin(match[2]!);
  if (scheme === 'redis+cluster') return clusterAddress(login, rest);
  return singleAddress(scheme === 'rediss', login, rest);
}

function unixAddress(path: string): RedisAddress {
  if (!path.startsWith('/')) {
    throw new Error('store URL redis+unix needs an absolute path: redis+unix:///path/to.sock');
  }
  return { description: `Redis at ${path}`, clusterNodes: null, login: {}, endpoint: { path } };
}

function singleAddress(tls: boolean, login: RedisLogin, rest: string): RedisAddress {
  const slash = rest.indexOf('/');
  const address = hostAndPort(slash === -1 ? rest : rest.slice(0, slash));
  const db = slash === -1 ? '' : rest.slice(slash + 1);
  if (!/^\d{0,4}$/.test(db)) {
    throw new Error(`store URL: "/${db}" is no database number (expected /0 to /9999 or nothing)`);
  }
  return {
    description: `Redis at ${address.host}:${address.port}${db === '' ? '' : `/${db}`}`,
    clusterNodes: null,
    login,
    endpoint: { ...address, db: Number(db), ...(tls ? { tls: {} } : {}) },
  };
}

function clusterAddress(login: RedisLogin, rest: string): RedisAddress {
  const nodes = rest.replace(/\/$/, '').split(',').map(hostAndPort);
  return {
    description: `Redis Cluster at ${nodes.map((node) => `${node.host}:${node.port}`).join(',')}`,
    clusterNodes: nodes,
    login,
    endpoint: {},
  };
}

function splitLogin(text: string): { login: RedisLogin; rest: string } {
  const at = text.lastIndexOf('@');
  if (at === -1) return { login: {}, rest: text };
  const colon = text.indexOf(':');
  const hasPassword = colon !== -1 && colon < at;
  const username = decodeURIComponent(text.slice(0, hasPassword ? colon : at));
  const password = hasPassword ? decodeURIComponent(text.slice(colon + 1, at)) : '';
  return {
    login: {
      ...(username === '' ? {} : { username }),
      ...(password === '' ? {} : { password }),
    },
    rest: text.slice(at + 1),
  };
}

function hostAndPort(text: string): { host: string; port: number } {
  const match = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text);
  const port = match?.[2] === undefined ? DEFAULT_PORT : Number(match[2]);
  if (match === null || port < 1 || port > 65_535) {
    throw new Error(`store URL: "${text}" is no host and port; ${EXPECTED}`);
  }
  return { host: match[1]!.replace(/^\[|\]$/g, ''), port };
}
