import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMarkup } from '../../creative/html-tokens.contract.ts';
import { decodePayload, verifyToken } from '../../proto/token.ts';
import { CLICK_ENCODINGS, type ClickMacro, type Exchange } from '../../settings/exchange.ts';
import { campaign, snapshotOf } from '../auction/shop.contract.ts';
import { bidRequest, EXCHANGE, KEY, openBench } from '../bidder.contract.ts';
import { makeBrowserLinks } from './browser-links.ts';

const TIMES = { none: 0, once: 1, twice: 2 };

/** What a browser makes of an attribute's text that holds no references but numeric ones. */
const attribute = (html: string): string =>
  html.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));

/** Level by level, as each counter on the way decodes its parameter. */
function decoded(url: string, { encoding }: ClickMacro): string {
  let out = url;
  for (let i = 0; i < TIMES[encoding]; i++) out = decodeURIComponent(out);
  return out;
}

const macros = fc
  .stringMatching(/^[!$%()*+,./:;=?@[\]^{|}~\w-]{1,128}$/)
  .map((macro) => macro.replaceAll('&', ''));
const host = fc.stringMatching(
  /^[a-z][a-z0-9-]{0,20}\.example(:[1-9]\d{0,3})?(\/[a-z%${}&'"~]{0,9})?$/,
);
const token = fc.stringMatching(/^[A-Za-z0-9._~!-]{1,200}$/);

it('promise 10: is the macro, and behind it our URL that as many decodings give back', () => {
  fc.assert(
    fc.property(macros, fc.constantFrom(...CLICK_ENCODINGS), host, token, fc.nat(9), (...given) => {
      const [macro, encoding, name, payload, slot] = given;
      const click = { macro, encoding };
      const publicUrl = `https://${name}`;
      const { clickBefore: before, clickAfter: after } = makeBrowserLinks(publicUrl, click).html;
      const html = before + payload + after + slot;
      expect(html.startsWith(macro)).toBe(true);
      // Inert within a quoted attribute and within JSON; only the macro can be taken for one.
      const own = html.slice(macro.length);
      expect(own).toMatch(/^[\x20-\x7e]*$/);
      expect(own).not.toMatch(/["'<>\\`{}$]|%%/);
      expect(decoded(attribute(own), click)).toBe(`${publicUrl}/c?t=${payload}&s=${slot}`);
    }),
    { numRuns: 1000 },
  );
});

describe('the links of a banner', () => {
  const everybody = snapshotOf([campaign('open')]);

  async function linksOf(exchange: Partial<Exchange>): Promise<string[]> {
    await using bench = await openBench(everybody, { exchange: { ...EXCHANGE, ...exchange } });
    const { adm } = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid[0];
    const links = readMarkup(adm).tags.flatMap(({ attributes }) => attributes);
    return links.filter(([name]) => name === 'href').map(([, value]) => value);
  }

  it.each([
    { macro: '%%CLICK_URL_UNESC%%', encoding: 'once' },
    { macro: '%%CLICK_URL_ESC_ESC%%', encoding: 'twice' },
    { macro: '${CLICK_URL}', encoding: 'none' },
  ] as const)('all go through $macro, each to its slot', async (click) => {
    const links = await linksOf({ click });
    expect(links.length).toBeGreaterThan(1);
    links.forEach((link, slot) => {
      expect(link.startsWith(click.macro)).toBe(true);
      const url = new URL(decoded(link.slice(click.macro.length), click));
      expect([url.origin, url.pathname]).toEqual(['https://ads.example', '/c']);
      expect(url.searchParams.get('s')).toBe(String(slot));
      const payload = verifyToken(KEY, 'browser', url.searchParams.get('t')!);
      expect(decodePayload(payload!)).toMatchObject({ campaign: 'open', exchange: 'demo' });
    });
  });

  it('are ours alone where the exchange counts no clicks', async () => {
    for (const link of await linksOf({})) expect(link).toMatch(/^https:\/\/ads\.example\/c\?t=/);
  });

  it('never hold a macro that comes from data', async () => {
    const snapshot = snapshotOf([campaign('open')], {}, (shop) => ({
      ...shop,
      catalogue: {
        ...shop.catalogue,
        items: shop.catalogue.items.map((item) => ({
          ...item,
          title: '%%CLICK_URL_UNESC%%${CLICK_URL}',
        })),
      },
    }));
    const click = { macro: '%%CLICK_URL_UNESC%%', encoding: 'once' } as const;
    await using bench = await openBench(snapshot, { exchange: { ...EXCHANGE, click } });
    const { adm } = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid[0];
    const hrefs = (adm.match(/href="/g) ?? []).length;
    expect(adm.split(click.macro).length - 1).toBe(hrefs);
    expect(adm).not.toContain('${CLICK_URL}');
  });
});

it('asks why a bid lost by the macro of its exchange', async () => {
  const notices = { ...EXCHANGE.notices, loss: '${LOSS_REASON}' };
  await using bench = await openBench(snapshotOf([campaign('open')]), {
    exchange: { ...EXCHANGE, notices },
  });
  const { lurl } = JSON.parse(bench.post(bidRequest('anna')).body).seatbid[0].bid[0];
  expect(lurl.endsWith('&c=${LOSS_REASON}')).toBe(true);
});
