/** HTTP at the socket: what no client sends by itself, and what proxies and attackers do. */
import type { Exchange } from '../exchange.ts';
import { type Probe, same } from '../probe.ts';
import { RawSocket, rawRequest } from '../raw-socket.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';

const area = 'transport';
const CONTINUE_MS = 1000;
const OVERSIZED_BYTES = 8 * 1024 * 1024;
const EARLY_BYTES = 64 * 1024;
const EARLY_MS = 1500;
const OPENED_AT_ONCE = 100;

export const SOCKET_CHECKS: readonly Check[] = [
  { id: 'keep-alive', area, title: 'an idle connection lives on (95 s)', run: keepAlive },
  { id: 'expect-continue', area, title: 'Expect: 100-continue is answered', run: expectContinue },
  { id: 'oversized-body', area, title: 'a body of 8 MiB is refused (413, 400)', run: oversized },
  {
    id: 'many-sockets',
    area,
    title: 'many connections at once are all answered',
    run: manySockets,
  },
  {
    id: 'pipelining',
    area,
    title: 'two requests in one packet are both answered',
    run: pipelining,
  },
  { id: 'slow-packets', area, title: 'a request in many packets is answered', run: slowPackets },
  {
    id: 'length-and-chunks',
    area,
    title: 'Content-Length with Transfer-Encoding is refused',
    run: lengthAndChunks,
  },
  {
    id: 'two-lengths',
    area,
    title: 'two Content-Lengths that differ are refused',
    run: twoLengths,
  },
];

const isAnswer = (status: number) => status === 200 || status === 204;

function bytesOf(probe: Probe, more: Readonly<Record<string, string>> = {}): Uint8Array {
  const body = probe.encode(probe.request(same));
  const headers = { ...probe.headers(), 'Content-Length': String(body.byteLength), ...more };
  return rawRequest(probe.options.url, 'POST', headers, body);
}

async function keepAlive(probe: Probe): Promise<Verdict> {
  const { idleMs, timeoutMs, url } = probe.options;
  if (idleMs === 0) return notApplicable('not waited for: --quick');
  using socket = new RawSocket(url);
  socket.write(bytesOf(probe));
  if (!(await socket.answers(1, timeoutMs))) return unanswered(socket, 'the first request');
  const idleSinceMs = performance.now();
  if (await socket.ended(idleMs)) {
    const livedS = ((performance.now() - idleSinceMs) / 1000).toFixed(1);
    return fail(
      `closed after ${livedS} s without a request, wanted ${idleMs / 1000}`,
      socket.exchange(),
    );
  }
  socket.write(bytesOf(probe));
  const again = await socket.answers(2, timeoutMs);
  return again ? pass() : unanswered(socket, 'the request after the pause');
}

function unanswered(socket: RawSocket, what: string): Verdict {
  const exchange = socket.exchange();
  return fail(`${what} is not answered: ${socket.closed ? 'closed' : 'silence'}`, exchange);
}

async function expectContinue(probe: Probe): Promise<Verdict> {
  const { url, timeoutMs } = probe.options;
  using socket = new RawSocket(url);
  const request = Buffer.from(bytesOf(probe, { Expect: '100-continue' }));
  const bodyAt = request.indexOf('\r\n\r\n') + 4;
  socket.write(request.subarray(0, bodyAt));
  const interim = await socket.continued(CONTINUE_MS);
  socket.write(request.subarray(bodyAt));
  const answered = await socket.answers(1, timeoutMs);
  if (!answered) return unanswered(socket, 'the body after Expect');
  const exchange = socket.exchange();
  if (!interim) return fail(`no "100 Continue" within ${CONTINUE_MS} ms`, exchange);
  return isAnswer(exchange.status) ? pass() : fail(`answered ${exchange.status}`, exchange);
}

async function oversized(probe: Probe): Promise<Verdict> {
  const { url, timeoutMs } = probe.options;
  using socket = new RawSocket(url);
  const request = probe.request((base) => ({
    ...base,
    ext: { padding: 'x'.repeat(OVERSIZED_BYTES) },
  }));
  const body = Buffer.from(JSON.stringify(request));
  const headers = { ...probe.headers(), 'Content-Length': String(body.byteLength) };
  socket.write(rawRequest(url, 'POST', headers, body.subarray(0, EARLY_BYTES)));
  if (!(await socket.answers(1, EARLY_MS))) socket.write(body.subarray(EARLY_BYTES));
  if (!(await socket.answers(1, timeoutMs))) return unanswered(socket, 'the body');
  return among(socket, [413, 400], trimmed(socket.exchange()));
}

