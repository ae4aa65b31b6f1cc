/** HTTP as OpenRTB 2.6 section 2 and exchanges use it, through an ordinary client. */
import { gzipSync } from 'node:zlib';
import { type Exchange, keepAliveAgent } from '../exchange.ts';
import { type Probe, same } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { asBase, faultOf, NEVER_BID, statusAmong } from './verdict-on.ts';

const area = 'transport';
const REUSES = 20;
const BOMB_BYTES = 64 * 1024 * 1024;
const HEALTH_PATHS = ['/healthz', '/health', '/status', '/ping', '/'];
const NOT_IMPLEMENTED = 501;

export const TRANSPORT_CHECKS: readonly Check[] = [
  { id: 'post-only', area, title: 'other methods than POST are refused', run: postOnly },
  { id: 'gzip-in', area, title: 'packed requests are read', run: gzipIn },
  { id: 'gzip-hostile', area, title: 'bodies that are packed badly are refused', run: gzipHostile },
  {
    id: 'gzip-out',
    area,
    title: 'answers are packed for who accepts it, and for nobody else',
    run: gzipOut,
  },
  { id: 'health', area, title: 'GET and HEAD of a health path', run: health },
  { id: 'connection-reuse', area, title: 'a connection serves many requests', run: reuse },
  {
    id: 'content-length',
    area,
    title: 'answers come with their length, not in chunks',
    run: contentLength,
  },
];

async function postOnly(probe: Probe): Promise<Verdict> {
  const verdicts: Verdict[] = [];
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await probe.call(method);
    const refused =
      (answer.status >= 400 && answer.status < 500) || answer.status === NOT_IMPLEMENTED;
    const came = answer.status === 0 ? answer.trouble : `is answered ${answer.status}`;
    verdicts.push(refused ? pass() : fail(`${method} ${came}`, answer));
  }
  return worst(verdicts);
}

async function gzipIn(probe: Probe): Promise<Verdict> {
  const headers = { 'Content-Encoding': 'gzip' };
  const asked = await probe.askForBid(same, { headers, pack: (body) => gzipSync(body) });
  const { exchange } = asked;
  if (exchange.status === 415 && !probe.profile.gzip) {
    return notApplicable('packed requests are by agreement, and it declines them (415)');
  }
  return asBase(probe, asked);
}

/** What unpacks to more than anybody reads, and what claims to be packed and is not. */
async function gzipHostile(probe: Probe): Promise<Verdict> {
  const packed = gzipSync(probe.encode(probe.request(same)));
  const tries: readonly (readonly [what: string, body: Uint8Array, expected: readonly number[]])[] =
    [
      ['a bomb', gzipSync(Buffer.alloc(BOMB_BYTES, ' ')), [413, 400, 415]],
      ['half a body', packed.subarray(0, packed.length / 2), [400, 415]],
      ['no gzip at all', Buffer.from('certify'), [400, 415]],
    ];
  const verdicts: Verdict[] = [];
  for (const [what, body, expected] of tries) {
    const answer = await probe.post(body, { headers: { 'Content-Encoding': 'gzip' } });
    verdicts.push(statusAmong(answer, expected, what));
  }
  return worst(verdicts);
}

async function gzipOut(probe: Probe): Promise<Verdict> {
  for (const accepted of ['', 'gzip;q=0']) {
    const headers: Record<string, string> = accepted === '' ? {} : { 'Accept-Encoding': accepted };
    const plain = await probe.askForBid(same, { headers });
    const fault = faultOf(plain, ['content-encoding']);
    if (fault !== undefined) return fail(`Accept-Encoding "${accepted}": ${fault}`, plain.exchange);
  }
  const asked = await probe.askForBid(same, { headers: { 'Accept-Encoding': 'gzip' } });
  const fault = faultOf(asked, ['content-encoding', 'content-length', 'transfer-encoding']);
  if (fault !== undefined) return fail(fault, asked.exchange);
  if (asked.exchange.status !== 200) return notApplicable('no answer had a body to pack');
  if (asked.exchange.headers['content-encoding'] === 'gzip') return pass();
  return probe.profile.gzip
    ? fail('not packed, which the profile agrees on', asked.exchange)
    : notApplicable('answers are not packed, and the profile does not ask for it');
}

async function health(probe: Probe): Promise<Verdict> {
  const { health: named } = probe.options;
  for (const path of named === null ? HEALTH_PATHS : [named]) {
    const url = new URL(path, probe.options.url);
    const got = await probe.call('GET', { url });
    if (isFine(got)) return headLike(probe, url, got);
    if (named !== null) return fail(`GET ${path}: ${got.status || got.trouble}`, got);
  }
  return notApplicable(`none of ${HEALTH_PATHS.join(' ')} answers 2xx; name it with --health`);
}

const isFine = ({ status }: Exchange) => status >= 200 && status < 300;

async function headLike(probe: Probe, url: URL, got: Exchange): Promise<Verdict> {
  const head = await probe.call('HEAD', { url });
  return head.status === got.status
    ? pass(url.pathname)
    : fail(`HEAD ${url.pathname}: ${head.status || head.trouble}, GET: ${got.status}`, head);
}

async function reuse(probe: Probe): Promise<Verdict> {
  const agent = keepAliveAgent(probe.options.url, 1);
  let opened = 0;
  const create = agent.createConnection.bind(agent);
  agent.createConnection = (...given: Parameters<typeof create>) => {
    opened++;
    return create(...given);
  };
  try {
    for (let i = 0; i < REUSES; i++) {
      const { exchange, ...asked } = await probe.ask(same, { agent });
      const fault = faultOf({ exchange, ...asked });
      if (fault !== undefined) return fail(`request ${i + 1}: ${fault}`, exchange);
      if (/close/i.test(exchange.headers['connection'] ?? '') || opened > 1) {
        return fail(`closed by request ${i + 1}`, exchange);
      }
    }
  } finally {
    agent.destroy();
  }
  return pass();
}

async function contentLength(probe: Probe): Promise<Verdict> {
  if (probe.bidding === null) return notApplicable(NEVER_BID);
  const asked = await probe.askForBid();
  const fault = faultOf(asked, ['content-length', 'transfer-encoding']);
  if (fault !== undefined) return fail(fault, asked.exchange);
  return asked.exchange.status === 200 ? pass() : notApplicable('no answer had a body');
}
