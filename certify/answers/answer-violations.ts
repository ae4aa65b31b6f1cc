/**
 * A validator of answers to bid requests, written from OpenRTB 2.6 and AdCOM 1.0 alone: it shares no
 * code with the bidder, so that the two can disagree. It judges the wire: the request as parsed, the
 * answer as it came. Each violation begins with the name of its rule.
 */
import { bidFieldFaults, responseFieldFaults, seatFieldFaults } from './answer-fields.ts';
import { bidViolations } from './bid-violations.ts';
import { nativeRequestOf } from './native-violations.ts';
import { type Agreement, NATIVE, type Offer } from './offer.ts';
import { isJson, items, type Json, json, number, repeatedKeys, text, texts } from './wire-json.ts';

export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

const NO_CONTENT = 204;
const BAD_REQUEST = 400;

export function violationsOf(request: unknown, answer: WireAnswer, agreement: Agreement): string[] {
  if (answer.status === 200) return bidAnswer(request, answer, agreement);
  if (answer.status === NO_CONTENT) return emptyAnswer(answer);
  if (answer.status !== BAD_REQUEST) return [`status: ${answer.status}`];
  return isReadable(request) ? ['refused: the request can be read'] : emptyAnswer(answer);
}

const isReadable = (request: unknown) =>
  isJson(request) && text(request['id']) !== '' && Array.isArray(request['imp']);

/** RFC 9110 section 8.6 forbids 204 a Content-Length of any value. */
function emptyAnswer({ status, headers, body }: WireAnswer): string[] {
  const faults = body.byteLength > 0 ? [`body: ${body.byteLength} bytes with ${status}`] : [];
  const length = headers['content-length'];
  const expected = status === NO_CONTENT ? [undefined] : [undefined, '0'];
  if (!expected.includes(length)) faults.push(`content-length: ${length} with ${status}`);
  return faults;
}

function bidAnswer(request: unknown, answer: WireAnswer, agreement: Agreement): string[] {
  const faults = headerFaults(answer);
  const source = decoded(answer.body);
  const response = source === null ? undefined : parsed(source);
  if (source === null || !isJson(response)) return [...faults, 'body: no JSON object in UTF-8'];
  for (const name of repeatedKeys(source)) faults.push(`field-twice: ${name}`);
  if (!isReadable(request)) return [...faults, 'bid-on-unreadable: neither id nor imp'];
  return [
    ...faults,
    ...responseFieldFaults(response),
    ...envelopeFaults(json(request), response),
    ...seatFaults(json(request), response),
    ...bidFaults(json(request), response, agreement),
  ];
}

function headerFaults({ headers, body }: WireAnswer): string[] {
  const faults: string[] = [];
  const type = headers['content-type'] ?? '';
  if (!/^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(type)) {
    faults.push(`content-type: ${type}`);
  }
  const length = headers['content-length'];
  if (length !== String(body.byteLength)) {
    faults.push(`content-length: ${length} for ${body.byteLength} bytes`);
  }
  for (const name of ['transfer-encoding', 'content-encoding']) {
    if (headers[name] !== undefined) faults.push(`${name}: nobody asked for it`);
  }
  return faults;
}