/** What was sent, without the megabytes of padding. */
function trimmed(exchange: Exchange): Exchange {
  return { ...exchange, sent: exchange.sent.slice(0, EARLY_BYTES) };
}

function among(socket: RawSocket, statuses: readonly number[], exchange: Exchange): Verdict {
  const [first] = socket.read();
  if (first !== undefined && statuses.includes(first.status)) return pass(`${first.status}`);
  return fail(`answered ${first?.status ?? 'nothing'}`, exchange);
}

async function manySockets(probe: Probe): Promise<Verdict> {
  const { sockets: count, timeoutMs, url } = probe.options;
  const sockets: RawSocket[] = [];
  try {
    while (sockets.length < count) {
      const opening = Array.from(
        { length: Math.min(OPENED_AT_ONCE, count - sockets.length) },
        () => new RawSocket(url),
      );
      sockets.push(...opening);
      await Promise.all(opening.map((socket) => socket.connected(timeoutMs)));
    }
    if (sockets.some(({ trouble }) => trouble === 'EMFILE')) {
      return notApplicable(`this process may not open ${count} connections (ulimit -n)`);
    }
    for (const socket of sockets) socket.write(bytesOf(probe));
    await Promise.all(sockets.map((socket) => socket.answers(1, timeoutMs)));
    return answeredAll(sockets);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function answeredAll(sockets: readonly RawSocket[]): Verdict {
  const failing = sockets.filter((socket) => !isAnswer(socket.read()[0]?.status ?? 0));
  const [first] = failing;
  return first === undefined
    ? pass(`${sockets.length} connections`)
    : fail(`${failing.length} of ${sockets.length} were not answered`, first.exchange());
}

async function pipelining(probe: Probe): Promise<Verdict> {
  using socket = new RawSocket(probe.options.url);
  socket.write(Buffer.concat([bytesOf(probe), bytesOf(probe)]));
  await socket.answers(2, probe.options.timeoutMs);
  const answers = socket.read();
  const good = answers.length === 2 && answers.every(({ status }) => isAnswer(status));
  const statuses = answers.map(({ status }) => status).join(', ') || 'nothing';
  return good ? pass() : fail(`answered ${statuses}`, socket.exchange());
}

async function slowPackets(probe: Probe): Promise<Verdict> {
  using socket = new RawSocket(probe.options.url);
  const bytes = bytesOf(probe);
  const part = Math.ceil(bytes.byteLength / 8);
  for (let at = 0; at < bytes.byteLength; at += part) {
    socket.write(bytes.subarray(at, at + part));
    await socket.ended(20);
  }
  if (!(await socket.answers(1, probe.options.timeoutMs))) return unanswered(socket, 'it');
  const exchange = socket.exchange();
  return isAnswer(exchange.status) ? pass() : fail(`answered ${exchange.status}`, exchange);
}

/** What one reader takes for a body the next takes for a request: RFC 9112, 6.1 and 11.2. */
async function lengthAndChunks(probe: Probe): Promise<Verdict> {
  const body = probe.encode(probe.request(same));
  const chunked = Buffer.concat([
    Buffer.from(`${body.byteLength.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const lengths = [chunked.byteLength, 4];
  const verdicts: Verdict[] = [];
  for (const length of lengths) {
    verdicts.push(
      await refused(probe, chunked, {
        'Content-Length': String(length),
        'Transfer-Encoding': 'chunked',
      }),
    );
  }
  return worst(verdicts);
}

async function twoLengths(probe: Probe): Promise<Verdict> {
  const body = probe.encode(probe.request(same));
  const given = { 'Content-Length': String(body.byteLength), 'content-length': '4' };
  return refused(probe, body, given);
}

async function refused(
  probe: Probe,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const { url, timeoutMs } = probe.options;
  using socket = new RawSocket(url);
  socket.write(rawRequest(url, 'POST', { ...probe.headers(), ...headers }, body));
  await socket.answers(1, timeoutMs);
  const statuses = socket.read().map(({ status }) => status);
  if (statuses.length === 0 && socket.closed) return pass('closed without an answer');
  const isRefused =
    statuses.length > 0 && statuses.every((status) => status >= 400 && status !== 500);
  const came = statuses.length > 0 ? `answered ${statuses.join(', ')}` : 'silence';
  return isRefused ? pass(`${statuses[0]}`) : fail(came, socket.exchange());
}
