/** What a request forbids. Each is tried against what the bidder bids without it, so that it bites. */
import { type Json, json, number, numbers, text, texts } from '../answers/wire-json.ts';
import { judge } from '../judge.ts';
import { type Asked, type Change, everyImp, type Probe } from '../probe.ts';
import { type Check, notApplicable, pass, type Verdict, worst } from '../verdict.ts';
import { BIDS_ENDED, NEVER_BID, stillBids, verdictOn } from './verdict-on.ts';

const area = 'protocol';
const NOBODY = 'certify-nobody';
const DEAL = 'certify-deal';

export const RESTRICTION_CHECKS: readonly Check[] = [
  { id: 'floor-and-currency', area, title: 'floors and currencies are kept', run: against(floors) },
  { id: 'seats', area, title: 'wseat and bseat are kept', run: against(seats) },
  { id: 'deals', area, title: 'deals and private auctions are kept', run: against(deals) },
  { id: 'blocks', area, title: 'bcat, badv and battr are kept', run: against(blocks) },
  { id: 'secure', area, title: 'secure: 1 gets https alone', run: secure },
];

interface Restriction {
  readonly change: Change;
  readonly rules: readonly string[];
}

/** Every restriction is met by a bid that keeps it or by none. */
function against(restrictionsOf: (probe: Probe, won: Asked) => readonly (Restriction | string)[]) {
  return async (probe: Probe): Promise<Verdict> => {
    const won = await probe.askForBid();
    if (won.bids.length === 0) return notApplicable(NEVER_BID);
    const verdicts: Verdict[] = [];
    for (const restriction of restrictionsOf(probe, won)) {
      if (typeof restriction === 'string') verdicts.push(notApplicable(restriction));
      else {
        const asked = await probe.askForBid(restriction.change);
        verdicts.push(verdictOn(asked, restriction.rules, pass()));
      }
    }
    const verdict = worst(verdicts);
    // Silence keeps a restriction only where there would be a bid without it.
    const isTold = verdict.kind !== 'pass' || (await stillBids(probe));
    return isTold ? verdict : notApplicable(BIDS_ENDED);
  };
}

const bidOf = ({ bids }: Asked): Json => bids[0]!.bid;

function floors(_: Probe, won: Asked): Restriction[] {
  const price = number(bidOf(won)['price']);
  const currency = text(won.response?.['cur'] ?? 'USD');
  const at = (bidfloor: number): Restriction => ({
    change: everyImp((imp) => ({ ...imp, bidfloor, bidfloorcur: currency })),
    rules: ['below-floor', 'currency'],
  });
  const other = currency === 'XTS' ? 'XAU' : 'XTS';
  const elsewhere: Change = (request) => ({ ...everyImp(withoutFloor)(request), cur: [other] });
  const lower: Change = (request) => ({ ...request, cur: [currency.toLowerCase()] });
  return [
    at(price / 2),
    at(price * 1.000_01),
    at(price * 100),
    { change: elsewhere, rules: ['currency'] },
    { change: lower, rules: ['currency'] },
  ];
}

const withoutFloor = ({ bidfloor: _, bidfloorcur: __, ...imp }: Json): Json => imp;

function seats(_: Probe, won: Asked): (Restriction | string)[] {
  const { seat } = won.bids[0]!;
  const only: Restriction = {
    change: (request) => ({ ...request, wseat: [NOBODY] }),
    rules: ['seat-not-allowed'],
  };
  const notThis: Restriction = {
    change: ({ wseat: _w, ...request }) => ({ ...request, bseat: [seat] }),
    rules: ['seat-blocked'],
  };
  return [only, seat === '' ? 'bseat: its bids name no seat' : notThis];
}

function deals(_: Probe, won: Asked): Restriction[] {
  const deal = (more: Json, privateAuction: number): Change =>
    everyImp((imp) => ({
      ...imp,
      pmp: { private_auction: privateAuction, deals: [{ id: DEAL, ...floor, ...more }] },
    }));
  const floor = { bidfloor: number(bidOf(won)['price']) * 50, bidfloorcur: won.response?.['cur'] };
  const rules = ['deal-missing', 'deal-unknown', 'deal-seat', 'deal-advertiser', 'deal-price'];
  return [
    { change: deal({}, 0), rules: [...rules, 'below-floor'] },
    { change: deal({}, 1), rules: [...rules, 'below-floor'] },
    { change: deal({ wseat: [NOBODY] }, 1), rules },
    { change: deal({ wadomain: ['certify.example'] }, 1), rules },
    { change: everyImp((imp) => ({ ...imp, pmp: { private_auction: 1 } })), rules },
  ];
}

function blocks(_: Probe, won: Asked): (Restriction | string)[] {
  const bid = bidOf(won);
  const attributes = numbers(bid['attr']);
  const categories = texts(bid['cat']);
  const domains = texts(bid['adomain']);
  return [
    domains.length === 0
      ? 'badv: its bids name no advertiser'
      : {
          change: (request) => ({ ...request, badv: domains.map((each) => each.toUpperCase()) }),
          rules: ['advertiser-blocked'],
        },
    categories.length === 0
      ? 'bcat: its bids name no category'
      : {
          change: ({ acat: _a, ...request }) => ({
            ...request,
            bcat: categories,
            cattax: bid['cattax'] ?? 1,
          }),
          rules: ['category-blocked', 'category-missing', 'category-taxonomy'],
        },
    attributes.length === 0
      ? 'battr: its bids name no attribute'
      : {
          change: everyImp((imp) => ({
            ...imp,
            banner: { ...json(imp['banner']), battr: attributes },
          })),
          rules: ['attribute-blocked'],
        },
  ];
}

async function secure(probe: Probe): Promise<Verdict> {
  const secured = await probe.askForBid(everyImp((imp) => ({ ...imp, secure: 1 })));
  const verdict = verdictOn(secured, ['insecure-url']);
  if (verdict.kind !== 'not-applicable') return verdict;
  const open = await probe.askForBid(everyImp((imp) => ({ ...imp, secure: 0 })));
  if (open.bids.length === 0) return notApplicable(NEVER_BID);
  const asked = everyImp((imp) => ({ ...imp, secure: 1 }))(open.request);
  const { faults } = judge(probe.profile, asked, open.exchange);
  return faults.some((fault) => fault.startsWith('insecure-url'))
    ? pass('it stays silent: its own URLs are http')
    : notApplicable('no bid came for secure: 1');
}
