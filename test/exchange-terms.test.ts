/** What an exchange or a law asks of a bid beside the standard: said with the bid, or no bid. */
import { describe, expect, it } from 'vitest';
import { campaign, snapshotOf } from '../bidder/auction/shop.contract.ts';
import {
  type Answer,
  type Bench,
  bidRequest,
  EXCHANGE,
  openBench,
} from '../bidder/bidder.contract.ts';
import {
  fromProtobuf,
  openrtbProto,
  toProtobuf,
} from '../bidder/openrtb/openrtb-proto.contract.ts';
import { violationsOf } from '../certify/answers/answer-violations.ts';
import type { Exchange } from '../settings/exchange.ts';
import type { Campaign, ShopSettings } from '../settings/workspace.ts';

const PROTO = openrtbProto(true);
const TERMS = { behalf: 'Acme "Ltd"', paid: 'Ächme', rendered: false };

interface House {
  readonly exchange?: Partial<Exchange>;
  readonly shop?: Partial<ShopSettings>;
  readonly campaigns?: readonly Campaign[];
}

function open({ exchange = {}, shop = {}, campaigns = [campaign('open')] }: House): Promise<Bench> {
  const snapshot = snapshotOf(campaigns, {}, (published) => ({
    ...published,
    settings: { ...published.settings, ...shop },
  }));
  return openBench(snapshot, { exchange: { ...EXCHANGE, ...exchange } });
}

// biome-ignore lint/suspicious/noExplicitAny: a parsed bid, looked into by tests.
const bidOf = (answer: Answer): any => JSON.parse(answer.body).seatbid[0].bid[0];

/** Posts and says the bid's own word, or the reason why there is none. */
async function outcome(house: House, more: object = {}, imp: object = {}): Promise<unknown> {
  await using bench = await open(house);
  const request = bidRequest('anna', more, imp);
  const answer = bench.post(request);
  expect(bench.errors).toEqual([]);
  if (answer.status === 200) {
    expect(faultsOf(request, answer)).toEqual([]);
    return bidOf(answer);
  }
  const { metrics } = bench;
  const reasons = Object.entries(countsOf(metrics)).filter(([, count]) => count > 0);
  return reasons.map(([reason]) => reason);
}

const REASONS = [
  'dsa-required',
  'dsa-rendering',
  'erid-missing',
  'category-taxonomy-unknown',
  'blocked-category',
  'blocked-advertiser',
];

function countsOf(metrics: Bench['metrics']): Record<string, number> {
  const counts = metrics.snapshot();
  return Object.fromEntries(
    REASONS.map((reason) => [reason, counts[metrics.slot('rekindle_nobid_total', reason)]!]),
  );
}

function faultsOf(request: object, { status, body, headers }: Answer): string[] {
  const bytes = Buffer.from(body);
  const sent = {
    'content-type': headers['Content-Type'],
    'content-length': String(bytes.byteLength),
  };
  const perUsd = { USD: 1, EUR: 0.5 };
  return violationsOf(request, { status, headers: sent, body: bytes }, { perUsd });
}

const dsa = (more: object) => ({ regs: { ext: { dsa: more } } });

