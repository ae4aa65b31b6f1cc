import { expect, it } from 'vitest';
import { AD_FORMATS } from '../proto/ad-format.ts';
import { BILLING_SOURCES, type Billing } from './exchange.ts';
import { loadWorkspace } from './load-workspace.ts';
import { check, workspace } from './workspace.contract.ts';

const FILE = 'exchanges/big.yaml';
const big = (billing: string) => `exchange: big\ncurrencies: [USD]\nbilling: ${billing}\n`;
const billingOf = (text: string): Billing =>
  loadWorkspace(workspace({ [FILE]: big(text) })).exchanges[0]!.billing;

it.each(BILLING_SOURCES)('one word, %s, is the source of every format', (source) => {
  const billing = billingOf(source);
  expect(Object.keys(billing).sort()).toEqual([...AD_FORMATS].sort());
  for (const format of AD_FORMATS) expect(billing[format]).toBe(source);
});

it('a section names the source of each', () =>
  expect(billingOf('{ banner: burl, native: nurl, video: impression, audio: burl }')).toEqual({
    banner: 'burl',
    native: 'nurl',
    video: 'impression',
    audio: 'burl',
  }));

const ONE_OF = 'expected one of burl, nurl, impression';

it.each([
  ['pixel', `3:10 billing ${ONE_OF}, got "pixel"`],
  ['bur', `3:10 billing ${ONE_OF}, got "bur" → burl`],
  ['[burl]', `3:10 billing ${ONE_OF}, got ["burl"]`],
  ['', `3:10 billing ${ONE_OF}, got null`],
  [
    '{ banner: burl, native: burl, video: vast, audio: nurl }',
    `3:47 billing.video ${ONE_OF}, got "vast"`,
  ],
  [
    '{ banner: burl, native: burl, video: burl, audio: burl, display: burl }',
    '3:66 billing.display unknown key; known keys: banner, native, video, audio',
  ],
])('%s is refused at its place', (text, problem) =>
  check({ [FILE]: big(text) }, `${FILE}:${problem}`),
);

it('a format that is left out has no source, so it is asked for', () =>
  check(
    { [FILE]: big('{ banner: burl, native: burl }') },
    `${FILE}:3:10 billing.video is missing: ${ONE_OF}`,
    `${FILE}:3:10 billing.audio is missing: ${ONE_OF}`,
  ));
