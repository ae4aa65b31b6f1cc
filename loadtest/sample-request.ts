import type { PersonIdentity } from './request-parts.ts';

export interface SampleRequestOptions {
  /** Of the person who is to be recognised. */
  readonly identities: readonly PersonIdentity[];
  /** `WxH`. */
  readonly size: string;
  readonly exchange: string;
  readonly currency: string;
  /** Makes the request's id, so that repeated samples are told apart. */
  readonly seed: number;
}

/**
 * A small OpenRTB 2.6 banner request that a person can read: one imp, in the United States, where
 * no consent is missing. Throws when `size` is not `WxH`.
 */
export function sampleRequest(options: SampleRequestOptions): object {
  const match = /^(\d{1,4})x(\d{1,4})$/.exec(options.size);
  if (match === null) throw new Error(`expected a size like 300x250, got ${options.size}`);
  const [w, h] = [Number(match[1]), Number(match[2])];
  const valueIn = (space: string): string | undefined =>
    options.identities.find((identity) => identity.space === space)?.value;
  const exchangeId = valueIn(`exchange:${options.exchange}`);
  const cookie = valueIn('cookie');
  const ifa = valueIn('ifa');
  const eids = options.identities
    .filter(({ space }) => space.startsWith('eid:'))
    .map(({ space, value }) => ({ source: space.slice('eid:'.length), uids: [{ id: value }] }));

  return {
    id: `sample-${options.seed}`,
    imp: [
      {
        id: '1',
        banner: { format: [{ w, h }] },
        bidfloor: 0.1,
        bidfloorcur: options.currency,
        secure: 0,
      },
    ],
    site: {
      domain: 'news.example',
      page: 'https://news.example/today',
      publisher: { id: 'pub-1' },
    },
    device: {
      ua: 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0',
      devicetype: 2,
      language: 'en',
      dnt: 0,
      lmt: 0,
      geo: { country: 'USA' },
      ...(ifa !== undefined && { ifa }),
    },
    user: {
      ...(exchangeId !== undefined && { id: exchangeId }),
      ...(cookie !== undefined && { buyeruid: cookie }),
      ...(eids.length > 0 && { eids }),
    },
    regs: { coppa: 0, gdpr: 0 },
    at: 1,
    tmax: 200,
    cur: [options.currency],
  };
}