describe('promise 8: a request under the Digital Services Act', () => {
  it.each([2, 3])('that demands it (%i) is told who stands behind the ad', async (dsarequired) => {
    expect(
      await outcome({ shop: { dsa: TERMS } }, dsa({ dsarequired, pubrender: 2 })),
    ).toMatchObject({
      ext: {
        dsa: {
          behalf: 'Acme "Ltd"',
          paid: 'Ächme',
          adrender: 0,
          transparency: [{ domain: 'shop.acme.example', dsaparams: [1, 2] }],
        },
      },
    });
  });

  it('is told of no profiling where nobody was recognised', async () => {
    const stranger = { user: {}, ...dsa({ dsarequired: 3 }) };
    expect(await outcome({ shop: { dsa: TERMS } }, stranger)).toMatchObject({
      ext: { dsa: { transparency: [{ dsaparams: [2] }] } },
    });
  });

  it('is told nothing of data that it does not take', async () => {
    const { ext } = (await outcome(
      { shop: { dsa: TERMS } },
      dsa({ dsarequired: 2, datatopub: 0 }),
    )) as { ext: { dsa: object } };
    expect(Object.keys(ext.dsa)).toEqual(['behalf', 'paid', 'adrender']);
  });

  it.each([
    [{ dsarequired: 2 }, null, ['dsa-required']],
    [{ dsarequired: 'x' }, null, ['dsa-required']],
    [{ dsarequired: 2, pubrender: 0 }, TERMS, ['dsa-rendering']],
    [{ dsarequired: '3', pubrender: 2 }, { ...TERMS, rendered: true }, ['dsa-rendering']],
  ])('%j gets no bid of a shop with %j', async (demand, terms, reasons) =>
    expect(await outcome({ shop: { dsa: terms } }, dsa(demand))).toEqual(reasons),
  );

  it.each([
    [{ dsarequired: 2, pubrender: 0 }, true, 1],
    [{ dsarequired: 2, pubrender: 1 }, true, 1],
    [{ dsarequired: 2, pubrender: 1 }, false, 0],
    [{ dsarequired: 2 }, true, 1],
    [{ dsarequired: 1, pubrender: 2 }, false, 0],
  ])(
    '%j is told by templates that show the notice (%s): adrender %i',
    async (demand, rendered, is) =>
      expect(await outcome({ shop: { dsa: { ...TERMS, rendered } } }, dsa(demand))).toMatchObject({
        ext: { dsa: { adrender: is } },
      }),
  );

  it.each([
    [{}, TERMS],
    [{ dsarequired: 0 }, TERMS],
    [{ dsarequired: 1 }, null],
    [{ dsarequired: 1, pubrender: 0 }, TERMS],
  ])('%j is bid on without a word: %j', async (demand, terms) =>
    expect(await outcome({ shop: { dsa: terms } }, dsa(demand))).not.toHaveProperty('ext'),
  );

  it('reads and says the same in protobuf', async () => {
    await using bench = await open({ exchange: { format: 'protobuf' }, shop: { dsa: TERMS } });
    const request = bidRequest('anna', dsa({ dsarequired: 2, pubrender: 2 }), { secure: true });
    const { bytes } = bench.post(toProtobuf(PROTO, 'BidRequest', request));
    expect(fromProtobuf(PROTO, 'BidResponse', bytes)).toMatchObject({
      seatbid: [
        {
          bid: [
            {
              ext: {
                dsa: {
                  behalf: 'Acme "Ltd"',
                  paid: 'Ächme',
                  adrender: 0,
                  transparency: [{ domain: 'shop.acme.example', dsaparams: [1, 2] }],
                },
              },
            },
          ],
        },
      ],
    });
  });
});

describe('an ad that has to be marked', () => {
  const RUSSIA = { device: { ua: 'Mozilla/5.0', geo: { country: 'RUS' } } };
  const NOWHERE = { device: { ua: 'Mozilla/5.0' } };
  const inRussia = { marking: { required: 'in_russia' } } as const;
  const marked = campaign('marked', { erid: '2VtzqwQ3Lft' });

  it.each([RUSSIA, NOWHERE])('says its mark: %j', async (where) =>
    expect(await outcome({ exchange: inRussia, campaigns: [marked] }, where)).toMatchObject({
      ext: { nroa: { erid: '2VtzqwQ3Lft', has_nroa_markup: 0 } },
    }),
  );

  it('says whose it is, and that the markup says so too', async () => {
    const client = { inn: '7707083893', legalForm: 'ul', name: 'ООО «Чай»' } as const;
    const house = { exchange: inRussia, campaigns: [marked] };
    const shop = { adMarking: { inMarkup: true, client } };
    expect(await outcome({ ...house, shop }, RUSSIA)).toMatchObject({
      ext: {
        nroa: {
          erid: '2VtzqwQ3Lft',
          has_nroa_markup: 1,
          client: { inn: '7707083893', legal_form: 'ul', name: 'ООО «Чай»' },
        },
      },
    });
  });

  it.each([
    [RUSSIA, inRussia],
    [NOWHERE, inRussia],
    [{}, { marking: { required: 'always' } } as const],
  ])('is not bid without a mark: %j to %j', async (where, exchange) =>
    expect(await outcome({ exchange }, where)).toEqual(['erid-missing']),
  );

  it('leaves the bid to a campaign that is', async () => {
    const campaigns = [campaign('dearer', { multiplier: 3 }), marked];
    expect(await outcome({ exchange: inRussia, campaigns }, RUSSIA)).toMatchObject({
      cid: 'marked',
    });
  });

  it.each([
    [RUSSIA, {}],
    [{}, inRussia],
  ])('needs no mark elsewhere, and where nobody asks: %j to %j', async (where, exchange) =>
    expect(await outcome({ exchange }, where)).toMatchObject({ cid: 'open' }),
  );

  it('says it together with the DSA', async () => {
    const house = { exchange: inRussia, campaigns: [marked], shop: { dsa: TERMS } };
    expect(await outcome(house, { ...RUSSIA, ...dsa({ dsarequired: 2 }) })).toMatchObject({
      ext: { nroa: { erid: '2VtzqwQ3Lft' }, dsa: { adrender: 0 } },
    });
  });
});

