/**
 * A small bidder that keeps every rule that certify looks at, and any one fault on top: what proves
 * that each check can pass and can fail.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  createServer as createRawServer,
  type Server as RawServer,
} from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type FakeBid, offersFor, type Rule, type Wire } from './fake-offers.contract.ts';
import type { Profile } from './profiles.ts';
import { decodeRequest, encodeMessage } from './wire.ts';

export interface Fault {
  /** Restrictions that it does not keep. */
  readonly ignores?: readonly Rule[];
  /** Answers itself what it returns true for; `body` is unpacked. */
  readonly takes?: (call: Call) => boolean;
  readonly bid?: (bid: FakeBid, request: Wire) => FakeBid;
  readonly response?: (response: Wire, request: Wire) => Wire;
  readonly headers?: (headers: Record<string, string>) => Record<string, string>;
  readonly server?: (server: Server) => void;
}

export interface Call {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
  readonly body: Buffer;
  readonly count: number;
}

const BODY_BYTES_MAX = 1024 * 1024;
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

export class FakeBidder {
  readonly #server: Server | RawServer;

  private constructor(server: Server | RawServer) {
    this.#server = server;
  }

  static async open(profile: Profile, fault: Fault = {}): Promise<FakeBidder> {
    let count = 0;
    const takesAnySize = fault.ignores?.includes('size') === true;
    const server = createServer({ keepAliveTimeout: 60_000 }, (request, reply) => {
      const chunks: Buffer[] = [];
      let length = 0;
      request.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= BODY_BYTES_MAX || takesAnySize) chunks.push(chunk);
      });
      request.on('end', () => {
        if (length > BODY_BYTES_MAX && !takesAnySize) {
          reply.writeHead(413, { Connection: 'close' }).end();
          return;
        }
        const call = { request, reply, body: Buffer.concat(chunks), count: count++ };
        if (fault.takes?.(call) !== true) answer(profile, fault, call);
      });
    });
    fault.server?.(server);
    return FakeBidder.#listening(server);
  }

  /** Bytes for bytes: whatever comes is answered by `reply`, at once. */
  static openRaw(reply: (received: Buffer) => string): Promise<FakeBidder> {
    const server = createRawServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        const text = reply(chunk);
        if (text !== '') socket.write(text);
      });
    });
    return FakeBidder.#listening(server);
  }

  static async #listening(server: Server | RawServer): Promise<FakeBidder> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return new FakeBidder(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): URL {
    return new URL('/bid', this.origin);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if ('closeAllConnections' in this.#server) this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function answer(profile: Profile, fault: Fault, call: Call): void {
  const { request, reply } = call;
  const path = (request.url ?? '').split('?')[0];
  if (path === '/bid') answerBid(profile, fault, call);
  else if (path === '/healthz' || /^\/[nbl]$/.test(path ?? '')) reply.writeHead(204).end();
  else if (path === '/sync') reply.writeHead(302, { Location: '/pixel' }).end();
  else if (path === '/pixel') reply.writeHead(200, { 'Content-Type': 'image/gif' }).end(PIXEL);
  else reply.writeHead(404).end();
}

function answerBid(profile: Profile, fault: Fault, { request, reply, body }: Call): void {
  if (request.method !== 'POST') {
    reply.writeHead(405).end();
    return;
  }
  const wire = read(profile, request, body);
  if (wire === null) {
    reply.writeHead(400).end();
    return;
  }
  const origin = `http://${request.headers.host}`;
  const bids = offersFor(wire, origin, fault.ignores ?? []);
  const offered = fault.bid === undefined ? bids : bids.map((bid) => fault.bid!(bid, wire));
  const response = { id: wire.id, cur: 'USD', seatbid: [{ seat: 'seat-1', bid: offered }] };
  const made = fault.response?.(response, wire) ?? response;
  if (bids.length === 0 && made === response) reply.writeHead(204).end();
  else send(profile, fault, { request, reply, response: made });
}

function read(profile: Profile, { headers }: IncomingMessage, body: Buffer): Wire | null {
  try {
    const plain =
      headers['content-encoding'] === 'gzip'
        ? gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX })
        : body;
    const wire = readWire(profile, plain);
    return typeof wire === 'object' && wire !== null && !Array.isArray(wire) ? wire : null;
  } catch {
    return null;
  }
}

/** Ids that are numbers keep their digits. */
function readWire(profile: Profile, plain: Buffer): Wire {
  if (profile.format === 'protobuf') return decodeRequest(profile, plain);
  return JSON.parse(plain.toString().replace(/("id":)(\d{16,})/g, '$1"$2"'));
}

function send(
  profile: Profile,
  fault: Fault,
  { request, reply, response }: { request: IncomingMessage; reply: ServerResponse; response: Wire },
): void {
  const isJson = profile.format === 'json';
  const plain = isJson
    ? Buffer.from(JSON.stringify(response))
    : encodeMessage('BidResponse', response, false);
  const packs = request.headers['accept-encoding'] === 'gzip';
  const bytes = packs ? gzipSync(plain) : plain;
  const asked = request.headers['content-type'] ?? '';
  const headers: Record<string, string> = {
    'Content-Type': profile.contentTypes.includes(asked) ? asked : profile.contentTypes[0]!,
    'Content-Length': String(bytes.byteLength),
    ...(packs && { 'Content-Encoding': 'gzip' }),
    'x-openrtb-version': '2.6',
  };
  reply.writeHead(200, fault.headers?.(headers) ?? headers).end(bytes);
}