function decoded(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function envelopeFaults(request: Json, response: Json): string[] {
  const faults: string[] = [];
  if (!echoes(response['id'], request['id'])) faults.push(`id-echo: ${response['id']}`);
  const currency = currencyOf(response);
  const allowed = texts(request['cur']).map((code) => code.toUpperCase());
  if (!/^[A-Z]{3}$/.test(currency)) faults.push(`currency: ${currency} is no code`);
  else if (!(allowed.length > 0 ? allowed : ['USD']).includes(currency)) {
    faults.push(`currency: ${currency} is not among ${allowed.join(', ') || 'USD'}`);
  }
  if (bidsOf(response).length === 0) faults.push('no-bids: an answer without is 204');
  return faults;
}

/** A number of many digits is not what its sender wrote once it is parsed: it is compared as one. */
function echoes(given: unknown, sent: unknown): boolean {
  return typeof sent === 'number' ? Number(given) === sent : given === sent;
}

const currencyOf = (response: Json) => text(response['cur'] ?? 'USD');

interface SeatedBid {
  readonly bid: Json;
  readonly seat: string;
}

function bidsOf(response: Json): SeatedBid[] {
  return items(response['seatbid'])
    .map(json)
    .flatMap((seatbid) =>
      items(seatbid['bid']).map((bid) => ({ bid: json(bid), seat: text(seatbid['seat']) })),
    );
}

function seatFaults(request: Json, response: Json): string[] {
  const seatbids = items(response['seatbid']).map(json);
  const seats = seatbids.map((seatbid) => text(seatbid['seat']));
  const allowed = texts(request['wseat']);
  const blocked = texts(request['bseat']);
  return [
    ...seatbids.flatMap(seatFieldFaults),
    ...seatbids
      .filter((seatbid) => items(seatbid['bid']).length === 0)
      .map(() => 'no-bids: a seat without'),
    ...seats.filter((seat, i) => seats.indexOf(seat) < i).map((seat) => `seat-twice: ${seat}`),
    ...seats
      .filter((seat) => allowed.length > 0 && !allowed.includes(seat))
      .map((seat) => `seat-not-allowed: "${seat}"`),
    ...seats.filter((seat) => blocked.includes(seat)).map((seat) => `seat-blocked: ${seat}`),
  ];
}

function bidFaults(request: Json, response: Json, agreement: Agreement): string[] {
  const seated = bidsOf(response);
  const bids = seated.map(({ bid }) => bid);
  const ids = bids.map((bid) => text(bid['id']));
  const faults = ids.filter((id, i) => ids.indexOf(id) < i).map((id) => `bid-id-twice: ${id}`);
  if (agreement.campaignTwice !== true) {
    faults.push(...repeatedCampaigns(bids), ...repeatedOffers(request, seated));
  }
  const offer = { request, currency: currencyOf(response), agreement };
  for (const each of seated) faults.push(...judged({ ...offer, ...each }));
  return faults;
}

function judged(offer: Omit<Offer, 'imp'>): string[] {
  const impid = text(offer.bid['impid']);
  const imps = items(offer.request['imp'])
    .map(json)
    .filter((imp) => text(imp['id']) === impid);
  const isObject = offer.agreement.nativeObject === true && number(offer.bid['mtype']) === NATIVE;
  const faults = bidFieldFaults(offer.bid, isObject);
  if (imps.length > 1) faults.push(`impid-ambiguous: ${impid}`);
  const imp = imps[0];
  if (imp === undefined) return [...faults, `impid-unknown: ${impid}`];
  return [...faults, ...bidViolations({ ...offer, imp })];
}

function repeatedCampaigns(bids: readonly Json[]): string[] {
  const impOf = new Map<string, string>();
  return bids.flatMap((bid) => {
    const campaign = text(bid['cid']);
    const first = impOf.get(campaign) ?? text(bid['impid']);
    impOf.set(campaign, first);
    return campaign !== '' && first !== bid['impid'] ? [`campaign-twice: ${campaign}`] : [];
  });
}

/**
 * Several bids of a seat for one imp are for several deals, or of several campaigns (section 7.3): the
 * best one each. An imp that holds several ads may be given several of one.
 */
function repeatedOffers(request: Json, seated: readonly SeatedBid[]): string[] {
  const single = items(request['imp'])
    .map(json)
    .filter((imp) => !holdsSeveral(imp))
    .map((imp) => text(imp['id']));
  const offers = seated
    .filter(({ bid }) => single.includes(text(bid['impid'])))
    .filter(({ bid }) => text(bid['dealid']) + text(bid['cid']) !== '')
    .map(({ bid, seat }) => {
      const deal = text(bid['dealid']);
      const what = deal === '' ? `campaign ${bid['cid']}` : `deal ${deal}`;
      return `imp ${bid['impid']}, ${what} of "${seat}"`;
    });
  return offers
    .filter((offer, i) => offers.indexOf(offer) < i)
    .map((offer) => `offer-twice: ${offer}`);
}

/** A pod that is filled as it comes, and several places that are one native imp. */
function holdsSeveral(imp: Json): boolean {
  const pods = [imp['video'], imp['audio']].map((media) => number(json(media)['poddur']));
  return (
    pods.some((durationS) => durationS > 0) || number(nativeRequestOf(imp).request['plcmtcnt']) > 1
  );
}
