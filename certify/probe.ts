/** What checks ask the bidder with: one profile, the base requests, and which of them gets a bid. */
import type { Agent } from 'node:http';
import { items, type Json, json } from './answers/wire-json.ts';
import { type Exchange, exchange } from './exchange.ts';
import { type Judgement, judge } from './judge.ts';
import type { Profile } from './profiles.ts';
import { encodeRequest } from './wire.ts';

export interface ProbeOptions {
  /** Of the bid endpoint. */
  readonly url: URL;
  readonly profile: Profile;
  /** At least one. */
  readonly requests: readonly Json[];
  /** Makes the ids of this run's requests its own. */
  readonly run: string;
  /** Requests say `test: 1` unless it is true: a run is to cost nobody money. */
  readonly live: boolean;
  /** Path of a health check; null when the usual ones are to be tried. */
  readonly health: string | null;
  /** Where a user is sent to be matched; null when there is none. */
  readonly sync: URL | null;
  /** How many connections the bidder is to hold at once. */
  readonly sockets: number;
  /** How long an idle connection is to live, ms; 0 when it is not to be waited for. */
  readonly idleMs: number;
  /** Of each exchange. */
  readonly timeoutMs: number;
  /** How many requests are timed, and the `tmax` that they take turns with. */
  readonly timed: { readonly requests: number; readonly tmaxMs: readonly number[] };
}

export interface Asked extends Judgement {
  readonly request: Json;
  readonly exchange: Exchange;
}

export interface Manner {
  readonly headers?: Readonly<Record<string, string>>;
  /** Turns the encoded request into what is sent. */
  readonly pack?: (body: Uint8Array, request: Json) => Uint8Array;
  readonly agent?: Agent;
}

export type Change = (request: Json) => Json;

export const same: Change = (request) => request;

const BID_TRIES = 3;

export class Probe {
  readonly options: ProbeOptions;
  /** The first base request that got a bid, with its answer; null while none has. */
  bidding: Asked | null = null;
  #count = 0;

  constructor(options: ProbeOptions) {
    this.options = options;
  }

  get profile(): Profile {
    return this.options.profile;
  }

  /** The base that gets bids, else the first. */
  get base(): Json {
    return this.bidding?.request ?? this.options.requests[0]!;
  }

  nextId(): string {
    return `certify-${this.options.run}-${++this.#count}`;
  }

  /** The base under an id of its own, changed. */
  request(change: Change, base: Json = this.base): Json {
    const test = this.options.live ? {} : { test: 1 };
    return change({ ...base, ...test, id: this.nextId() });
  }

  headers(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { contentTypes, version } = this.profile;
    return { 'Content-Type': contentTypes[0]!, 'x-openrtb-version': version, ...more };
  }

  encode(request: Json): Uint8Array {
    return encodeRequest(this.profile, request);
  }

  async ask(change: Change = same, manner: Manner = {}): Promise<Asked> {
    return this.send(this.request(change), manner);
  }

  /** Sends this request as it is. */
  async send(request: Json, manner: Manner = {}): Promise<Asked> {
    const encoded = this.encode(request);
    const exchanged = await this.post(manner.pack?.(encoded, request) ?? encoded, manner);
    return { request, exchange: exchanged, ...judge(this.profile, request, exchanged) };
  }

  /** As `ask`, again while there is no bid: bidders may sit an auction out. Stops at a fault. */
  async askForBid(change: Change = same, manner: Manner = {}): Promise<Asked> {
    let asked = await this.ask(change, manner);
    for (let tries = 1; tries < BID_TRIES; tries++) {
      if (asked.bids.length > 0 || asked.exchange.status === 0) break;
      asked = await this.ask(change, manner);
    }
    return asked;
  }

  post(body: Uint8Array, { headers = {}, agent }: Manner = {}): Promise<Exchange> {
    return this.call('POST', { headers: this.headers(headers), body, ...(agent && { agent }) });
  }

  call(
    method: string,
    more: {
      url?: URL;
      headers?: Readonly<Record<string, string>>;
      body?: Uint8Array;
      agent?: Agent;
    } = {},
  ): Promise<Exchange> {
    const { url, timeoutMs } = this.options;
    return exchange({ url, timeoutMs, ...more, method });
  }

  /** Looks for a base that gets a bid. Returns the first answer, whatever it was. */
  async findBid(): Promise<Asked> {
    let first: Asked | null = null;
    for (let tries = 0; tries < BID_TRIES; tries++) {
      for (const base of this.options.requests) {
        const asked = await this.send(this.request(same, base));
        first ??= asked;
        if (asked.bids.length > 0) {
          this.bidding = asked;
          return asked;
        }
      }
    }
    return first!;
  }
}

/** Puts fields on every imp. */
export function everyImp(patch: (imp: Json) => Json): Change {
  return (request) => ({ ...request, imp: items(request['imp']).map((imp) => patch(json(imp))) });
}
