/**
 * The bodies of the shared corpora, each with the statuses that are right for it: 400 for what is not of
 * the exchange's format, 413 and 415 for what is not read, and for everything else a bid or none, as
 * OpenRTB 2.6, section 2.1 and 7.1 and the notes beside the files say.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { auctionLines, DATA, fromAuction } from '../bidder/corpora.contract.ts';

export interface BodyCase {
  readonly name: string;
  readonly format: 'json' | 'protobuf';
  readonly body: Buffer;
  readonly coding?: string;
  readonly statuses: readonly number[];
}

/** Of what is a request: whether it is bid on is for others to test. */
const ANSWERED = [200, 204];
const NO_BID = [204];
const REFUSED = [400];
const TOO_LARGE = [413];
const OTHER_CODING = [415];
/** What the bid port takes, and what a body may unpack to. */
const BODY_BYTES_MAX = 262_144;
/** Objects and arrays within each other: what every reader of JSON must have a bound for. */
const DEPTH_MAX = 64;

export const CORPORA: Readonly<Record<string, () => BodyCase[]>> = {
  'openrtb/requests': () => files('openrtb/requests', '.json').map(ofJson),
  'openrtb/invalid': () => files('openrtb/invalid', '.json').map(ofJson),
  'openrtb/proto': protobufRequests,
  'openrtb/auctions-2012.ndjson.gz': auctions,
  'badinput/openrtb': prebidRequests,
  'badinput/protobuf': malformedProtobuf,
  'badinput/gzip': packedBodies,
  'badinput/consent': consentStrings,
  'badinput/json': jsonBodies,
};

interface NamedBody {
  readonly name: string;
  readonly body: Buffer;
}

/** What JSON.parse and strict UTF-8 can read is read, and answered when it is an object. */
function ofJson({ name, body }: NamedBody): BodyCase {
  return { name, format: 'json', body, statuses: statusesOfJson(body) };
}

function statusesOfJson(body: Buffer): readonly number[] {
  if (body.length > BODY_BYTES_MAX) return TOO_LARGE;
  let request: unknown;
  try {
    request = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return REFUSED;
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request)) return REFUSED;
  if (depthOf(request) > DEPTH_MAX) return REFUSED;
  const { id, imp } = request as { readonly id?: unknown; readonly imp?: unknown };
  const isNamed = id !== undefined && id !== null && id !== '';
  return isNamed && Array.isArray(imp) && imp.length > 0 ? ANSWERED : NO_BID;
}

/** Level by level: a recursion would end where the bombs are meant to end one. */
function depthOf(value: object): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0; depth++) {
    level = level
      .flatMap((each) => Object.values(each as object))
      .filter((each) => typeof each === 'object' && each !== null);
  }
  return depth;
}

function files(folder: string, ending: string): NamedBody[] {
  const dir = new URL(`${folder}/`, DATA);
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ name, body: readFileSync(new URL(name, dir)) }));
}

// biome-ignore lint/suspicious/noExplicitAny: lines of many shapes.
function lines(file: string): any[] {
  const text = readFileSync(new URL(`badinput/${file}`, DATA), 'utf8').trim();
  return text.split('\n').map((line) => JSON.parse(line));
}

function bytesOf({ b64, gz_b64: packed }: { b64?: string; gz_b64?: string }): Buffer {
  return packed === undefined
    ? Buffer.from(b64 ?? '', 'base64')
    : gunzipSync(Buffer.from(packed, 'base64'));
}

function protobufRequests(): BodyCase[] {
  return files('openrtb/proto', '.pb')
    .filter(({ name }) => !name.startsWith('resp__'))
    .map(({ name, body }) => ({ name, format: 'protobuf', body, statuses: ANSWERED }));
}

/** Each auction as it is, which is an object without imps, and as OpenRTB. */
function auctions(): BodyCase[] {
  return auctionLines().flatMap((line, i) => [
    { name: `line ${i}`, format: 'json', body: Buffer.from(line), statuses: NO_BID },
    ofJson({ name: `line ${i} as OpenRTB`, body: Buffer.from(JSON.stringify(fromAuction(line))) }),
  ]);
}

