/** How an exchange is answered: in the format it asks in, packed or not, and how it is told no. */
import { gzipSync } from 'node:zlib';
import type { HttpReply, HttpRequest } from '../../platform/http/http-port.ts';
import type { Exchange } from '../../settings/exchange.ts';
import type { NoBidReason } from '../auction/no-bid-reason.ts';
import type { ExchangeLessons } from '../exchange-lessons.ts';
import { nbrOf } from '../openrtb/nbr.ts';
import { FORMATS, type WireFormat } from '../openrtb/wire-format.ts';
import type { SupplyIndex } from '../supply/supply-index.ts';
import { type SupplyCheck, supplyCheck } from '../supply/supply-refusal.ts';
import type { WantedDomains } from '../supply/wanted-domains.ts';
import type { TokenBucket } from '../token-bucket.ts';
import {
  type AnswerHeaders,
  acceptsGzip,
  answerHeaders,
  versionOrdinal,
} from './answer-headers.ts';

/** Answers are small and wait for nobody: the quickest level halves them. */
const GZIP_LEVEL = 1;

export interface Dialect {
  readonly exchange: Exchange;
  readonly format: WireFormat;
  readonly headers: AnswerHeaders;
  /** This worker's share of what the exchange may ask in a second; null where it may ask without limit. */
  readonly quota: TokenBucket | null;
  /** Null when nothing is asked of its requests' supply path. */
  readonly supply: SupplyCheck | null;
  readonly lessons: ExchangeLessons;
}

/** What is known of those who sell, and who is told of what is not. */
export interface SupplyKnown {
  readonly index: SupplyIndex;
  readonly wanted: WantedDomains;
}

/** Made when exchanges are loaded. */
export function dialectOf(
  exchange: Exchange,
  { quota, lessons, known }: Pick<Dialect, 'quota' | 'lessons'> & { readonly known: SupplyKnown },
): Dialect {
  const format = FORMATS[exchange.format];
  const contentType = exchange.contentType === '' ? format.contentType : exchange.contentType;
  const supply =
    exchange.supply === undefined ? null : supplyCheck(exchange.supply, known.index, known.wanted);
  return { exchange, format, headers: answerHeaders(contentType), quota, supply, lessons };
}

/** How one request is to be answered. */
export interface Manner {
  dialect: Dialect;
  /** Of its headers: versionOrdinal. */
  version: number;
  packs: boolean;
}

/** Reads what the request's headers say of its answer. */
export function setManner(manner: Manner, dialect: Dialect, request: HttpRequest): void {
  manner.dialect = dialect;
  manner.version = versionOrdinal(request.header('x-openrtb-version'));
  manner.packs = dialect.exchange.gzip && acceptsGzip(request.header('accept-encoding'));
}

/** 200 with an answer of the dialect's format. */
export function sendAnswer(reply: HttpReply, manner: Manner, answer: string | Uint8Array): void {
  const { dialect, version, packs } = manner;
  if (packs) {
    const packed = gzipSync(answer, { level: GZIP_LEVEL });
    reply.sendWith(200, dialect.headers.gzip[version]!, packed);
  } else reply.sendWith(200, dialect.headers.plain[version]!, answer);
}

/** `requestId` is '' for a request that could not be read, which is answered by a status alone. */
export function sendNoBid(
  reply: HttpReply,
  manner: Manner,
  requestId: string,
  reason: NoBidReason,
): void {
  const { format, exchange } = manner.dialect;
  if (exchange.noBid === 'status' || requestId === '') reply.empty(204);
  else sendAnswer(reply, manner, format.encodeNoBid(requestId, nbrOf(reason)));
}