describe('an advertiser’s domain in a script of its own', () => {
  const shop = { domains: ['shop.xn--caf-dma.example'] };

  it.each([
    'xn--caf-dma.example',
    'XN--Caf-DMA.example',
    'caf\u00e9.example',
    'Shop.CAF\u00c9.example.',
    'cafe\u0301.example',
    'https://shop.CAFE\u0301.example/',
    ' caf\u00e9.example ',
  ])('is blocked by %j', async (name) =>
    expect(await outcome({ shop }, { badv: [name] })).toEqual(['blocked-advertiser']),
  );

  it('is not blocked by another', async () =>
    expect(await outcome({ shop }, { badv: ['cafe.example'] })).toMatchObject({ cid: 'open' }));
});

describe('categories', () => {
  const shop = { categories: { 1: ['IAB22-1'], 7: ['473', 'v9i3On'] } };

  it.each([
    [
      { bcat: ['1', '52'], cattax: 7 },
      { cat: ['473', 'v9i3On'], cattax: 7 },
    ],
    [
      { acat: ['473', 'v9i3On'], cattax: 7 },
      { cat: ['473', 'v9i3On'], cattax: 7 },
    ],
    [{ bcat: ['IAB23'] }, { cat: ['IAB22-1'], cattax: 1 }],
    [{ cattax: 7 }, { cat: ['473', 'v9i3On'], cattax: 7 }],
    [{ cattax: 2 }, { cat: ['IAB22-1'], cattax: 1 }],
  ])('are compared and named in the taxonomy of %j', async (more, is) =>
    expect(await outcome({ shop }, more)).toMatchObject(is),
  );

  it.each([
    [{ bcat: ['473'], cattax: 7 }, 'blocked-category'],
    [{ bcat: ['V9I3ON', 'v9i3On'], cattax: 7 }, 'blocked-category'],
    [{ acat: ['473'], cattax: 7 }, 'blocked-category'],
    [{ bcat: ['IAB22'], cattax: 1 }, 'blocked-category'],
    [{ bcat: ['473'], cattax: 2 }, 'category-taxonomy-unknown'],
    [{ acat: ['473'], cattax: 3 }, 'category-taxonomy-unknown'],
  ])('shut the shop out of %j: %s', async (more, reason) =>
    expect(await outcome({ shop }, more)).toEqual([reason]),
  );

  it('are in the taxonomy of the exchange where the request names none', async () => {
    const exchange = { taxonomy: 7 };
    expect(await outcome({ shop, exchange }, { bcat: ['473'] })).toEqual(['blocked-category']);
    await using bench = await open({ shop, exchange });
    expect(bidOf(bench.post(bidRequest('anna', { bcat: ['IAB22'] })))).toMatchObject({ cattax: 7 });
  });

  it('are named in the one that the shop has', async () =>
    expect(await outcome({ shop: { categories: { 6: ['473'] } } }, {})).toMatchObject({
      cat: ['473'],
      cattax: 6,
    }));
});
