/** Each shipped profile, from its file to the bid: links, notices and headers as the exchange wants them. */
import { describe, expect, it } from 'vitest';
import { campaign, snapshotOf } from '../bidder/auction/shop.contract.ts';
import { bidRequest, KEY, openBench } from '../bidder/bidder.contract.ts';
import { readMarkup } from '../creative/html-tokens.contract.ts';
import { decodePayload, verifyToken } from '../proto/token.ts';
import { type Exchange, PROFILES, type ProfileName } from '../settings/exchange.ts';
import { readWorkspace } from '../settings/load-workspace.ts';
import { workspace } from '../settings/workspace.contract.ts';

const secret = (letter: string) => Buffer.alloc(32, letter).toString('base64');
const KEYS = JSON.stringify({
  keys: [{ encryption_key: secret('a'), integrity_key: secret('b') }],
});

/** Links as the exchange's text substitution leaves them, and how they come apart again. */
const COUNTERS: Readonly<Record<ProfileName, { macro: string; counter: string; levels: number }>> =
  {
    generic: { macro: '', counter: '', levels: 0 },
    google: {
      macro: '%%CLICK_URL_UNESC%%',
      counter: 'https://adclick.example/aclk?sa=L&ai=1&adurl=',
      levels: 1,
    },
    xandr: { macro: '${CLICK_URL}', counter: 'https://ib.example/click?AAAA/clickenc=', levels: 0 },
    yandex: { macro: '', counter: '', levels: 0 },
    index: { macro: '', counter: '', levels: 0 },
    prebid: { macro: '', counter: '', levels: 0 },
  };

function exchangeOf(profile: ProfileName): Exchange {
  const keys = profile === 'google' ? 'price: { keys_file: demo.keys.json }\n' : '';
  const dir = workspace({
    'exchanges/big.yaml': `exchange: demo\nprofile: ${profile}\ncurrencies: [USD]\n${keys}`,
    'exchanges/demo.keys.json': KEYS,
    'shops/tea/campaigns/spring.yaml': null,
  });
  const { exchanges, problems } = readWorkspace(dir);
  expect(problems).toEqual([]);
  return exchanges[0]!.value;
}

async function bidTo(exchange: Exchange) {
  await using bench = await openBench(snapshotOf([campaign('open')]), { exchange });
  const answer = bench.post(bidRequest('anna'));
  expect(answer.status).toBe(200);
  return { answer, bid: JSON.parse(answer.body).seatbid[0].bid[0] };
}

describe.each(PROFILES)('the profile %s', (profile) => {
  const { macro, counter, levels } = COUNTERS[profile];

  it('sends a click over the exchange’s counter to ours', async () => {
    const { bid } = await bidTo(exchangeOf(profile));
    const substituted = (bid.adm as string).replaceAll(macro || '\0', counter);
    const attributes = readMarkup(substituted).tags.flatMap((tag) => tag.attributes);
    const links = attributes.filter(([name]) => name === 'href').map(([, value]) => value);
    expect(links.length).toBeGreaterThan(1);
    links.forEach((link, slot) => {
      expect(link.startsWith(counter)).toBe(true);
      let ours = link.slice(counter.length);
      for (let level = 0; level < levels; level++) ours = decodeURIComponent(ours);
      const url = new URL(ours);
      expect(`${url.origin}${url.pathname}`).toBe('https://ads.example/c');
      expect(url.searchParams.get('s')).toBe(String(slot));
      const payload = verifyToken(KEY, 'browser', url.searchParams.get('t')!);
      expect(decodePayload(payload!)).toMatchObject({ exchange: 'demo', campaign: 'open' });
    });
  });

  it('asks for price, minimum to win and loss by macros that it knows', async () => {
    const exchange = exchangeOf(profile);
    const { bid, answer } = await bidTo(exchange);
    const asked = (url: string) => url.replace(/^.*?&/, '');
    expect(asked(bid.burl)).toBe('p=${AUCTION_PRICE}');
    expect(asked(bid.nurl)).toBe('p=${AUCTION_PRICE}&m=${AUCTION_MIN_TO_WIN}');
    expect(asked(bid.lurl)).toBe('p=${AUCTION_PRICE}&m=${AUCTION_MIN_TO_WIN}&c=${AUCTION_LOSS}');
    const type = exchange.contentType || 'application/json';
    expect(answer.headers['Content-Type']).toBe(type);
  });
});
