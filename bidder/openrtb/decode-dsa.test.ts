import { expect, it } from 'vitest';
import { decodeDsa } from './decode-dsa.ts';

it('reads what the Digital Services Act demands of a bid', () => {
  expect(decodeDsa({ dsarequired: '2', pubrender: 0, datatopub: 0 })).toEqual({
    required: true,
    pubRender: 0,
    takesParams: false,
  });
  expect(decodeDsa({ dsarequired: 1, pubrender: 2, datatopub: 1 })).toEqual({
    required: false,
    pubRender: 2,
    takesParams: true,
  });
  for (const nothing of [undefined, null, 1, [], {}, { dsarequired: 0 }, { dsarequired: null }])
    expect(decodeDsa(nothing)).toBeNull();
});

it('takes a demand that cannot be read for the strictest', () => {
  for (const dsarequired of ['often', -1, 4, {}, Number.NaN])
    expect(decodeDsa({ dsarequired })).toMatchObject({ required: true });
});
