import { describe, expect, it } from 'vitest';
import { campaign, snapshotOf } from './auction/shop.contract.ts';
import { type Answer, bidRequest, EXCHANGE, openBench } from './bidder.contract.ts';

const everybody = snapshotOf([campaign('open')]);
const bidOf = (answer: Answer) => JSON.parse(answer.body).seatbid[0].bid[0];
/** `${AUCTION_MIN_TO_WIN}` with its name, in the two URLs that ask for it. */
const MIN_TO_WIN_BYTES = 2 * '&m=${AUCTION_MIN_TO_WIN}'.length;

describe('the notice URLs of a bid', () => {
  it.each(['${AUCTION_PRICE}', '${AUCTION_PRICE:B64}', '%%WINNING_PRICE%%'])(
    'ask for the price by the macro of its exchange, %s',
    async (macro) => {
      const exchange = { ...EXCHANGE, price: { ...EXCHANGE.price, macro } };
      await using bench = await openBench(everybody, { exchange });
      const bid = bidOf(bench.post(bidRequest('anna')));
      const told = (url: string) => url.slice(url.indexOf('&'));
      expect(told(bid.burl)).toBe(`&p=${macro}`);
      expect(told(bid.nurl)).toBe(`&p=${macro}&m=\${AUCTION_MIN_TO_WIN}`);
      expect(told(bid.lurl)).toBe(`&p=${macro}&m=\${AUCTION_MIN_TO_WIN}&c=\${AUCTION_LOSS}`);
      for (const url of [bid.nurl, bid.burl, bid.lurl]) expect(url).not.toMatch(/[\s"'<>\\]/);
    },
  );

  it('ask for nothing that its exchange does not tell, and are as much shorter', async () => {
    await using bench = await openBench(everybody);
    const asking = bench.post(bidRequest('anna'));
    const exchange = { ...EXCHANGE, notices: { loss: '${AUCTION_LOSS}', minToWin: '' } };
    bench.bidder.serve(everybody, [exchange]);
    await bench.bidder.ready;
    const short = bench.post(bidRequest('anna'));
    expect(bidOf(short).nurl).toMatch(/&p=\$\{AUCTION_PRICE\}$/);
    expect(bidOf(short).lurl).toMatch(/&p=\$\{AUCTION_PRICE\}&c=\$\{AUCTION_LOSS\}$/);
    expect(asking.body.length - short.body.length).toBe(MIN_TO_WIN_BYTES);
    bench.bidder.serve(everybody, [{ ...exchange, notices: { loss: '', minToWin: '' } }]);
    expect(bidOf(bench.post(bidRequest('anna'))).lurl).toMatch(/&p=\$\{AUCTION_PRICE\}$/);
  });
});