function prebidRequests(): BodyCase[] {
  return lines('openrtb/prebid_invalid_requests.jsonl').map(({ file, bidRequest }) =>
    ofJson({ name: file, body: Buffer.from(JSON.stringify(bidRequest) ?? '') }),
  );
}

const PROTOBUF_STATUSES: Readonly<Record<string, readonly number[]>> = {
  accept: ANSWERED,
  reject: REFUSED,
  'reject-semantic': [204, 400],
  'any-no-crash': [200, 204, 400],
};
/**
 * These are to be refused and are sound protobuf: an imp without an id, a field of another type, which
 * is one that nobody knows, and messages within each other where nobody looks.
 */
const SOUND = /^(?:MissingImpId|WrongWireType\.id_varint|DepthNode_\d+)$/;

function malformedProtobuf(): BodyCase[] {
  return lines('protobuf/malformed.jsonl').map((line) => ({
    name: line.name,
    format: 'protobuf',
    body: bytesOf(line),
    statuses:
      line.expect === 'reject' && SOUND.test(line.name) ? NO_BID : PROTOBUF_STATUSES[line.expect]!,
  }));
}

/**
 * Of the index some files are not there. Where it leaves a choice, this is ours; and letters that are no
 * UTF-8 are found in the fields that are read: this object has none of them.
 */
const CHOSEN: Readonly<Record<string, readonly number[]>> = {
  'inner-invalid-utf8.gz': NO_BID,
  'ok.json.deflate-raw': OTHER_CODING,
  'zeros-64MB.br': OTHER_CODING,
  'trailing-garbage.gz': REFUSED,
};

function packedBodies(): BodyCase[] {
  const dir = new URL('badinput/gzip/', DATA);
  const present = new Set(readdirSync(dir));
  return lines('gzip/index.jsonl')
    .filter(({ file }) => present.has(file))
    .map(({ file, expect }) => ({
      name: file,
      format: 'json',
      body: readFileSync(new URL(file, dir)),
      coding: codingOf(file),
      statuses: CHOSEN[file] ?? (expect === 'accept' ? ANSWERED : [Number(expect.slice(0, 3))]),
    }));
}

function codingOf(file: string): string {
  if (file.endsWith('.br')) return 'br';
  return file.endsWith('.deflate-raw') ? 'deflate' : 'gzip';
}

/** What nobody can read of a person's will is no fault of the request: it is answered without the person. */
function consentStrings(): BodyCase[] {
  const strings = (file: string): string[] => lines(`consent/${file}`).map(({ s }) => s);
  const bombs = ['tcf_range_bomb_20.txt', 'tcf_range_bomb_4095.txt'].map((file) =>
    readFileSync(new URL(`badinput/consent/${file}`, DATA), 'utf8').trim(),
  );
  const tcf = [...strings('tcf_vectors.jsonl'), ...strings('tcf_malformed.jsonl'), ...bombs];
  const gpp = [...strings('gpp_vectors.jsonl'), ...strings('gpp_malformed.jsonl')];
  return [
    ...tcf.map((consent) => consenting({ user: { consent }, regs: { gdpr: 1 } })),
    ...gpp.map((text) => consenting({ regs: { gpp: text, gpp_sid: [2, 6, 7, 8] } })),
    ...strings('usp_vectors.jsonl').map((text) => consenting({ regs: { us_privacy: text } })),
  ];
}

function consenting(more: object): BodyCase {
  const imp = [{ id: '1', banner: { w: 300, h: 250 } }];
  const body = JSON.stringify({ id: 'r', imp, test: 1, ...more });
  return { name: body, format: 'json', body: Buffer.from(body), statuses: ANSWERED };
}

function jsonBodies(): BodyCase[] {
  const bombs = lines('json/json_bombs.jsonl').map((line) =>
    ofJson({ name: line.name, body: bytesOf(line) }),
  );
  return [...files('badinput/json/JSONTestSuite', '.json').map(ofJson), ...bombs];
}
