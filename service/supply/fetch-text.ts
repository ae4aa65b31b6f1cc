/**
 * One text file of another's web server, bounded in size, time and redirects. The address that a
 * name resolves to is checked and then used: a name cannot be public for the check and private for
 * the connection. `fetch` has no such door, so this is node:http.
 */
import { promises as dns, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isBareDomain } from '../../bidder/supply/domain-name.ts';
import { isPublicAddress } from './public-address.ts';
import { rootDomain } from './root-domain.ts';

/** In all; of them one may leave the domain, and what it leads to may not lead on (ads.txt 1.1, 3.1). */
const REDIRECTS_MAX = 5;
const AGENT = 'rekindle-supply/1';

export interface FetchRules {
  readonly timeoutMs: number;
  /** Aborted when nobody waits any more. */
  readonly signal?: AbortSignal;
  /** Private and loopback addresses are taken too. */
  readonly allowPrivate: boolean;
  readonly ports: { readonly 'http:': number; readonly 'https:': number };
  readonly resolve: (host: string) => Promise<readonly LookupAddress[]>;
}

export const FETCH_RULES: FetchRules = {
  timeoutMs: 20_000,
  allowPrivate: false,
  ports: { 'http:': 80, 'https:': 443 },
  resolve: (host) => dns.lookup(host, { all: true }),
};

export type FetchedText =
  | { readonly state: 'ok'; readonly text: string; readonly headers: IncomingMessage['headers'] }
  /** The server says that there is none. */
  | { readonly state: 'absent' }
  | { readonly state: 'unreachable'; readonly why: string };

/** `https://<domain><path>`, and where that has no file, the same over http. Never rejects. */
export async function fetchText(
  domain: string,
  { path, bytesMax }: { readonly path: string; readonly bytesMax: number },
  rules: FetchRules,
): Promise<FetchedText> {
  const over = (scheme: 'https:' | 'http:') =>
    follow(new URL(`${scheme}//${domain}:${rules.ports[scheme]}${path}`), bytesMax, rules);
  const secure = await over('https:');
  if (secure.state === 'ok') return secure;
  const plain = await over('http:');
  if (plain.state !== 'unreachable' || secure.state === 'absent')
    return plain.state === 'ok' ? plain : { state: 'absent' };
  return unreachable(`https: ${secure.why}; http: ${plain.why}`);
}

async function follow(first: URL, bytesMax: number, rules: FetchRules): Promise<FetchedText> {
  const late = AbortSignal.timeout(rules.timeoutMs);
  const signal = rules.signal === undefined ? late : AbortSignal.any([late, rules.signal]);
  const home = rootDomain(first.hostname);
  let isAway = false;
  let url = first;
  try {
    for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
      const answer = await ask(url, signal, rules);
      const to = redirectOf(answer, url);
      if (to === null) return await readAnswer(answer, bytesMax);
      answer.destroy();
      if (isAway) return unreachable('a redirect behind one to another domain');
      isAway = rootDomain(to.hostname) !== home;
      url = to;
    }
    return unreachable(`more than ${REDIRECTS_MAX} redirects`);
  } catch (error) {
    return unreachable(late.aborted ? `no answer in ${rules.timeoutMs} ms` : whyOf(error));
  }
}

function unreachable(why: string): FetchedText {
  return { state: 'unreachable', why };
}

/** The error of a host with several addresses has none of its own words. */
function whyOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message === '' ? (code ?? 'failed') : message;
}

function ask(url: URL, signal: AbortSignal, rules: FetchRules): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const refusal = refusalOf(url, rules);
    if (refusal !== null) throw new Error(refusal);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const options = {
      signal,
      agent: false,
      lookup: guardedLookup(rules),
      headers: { 'user-agent': AGENT, 'accept-encoding': 'identity' },
    };
    send(url, options, resolve).on('error', reject).end();
  });
}

/** Names only, on the ports of the web: an address as such goes past the lookup. */
function refusalOf({ protocol, hostname, port }: URL, { ports }: FetchRules): string | null {
  if (protocol !== 'https:' && protocol !== 'http:') return `${protocol} is not fetched`;
  if (!isBareDomain(hostname)) return `${hostname} is no domain`;
  const usual = protocol === 'https:' ? 443 : 80;
  return Number(port || usual) === ports[protocol] ? null : `port ${port} is not asked`;
}

function guardedLookup({ resolve, allowPrivate }: FetchRules): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        const foreign = addresses.find(({ address }) => !allowPrivate && !isPublicAddress(address));
        const [first] = addresses;
        if (foreign !== undefined || first === undefined) {
          const why = first === undefined ? 'no address' : `${foreign?.address} is not public`;
          callback(new Error(`${host}: ${why}`), '', 0);
        } else if (all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage, from: URL): URL | null {
  const { location } = headers;
  return statusCode >= 300 && statusCode < 400 && location !== undefined
    ? new URL(location, from)
    : null;
}

async function readAnswer(answer: IncomingMessage, bytesMax: number): Promise<FetchedText> {
  const { statusCode = 0, headers } = answer;
  const refusal = statusCode === 200 ? bodyRefusal(headers) : `status ${statusCode}`;
  if (refusal !== null) {
    answer.destroy();
    return statusCode === 404 || statusCode === 410 ? { state: 'absent' } : unreachable(refusal);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > bytesMax) return unreachable(`more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return { state: 'ok', text: Buffer.concat(chunks).toString('utf8'), headers };
}

function bodyRefusal(headers: IncomingMessage['headers']): string | null {
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding !== 'identity') return `${coding} was not asked for`;
  // Servers that have a page for everything answer so where they have no file.
  return /^\s*text\/html/i.test(headers['content-type'] ?? '') ? 'an HTML page' : null;
}
