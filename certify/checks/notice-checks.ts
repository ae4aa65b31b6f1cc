/** Win, billing and loss notices of a bid that was just made, called as exchanges do, and worse. */
import type { Exchange } from '../exchange.ts';
import { hasPrice, type Notice, noticesOf, noticeUrl } from '../notice-urls.ts';
import type { Probe } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { NEVER_BID } from './verdict-on.ts';

const area = 'notices';
const TIMES = 3;
/** As exchanges send it, and as it comes when a macro was not replaced. */
const PRICE_FORMS = [
  '1.23',
  '0',
  '',
  'AUDIT',
  '${AUCTION_PRICE}',
  '%24%7BAUCTION_PRICE%7D',
  '1.5e-3',
  'MS4yMw',
  '-1',
  'certify',
];
/** Published test vectors of Authorized Buyers, and bytes that no key signs. */
const SEALED_PRICES = [
  'YWJjMTIzZGVmNDU2Z2hpN7fhCuPemCce_6msaw',
  'OG46wAAMCggBI0VniavN7-mNy0VTKPbB3o5CMQ==',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'short',
];

export const NOTICE_CHECKS: readonly Check[] = [
  { id: 'notices-answered', area, title: 'nurl, burl and lurl are answered 2xx', run: answered },
  {
    id: 'notices-idempotent',
    area,
    title: 'a notice that comes again is answered alike',
    run: again,
  },
  { id: 'notices-prices', area, title: 'a price of any form is taken', run: prices },
  { id: 'notices-sealed', area, title: 'an encrypted price is taken', run: sealed },
  { id: 'notices-methods', area, title: 'HEAD and POST of a notice are answered', run: methods },
  { id: 'notices-damaged', area, title: 'a damaged notice URL is no server error', run: damaged },
];

type Trial = (probe: Probe, notice: Notice) => Promise<Verdict>;

/** Runs over every notice URL of a fresh bid. */
async function overNotices(probe: Probe, trial: Trial): Promise<Verdict> {
  const asked = await probe.askForBid();
  if (asked.bids.length === 0) return notApplicable(NEVER_BID);
  const verdicts: Verdict[] = [];
  for (const notice of noticesOf(asked)) {
    verdicts.push(
      noticeUrl(notice) === null
        ? fail(`${notice.name} is no http URL`, asked.exchange)
        : await trial(probe, notice),
    );
  }
  return verdicts.length > 0 ? worst(verdicts) : notApplicable('its bids have no notice URLs');
}

const isTaken = ({ status }: Exchange) => status >= 200 && status < 300;

function taken(what: string, exchange: Exchange): Verdict {
  const { status, trouble } = exchange;
  return isTaken(exchange) ? pass() : fail(`${what}: ${status || trouble}`, exchange);
}

async function call(probe: Probe, notice: Notice, price?: string): Promise<Verdict> {
  const url = noticeUrl(notice, price)!;
  const what = price === undefined ? notice.name : `${notice.name} with price "${price}"`;
  return taken(what, await probe.call('GET', { url }));
}

function answered(probe: Probe): Promise<Verdict> {
  return overNotices(probe, async (_, notice) => {
    const verdict = await call(probe, notice);
    return verdict.kind === 'pass' ? pass(notice.name) : verdict;
  });
}

function again(probe: Probe): Promise<Verdict> {
  return overNotices(probe, async (_, notice) => {
    const url = noticeUrl(notice)!;
    const statuses: number[] = [];
    for (let i = 0; i < TIMES; i++) {
      const exchange = await probe.call('GET', { url });
      statuses.push(exchange.status);
      const alike = isTaken(exchange) && exchange.status === statuses[0];
      if (!alike) return fail(`${notice.name}: ${statuses.join(', ')}`, exchange);
    }
    return pass();
  });
}

function withPrices(probe: Probe, forms: readonly string[]): Promise<Verdict> {
  return overNotices(probe, async (_, notice) => {
    if (!hasPrice(notice)) return notApplicable(`${notice.name} asks for no price`);
    const verdicts: Verdict[] = [];
    for (const form of forms) verdicts.push(await call(probe, notice, form));
    return worst(verdicts);
  });
}

function prices(probe: Probe): Promise<Verdict> {
  return withPrices(probe, PRICE_FORMS);
}

async function sealed(probe: Probe): Promise<Verdict> {
  return probe.profile.sealedPrice
    ? withPrices(probe, SEALED_PRICES)
    : notApplicable('the profile sends plain prices');
}

function methods(probe: Probe): Promise<Verdict> {
  return overNotices(probe, async (_, notice) => {
    const url = noticeUrl(notice)!;
    const head = await probe.call('HEAD', { url });
    const post = await probe.call('POST', { url });
    return worst([taken(`HEAD ${notice.name}`, head), taken(`POST ${notice.name}`, post)]);
  });
}

function damaged(probe: Probe): Promise<Verdict> {
  return overNotices(probe, async (_, notice) => {
    const url = noticeUrl(notice)!;
    const verdicts: Verdict[] = [];
    for (const search of ['', '?', url.search.slice(0, -9), `${url.search}%`, '?t=%00&p=%ff']) {
      const broken = new URL(url);
      broken.search = search;
      const exchange = await probe.call('GET', { url: broken });
      const isFault = exchange.status === 0 || exchange.status >= 500;
      const came = exchange.status || exchange.trouble;
      verdicts.push(isFault ? fail(`${notice.name}${search}: ${came}`, exchange) : pass());
    }
    return worst(verdicts);
  });
}
