import { describe, expect, it } from 'vitest';
import { identitySchema } from '../../settings/identity-section.ts';
import { shopPolicy } from './identity-policy.ts';

describe('identity:', () => {
  it('says nothing of what it leaves out', () => {
    expect(identitySchema.parse({})).toEqual({});
    expect(shopPolicy([], identitySchema.parse({}))).toEqual(shopPolicy([]));
  });

  it('bounds each kind, a person, and how many customers are one', () => {
    const said = identitySchema.parse({
      cookie: { days: 30, shared_max: 2, per_person_max: 20 },
      phone: { days: 'forever' },
      customers_max: 4,
      person_max: 60,
    });
    const { kinds, personMax } = shopPolicy(['phone'], said);
    const of = (name: string) => kinds.find(({ kind }) => kind === name);
    expect(of('cookie')).toMatchObject({ ttlDays: 30, sharedMax: 2, perPersonMax: 20 });
    expect(of('phone')).toMatchObject({ ttlDays: null, sharedMax: 5, joinsCustomers: true });
    expect(of('customer')).toMatchObject({ perPersonMax: 4 });
    expect(personMax).toBe(60);
  });

  it.each([
    [{ cookies: { days: 30 } }],
    [{ cookie: { days: 0 } }],
    [{ cookie: { days: 'never' } }],
    [{ cookie: { joins: true } }],
    [{ customers_max: 1 }],
  ])('refuses %j', (said) => {
    expect(identitySchema.safeParse(said).success).toBe(false);
  });
});
