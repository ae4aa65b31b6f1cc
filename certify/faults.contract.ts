/** One fault for each check, at least: what a bidder does, and what the check is to say of it. */
import type { Fault } from './fake-bidder.contract.ts';
import {
  isBid,
  isNotice,
  noticeStatus,
  onSync,
  says,
  says200,
  status,
  tells,
} from './fault-parts.contract.ts';

type NamedFault = readonly [check: string, does: string, fault: Fault, why: RegExp];

const closes: Fault = { headers: (headers) => ({ ...headers, Connection: 'close' }) };
let twice = 0;

export const FAULTS: readonly NamedFault[] = [
  [
    'post-only',
    'answers GET',
    status(204, ({ request }) => request.method === 'GET'),
    /^GET is answered 204/,
  ],
  [
    'gzip-in',
    'cannot unpack',
    status(400, ({ request }) => 'content-encoding' in request.headers),
    /refused/,
  ],
  [
    'gzip-in',
    'overlooks the bid',
    status(204, ({ request }) => 'content-encoding' in request.headers),
    /is missing/,
  ],
  [
    'gzip-hostile',
    'takes half a body',
    status(204, ({ request }) => 'content-encoding' in request.headers),
    /a bomb: 204/,
  ],
  [
    'gzip-out',
    'packs for everybody',
    { headers: (headers) => ({ ...headers, 'Content-Encoding': 'gzip' }) },
    /content-encoding/,
  ],
  [
    'gzip-out',
    'never packs',
    {
      takes: ({ request }) => {
        delete request.headers['accept-encoding'];
        return false;
      },
    },
    /not packed/,
  ],
  [
    'health',
    'has no HEAD',
    { takes: ({ request, reply }) => request.method === 'HEAD' && !!reply.writeHead(405).end() },
    /^HEAD \/healthz: 405/,
  ],
  ['connection-reuse', 'closes', closes, /closed by request 1/],
  [
    'content-length',
    'sends chunks',
    { headers: ({ 'Content-Length': _, ...headers }) => headers },
    /content-length: undefined/,
  ],
  [
    'keep-alive',
    'closes what is idle',
    {
      server: (server) =>
        server.on('connection', (socket) => setTimeout(() => socket.destroy(), 60).unref()),
    },
    /closed after/,
  ],
  [
    'expect-continue',
    'does not say it',
    {
      server: (server) => {
        server.on('checkContinue', (request, reply) => server.emit('request', request, reply));
      },
    },
    /no "100 Continue"/,
  ],
  ['oversized-body', 'takes any', { ignores: ['size'] }, /answered 20/],
  [
    'many-sockets',
    'takes five connections',
    {
      server: (server) => {
        server.maxConnections = 5;
      },
    },
    /were not answered/,
  ],
  ['pipelining', 'closes after one', closes, /answered 200$/],
  [
    'valid-answers',
    'names no creative',
    { bid: ({ crid: _, ...bid }) => bid },
    /field-missing: crid/,
  ],
  [
    'id-echo',
    'shortens ids',
    { response: (response) => ({ ...response, id: String(response.id).slice(0, 64) }) },
    /id-echo/,
  ],
  ['no-bid', 'says it with an empty 200', says200('', says('1000000')), /content-length/],
  ['no-bid', 'does not know floors', { ignores: ['floor'] }, /below-floor/],
  [
    'multi-imp',
    'answers the wrong imp',
    { bid: (bid) => ({ ...bid, impid: '1' }) },
    /impid-unknown/,
  ],
  [
    'multi-size',
    'bids one size',
    { bid: (bid) => ({ ...bid, w: 970, h: 250 }) },
    /size-not-offered/,
  ],
  ['other-media', 'refuses video', status(400, says('video/mp4')), /refused/],
  ['test-flag', 'fails at tests', status(500, says('"test":1')), /status: 500/],
  ['test-flag', 'spends on tests', status(204, ({ count }) => count > 10), /uses something up/],
  [
    'unique-bid-ids',
    'gives one id',
    { bid: (bid) => ({ ...bid, id: 'bid' }) },
    /bid id "bid" again/,
  ],
  [
    'repeated-request',
    'refuses what it knows',
    { takes: (call) => isBid(call) && ++twice > 2 && !!call.reply.writeHead(409).end() },
    /status: 409/,
  ],
  [
    'version-header',
    'refuses versions it does not know',
    status(400, ({ request }) => request.headers['x-openrtb-version'] === '9.9'),
    /"9.9": refused/,
  ],
  [
    'version-header',
    'answers with another form',
    { headers: (headers) => ({ ...headers, 'x-openrtb-version': 'v2' }) },
    /"v2"/,
  ],
  [
    'content-type',
    'answers as text',
    { headers: (headers) => ({ ...headers, 'Content-Type': 'text/html' }) },
    /content-type: text\/html/,
  ],
  ['floor-and-currency', 'does not know floors', { ignores: ['floor'] }, /below-floor/],
  ['floor-and-currency', 'bids in dollars always', { ignores: ['currency'] }, /currency: USD/],
  ['seats', 'does not know seats', { ignores: ['seats'] }, /seat-not-allowed/],
  ['deals', 'bids openly in private', { ignores: ['deals'] }, /deal-missing/],
  ['deals', 'makes up deals', { bid: (bid) => ({ ...bid, dealid: 'x' }) }, /deal-unknown/],
  ['blocks', 'does not know blocks', { ignores: ['blocks'] }, /advertiser-blocked/],
  ['secure', 'serves http everywhere', { ignores: ['secure'] }, /insecure-url/],
  ['unknown-fields', 'refuses what it does not know', status(400, says('"certify":{')), /refused/],
  ['unknown-fields', 'overlooks the bid', status(204, says('"certify":{')), /is missing/],
  ['malformed', 'falls over', status(500, ({ body }) => body.toString() === '{'), /500/],
  [
    'malformed',
    'takes it for a request',
    status(204, ({ body }) => body.toString() === 'certify'),
    /204/,
  ],
  ['missing-fields', 'falls over', status(500, says('"imp":[]')), /500/],
  ['wrong-types', 'wants numbers', status(400, says('"at":"1"')), /refused/],
  ['wrong-types', 'falls over', status(500, says('"site":"x"')), /500/],
  [
    'large-ids',
    'rounds numbers',
    { response: (response) => ({ ...response, id: String(response.id).replace(/993$/, '992') }) },
    /id: 9007199254740992/,
  ],
  ['legacy-fields', 'reads no regs.ext', { ignores: ['legacy'] }, /unlike where 2.6 has it/],
  ['duplicate-imps', 'bids on both', { ignores: ['duplicates'] }, /impid-ambiguous/],
  ['huge-bodies', 'falls over', status(500, ({ body }) => body.length > 30_000), /500/],
  ['protobuf', 'stops at foreign fields', status(400, says('abc')), /refused/],
  [
    'deadlines',
    'is slow',
    {
      takes: (call) =>
        isBid(call) && call.count > 3 && !!setTimeout(() => call.reply.writeHead(204).end(), 1500),
    },
    /late or failed/,
  ],
  ['short-tmax', 'calls it an error', status(400, says('"tmax":-5')), /refused/],
  [
    'notices-answered',
    'has no lurl',
    noticeStatus(404, ({ request }) => request.url!.startsWith('/l')),
    /^lurl: 404/,
  ],
  [
    'notices-idempotent',
    'refuses what it knows',
    {
      takes: (call) => isNotice(call) && call.count % 2 === 0 && !!call.reply.writeHead(409).end(),
    },
    /409/,
  ],
  [
    'notices-prices',
    'wants a number',
    noticeStatus(400, ({ request }) => /AUDIT/.test(request.url!)),
    /"AUDIT": 400/,
  ],
  [
    'notices-sealed',
    'falls over',
    noticeStatus(500, ({ request }) => /short/.test(request.url!)),
    /"short": 500/,
  ],
  [
    'notices-methods',
    'has no POST',
    noticeStatus(405, ({ request }) => request.method === 'POST'),
    /POST nurl: 405/,
  ],
  [
    'notices-damaged',
    'falls over',
    noticeStatus(500, ({ request }) => !request.url!.includes('?')),
    /500/,
  ],
  ['erid', 'does not mark', { bid: ({ ext: _, ...bid }) => bid }, /no ext.nroa.erid/],
  ['consent-strings', 'falls over', status(500, says('BOgarbage')), /status: 500/],
  [
    'gdpr-without-consent',
    'tells the id',
    { bid: tells(({ user }) => user.buyeruid) },
    /holds the id certify-buyer/,
  ],
  ['gpp', 'falls over', status(500, says('~~~')), /status: 500/],
  ['coppa', 'tells the id', { bid: tells(({ device }) => device.ifa) }, /holds the id 6d9a/],
  [
    'limited-tracking',
    'tells the id',
    { bid: tells(({ user }) => user.id) },
    /holds the id certify-user/,
  ],
  ['sync', 'goes in circles', onSync('/sync'), /comes back to/],
  ['sync', 'sets a cookie', onSync('/pixel', { 'Set-Cookie': 'u=1' }), /cookie without consent/],
  ['sync', 'ends nowhere', onSync('/nowhere'), /ends with 404/],
];

const EMPTY = 'HTTP/1.1 204 No Content\r\n\r\n';

export const RAW_FAULTS: readonly (readonly [
  check: string,
  does: string,
  reply: (received: Buffer) => string,
  why: RegExp,
])[] = [
  ['length-and-chunks', 'takes anything', () => EMPTY, /answered 204/],
  ['two-lengths', 'takes anything', () => EMPTY, /answered 204/],
  ['post-only', 'takes anything', () => EMPTY, /GET is answered 204/],
  [
    'slow-packets',
    'wants it whole',
    (received) =>
      received.includes('imp') ? EMPTY : 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n',
    /answered 400/,
  ],
];
