/** An answer as the judge sees it: unpacked, in JSON, with what the profile agrees on put aside. */
import { gunzipSync } from 'node:zlib';
import { violationsOf, type WireAnswer } from './answers/answer-violations.ts';
import type { Agreement } from './answers/offer.ts';
import { items, type Json, json, text, texts } from './answers/wire-json.ts';
import type { Exchange } from './exchange.ts';
import type { Profile } from './profiles.ts';
import { decodeAnswer } from './wire.ts';

interface SeatedBid {
  readonly bid: Json;
  readonly seat: string;
}

export interface Judgement {
  /** Null when there was no answer with a body that can be read. */
  readonly response: Json | null;
  readonly bids: readonly SeatedBid[];
  /** Each begins with the name of its rule and a colon. */
  readonly faults: readonly string[];
  /** In the same form: what the standard allows, and careful bidders do not do. */
  readonly remarks: readonly string[];
}

/**
 * Rules of the judge that are stricter than the standard: HTML forgives, a script may be an ad, and a
 * size that says nothing harms nobody.
 */
const STRICTER = ['script', 'markup-broken', 'price-digits', 'size-without-sense'];

const UNPACKED_BYTES_MAX = 16 * 1024 * 1024;

export function judge(profile: Profile, request: unknown, exchange: Exchange): Judgement {
  if (exchange.status === 0) return silent(`no-answer: ${exchange.trouble}`);
  const { answer, faults } = unpacked(exchange);
  if (answer === null) return silent(...faults);
  if (answer.status !== 200) {
    return silent(...faults, ...violationsOf(request, answer, agreementOn(request)));
  }
  const response = decodeAnswer(profile, answer.body);
  const bids = bidsOf(json(response));
  if (response !== null && bids.length === 0) {
    const found = [...faults, ...noBidFaults(profile, request, response)];
    return { response, bids, faults: found, remarks: [] };
  }
  const found = violationsOf(request, inJson(profile, answer, response), {
    ...agreementOn(request),
    macros: profile.macros,
  });
  const all = [...faults, ...typeFaults(profile, answer), ...found];
  const isRemark = (fault: string) => STRICTER.includes(fault.split(':')[0]!);
  return {
    response,
    bids,
    faults: all.filter((fault) => !isRemark(fault)),
    remarks: all.filter(isRemark),
  };
}

function silent(...faults: string[]): Judgement {
  return { response: null, bids: [], faults, remarks: [] };
}

function bidsOf(response: Json): SeatedBid[] {
  return items(response['seatbid'])
    .map(json)
    .flatMap((seatbid) =>
      items(seatbid['bid']).map((bid) => ({ bid: json(bid), seat: text(seatbid['seat']) })),
    );
}

/**
 * Rates are not known here. The requests sent name one currency (base-requests.ts), against which
 * every amount can be held; campaigns may be as they like.
 */
function agreementOn(request: unknown): Agreement {
  const wire = json(request);
  const imps = items(wire['imp']).map(json);
  const deals = imps.flatMap((imp) => items(json(imp['pmp'])['deals']).map(json));
  const floors = [...imps, ...deals].map((each) => text(each['bidfloorcur'] ?? 'USD'));
  const codes = [...texts(wire['cur']), ...floors, 'USD'].map((code) => code.toUpperCase());
  return { perUsd: Object.fromEntries(codes.map((code) => [code, 1])), campaignTwice: true };
}

/** A packed answer is judged by what is in it; its own length must be that of the packed bytes. */
function unpacked(exchange: Exchange): { answer: WireAnswer | null; faults: string[] } {
  const { status, headers, body } = exchange;
  if (headers['content-encoding'] !== 'gzip') return { answer: exchange, faults: [] };
  const accepted = /^accept-encoding:.*gzip(?!\s*;\s*q=0)/im.test(headOf(exchange.sent));
  if (!accepted) return { answer: exchange, faults: [] };
  const faults: string[] = [];
  if (headers['content-length'] !== String(body.byteLength)) {
    faults.push(`content-length: ${headers['content-length']} for ${body.byteLength} packed bytes`);
  }
  try {
    const plain = gunzipSync(body, { maxOutputLength: UNPACKED_BYTES_MAX });
    const { 'content-encoding': _, ...others } = headers;
    const length = { 'content-length': String(plain.byteLength) };
    return { answer: { status, headers: { ...others, ...length }, body: plain }, faults };
  } catch {
    return { answer: null, faults: ['body: says gzip and is not'] };
  }
}

function headOf(sent: Uint8Array): string {
  const bytes = Buffer.from(sent);
  return bytes.toString('latin1', 0, Math.max(0, bytes.indexOf('\r\n\r\n')));
}

/** Of a protobuf answer: its fields are judged as the JSON they stand for. */
function inJson(profile: Profile, answer: WireAnswer, response: Json | null): WireAnswer {
  if (profile.format === 'json' || response === null) return answer;
  const body = Buffer.from(JSON.stringify(response));
  const wireLength = answer.headers['content-length'];
  const isWhole = wireLength === String(answer.body.byteLength);
  const length = { 'content-length': isWhole ? String(body.byteLength) : wireLength };
  return {
    status: answer.status,
    headers: { ...answer.headers, ...length, 'content-type': 'application/json' },
    body,
  };
}

/** JSON's type is judged with the rest. */
function typeFaults({ format, contentTypes }: Profile, { headers }: WireAnswer): string[] {
  const type = headers['content-type'] ?? '';
  return format === 'json' || contentTypes.includes(type) ? [] : [`content-type: ${type}`];
}

/** OpenRTB 2.6, 7.1: `{}`, or the id with no seats and perhaps a reason; empty is not an answer. */
function noBidFaults(profile: Profile, request: unknown, response: Json): string[] {
  if (profile.noBid === 'status') return ['no-bid-form: 200 where the profile expects 204'];
  const faults: string[] = [];
  const id = response['id'];
  if (id !== undefined && text(id) !== text(json(request)['id'])) faults.push(`id-echo: ${id}`);
  if (response['nbr'] !== undefined && !Number.isInteger(response['nbr'])) {
    faults.push('field-type: response.nbr is no integer');
  }
  if (profile.noBid === 'reason' && response['nbr'] === undefined) {
    faults.push('no-bid-form: no nbr where the profile expects one');
  }
  return faults;
}
