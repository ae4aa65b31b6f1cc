/** What every request of a run is made from: the user's files, or a plain banner in usual sizes. */
import { items, type Json, json, text } from './answers/wire-json.ts';
import type { Profile } from './profiles.ts';

const AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

export function builtInRequest({ sizes, currencies, auctionType }: Profile): Json {
  return {
    id: 'certify',
    imp: [
      {
        id: '1',
        banner: { format: sizes.map(([w, h]) => ({ w, h })) },
        bidfloor: 0.01,
        bidfloorcur: currencies[0],
        secure: 1,
      },
    ],
    site: {
      id: 'certify',
      domain: 'news.example',
      page: 'https://news.example/today',
      publisher: { id: 'certify' },
    },
    device: { ua: AGENT, ip: '203.0.113.7', devicetype: 2, language: 'en', dnt: 0, lmt: 0 },
    user: { id: 'certify-user' },
    at: auctionType,
    tmax: 200,
    cur: [...currencies],
  };
}

/**
 * A user's request, made so that every amount can be judged: one currency, in which its floors are.
 * Rates are not known here, so a floor in another one is left out. Null for what is no request.
 */
export function baseRequest(value: unknown, { currencies }: Profile): Json | null {
  const request = json(value);
  const imps = request['imp'];
  if (text(request['id']) === '' || !Array.isArray(imps) || imps.length === 0) return null;
  const currency = text(items(request['cur'])[0]) || (currencies[0] ?? 'USD');
  return {
    ...request,
    cur: [currency],
    imp: imps.map((imp: unknown) => floorIn(currency, json(imp))),
  };
}

function floorIn(currency: string, imp: Json): Json {
  const { bidfloor, bidfloorcur, ...others } = imp;
  if (bidfloor === undefined || text(bidfloorcur ?? 'USD') !== currency) return others;
  return { ...others, bidfloor, bidfloorcur: currency };
}
