import fc from 'fast-check';
import { expect, it } from 'vitest';
import { creativeId, suppliedCreativeId } from './creative-id.ts';

const CREATIVE = {
  shop: 'northfold',
  template: 'product-grid',
  templateVersion: 'v1',
  language: 'en',
  size: '300x250',
};

it('is stable, readable, and another one when anything audited changes', () => {
  expect(creativeId(CREATIVE)).toMatch(/^product-gr-300x250-[0-9a-z]{5,11}$/);
  expect(creativeId({ ...CREATIVE })).toBe(creativeId(CREATIVE));
  const others = Object.keys(CREATIVE).map((part) => creativeId({ ...CREATIVE, [part]: 'other' }));
  expect(new Set([creativeId(CREATIVE), ...others]).size).toBe(6);
});

it('is short and made of name characters, whatever it is made from', () =>
  fc.assert(
    fc.property(fc.string(), fc.string(), (shop, template) => {
      expect(creativeId({ ...CREATIVE, shop, template })).toMatch(/^[a-z0-9_-]{1,32}$/);
    }),
  ));

it('of an ad without a template changes with what is supplied', () => {
  const supplied = { cta: 'Shop now', description: '', images: null, icon: null };
  const native = { shop: 'northfold', format: 'native', supplied, language: 'en' } as const;
  expect(suppliedCreativeId(native)).toMatch(/^supplied-native-[0-9a-z]{5,11}$/);
  expect(suppliedCreativeId({ ...native })).toBe(suppliedCreativeId(native));
  const other = { ...native, supplied: { ...supplied, cta: 'Buy' } };
  expect(suppliedCreativeId(other)).not.toBe(suppliedCreativeId(native));
});
