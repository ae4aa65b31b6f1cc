/** What the fake bidder bids: one campaign at one price, within what a request allows. */

// biome-ignore lint/suspicious/noExplicitAny: wire JSON, made and broken by tests.
export type Wire = any;

/** The restrictions that it can be made to ignore. */
export type Rule =
  | 'size'
  | 'floor'
  | 'currency'
  | 'seats'
  | 'deals'
  | 'blocks'
  | 'secure'
  | 'legacy'
  | 'duplicates';

export type FakeBid = Wire;

const PRICE = 2.5;
const SIZES = ['300x250', '728x90', '320x50'];
let bidCount = 0;

export function offersFor(request: Wire, origin: string, ignores: readonly Rule[]): FakeBid[] {
  const keeps = (rule: Rule) => !ignores.includes(rule);
  if (typeof request.id !== 'string' || !Array.isArray(request.imp)) return [];
  if (keeps('seats') && !seatAllowed(request)) return [];
  if (keeps('blocks') && blocked(request)) return [];
  if (keeps('currency') && !currencyAllowed(request)) return [];
  if (optedOut(request.regs, keeps('legacy'))) return [];
  const imps = request.imp.filter((imp: Wire) => typeof imp?.id === 'string');
  const ids = imps.map(({ id }: Wire) => id);
  return imps
    .filter(
      ({ id }: Wire, i: number) =>
        !keeps('duplicates') || (ids.lastIndexOf(id) === i && ids.indexOf(id) === i),
    )
    .flatMap((imp: Wire) => offerFor(imp, origin, keeps));
}

const list = (value: unknown): readonly Wire[] => (Array.isArray(value) ? value : []);

function seatAllowed({ wseat, bseat }: Wire): boolean {
  const wanted = list(wseat);
  return (wanted.length === 0 || wanted.includes('seat-1')) && !list(bseat).includes('seat-1');
}

function blocked({ badv, bcat }: Wire): boolean {
  const advertisers = list(badv).map((name) => String(name).toLowerCase());
  return advertisers.includes('shop.example') || list(bcat).includes('IAB22');
}

function currencyAllowed({ cur }: Wire): boolean {
  return list(cur)
    .map((code) => String(code).toUpperCase())
    .includes('USD');
}

function optedOut(regs: Wire, readsLegacy: boolean): boolean {
  return (regs?.us_privacy ?? (readsLegacy ? regs?.ext?.us_privacy : '')) === '1YYN';
}

function offerFor(imp: Wire, origin: string, keeps: (rule: Rule) => boolean): FakeBid[] {
  const { banner, pmp } = imp;
  const formats = [...list(banner?.format), banner ?? {}];
  const size = formats.find(({ w, h }: Wire) => SIZES.includes(`${w}x${h}`));
  if (size === undefined) return [];
  if (keeps('blocks') && list(banner.battr).includes(1)) return [];
  if (keeps('secure') && Number(imp.secure) === 1) return [];
  if (keeps('deals') && Number(pmp?.private_auction) === 1) return [];
  if (keeps('floor') && Number(imp.bidfloor ?? 0) > PRICE) return [];
  const id = `bid-${++bidCount}`;
  const link = (letter: string, query: string) =>
    `${origin}/${letter}?t=${id}-token-token&${query}`;
  return [
    {
      id,
      impid: imp.id,
      price: PRICE,
      cid: 'autumn',
      crid: 'grid-1',
      adid: 'grid-1',
      adomain: ['shop.example'],
      cat: ['IAB22'],
      cattax: 1,
      attr: [1],
      w: size.w,
      h: size.h,
      mtype: 1,
      nurl: link('n', 'p=${AUCTION_PRICE}'),
      burl: link('b', 'p=${AUCTION_PRICE}'),
      lurl: link('l', 'c=${AUCTION_LOSS}'),
      adm: '<div lang="en"><p>Hello</p></div>',
      ext: { nroa: { erid: 'erid-1' } },
    },
  ];
}
