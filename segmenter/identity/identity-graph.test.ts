import { describe, expect, it } from 'vitest';
import { AS_OF_MS, DAY_MS, edge, find, JOINING, SHOP } from './graph-cases.contract.ts';
import type { IdentityEdge } from './numbered-edges.ts';

function check(
  edges: readonly IdentityEdge[],
  persons: Record<string, string | null>,
  policy = SHOP,
): void {
  expect(find(edges, policy).persons).toEqual(persons);
}

describe('a person', () => {
  it('is everything that is linked, near or far, and named by its customer id', () =>
    check([edge('cookie:c', 'email:e'), edge('customer:1', 'email:e'), edge('cookie:c', 'ifa:i')], {
      'customer:1': 'customer:1',
      'email:e': 'customer:1',
      'cookie:c': 'customer:1',
      'ifa:i': 'customer:1',
    }));

  it('is named by its oldest identifier of the strongest kind, by time before value', () => {
    const old = { firstSeenMs: 0, evidence: 'order' };
    check(
      [edge('customer:1', 'email:e'), edge('customer:2', 'email:e', old)],
      { 'customer:1': 'customer:2', 'customer:2': 'customer:2', 'email:e': 'customer:2' },
      JOINING,
    );
    check([edge('cookie:b', 'partner:a'), edge('cookie:a', 'partner:a')], {
      'cookie:a': 'cookie:a',
      'cookie:b': 'cookie:a',
      'partner:a': 'cookie:a',
    });
  });

  it('keeps its name when the link that named it grows old', () => {
    const grownOld = { firstSeenMs: 0, lastSeenMs: 1 };
    const links = [edge('customer:1', 'email:e'), edge('customer:2', 'email:e')];
    const { persons } = find([...links, edge('customer:2', 'cookie:c', grownOld)], JOINING);
    expect(persons).toMatchObject({ 'customer:1': 'customer:2', 'cookie:c': 'cookie:c' });
  });
});

describe('what links nobody', () => {
  it('is a link older than its kind lives', () => {
    const seen = (days: number) => ({ lastSeenMs: AS_OF_MS - days * DAY_MS });
    const links = [
      edge('customer:1', 'cookie:b', seen(91)),
      edge('customer:1', 'ifa:i', seen(400)),
    ];
    const { persons } = find([...links, edge('customer:1', 'cookie:c', seen(90))]);
    expect(persons).toEqual({
      'customer:1': 'customer:1',
      'cookie:b': 'cookie:b',
      'cookie:c': 'customer:1',
      'ifa:i': 'customer:1',
    });
  });

  it('is a link that was taken back, until it is seen again', () => {
    const seen = edge('customer:1', 'cookie:c', { lastSeenMs: AS_OF_MS - 10 });
    const revoked = { ...seen, revokedMs: AS_OF_MS - 10 };
    check([seen, revoked], { 'customer:1': 'customer:1', 'cookie:c': 'cookie:c' });
    const again = { ...seen, lastSeenMs: AS_OF_MS - 9 };
    check([seen, revoked, again], { 'customer:1': 'customer:1', 'cookie:c': 'customer:1' });
  });

  it('is a cookie of two customers, and what only it would link', () => {
    const links = [edge('customer:1', 'cookie:c'), edge('customer:2', 'cookie:c')];
    const { persons, refused } = find([...links, edge('cookie:c', 'partner:p')]);
    expect(persons).toEqual({
      'customer:1': 'customer:1',
      'customer:2': 'customer:2',
      'cookie:c': null,
      'partner:p': 'partner:p',
    });
    expect(refused).toEqual(['customer:2 cookie:c two-customers']);
  });

  it('is a partner’s id between the cookies of two customers, whose cookies stay theirs', () =>
    check(
      [
        edge('customer:1', 'cookie:b'),
        edge('customer:2', 'cookie:c'),
        edge('cookie:b', 'partner:p'),
        edge('cookie:c', 'partner:p'),
      ],
      {
        'customer:1': 'customer:1',
        'customer:2': 'customer:2',
        'cookie:b': 'customer:1',
        'cookie:c': 'customer:2',
        'partner:p': null,
      },
    ));

  it('is a kiosk with 10,000 logins', () => {
    const links = Array.from({ length: 10_000 }, (_, i) => edge(`customer:${i}`, 'cookie:kiosk'));
    const byEmail = Array.from({ length: 10_000 }, (_, i) => edge(`email:${i}`, 'ifa:kiosk'));
    const { persons, quarantined, refused } = find([...links, ...byEmail], JOINING);
    expect(quarantined).toEqual({ 'cookie:kiosk': 10_000, 'ifa:kiosk': 10_000 });
    expect(refused).toEqual([]);
    expect(new Set(Object.values(persons)).size).toBe(20_001);
  });
});

describe('what gives way', () => {
  const narrow = {
    ...SHOP,
    kinds: SHOP.kinds.map((kind) => (kind.kind === 'cookie' ? { ...kind, perPersonMax: 1 } : kind)),
  };
  const seen = (days: number) => ({ lastSeenMs: AS_OF_MS - days * DAY_MS });

  it('is the cookie seen longest ago, where a person has too many', () => {
    const links = [
      edge('customer:1', 'cookie:b', seen(2)),
      edge('customer:1', 'cookie:c', seen(1)),
    ];
    const { persons, refused } = find(links, narrow);
    expect(persons).toMatchObject({ 'cookie:b': null, 'cookie:c': 'customer:1' });
    expect(refused).toEqual(['customer:1 cookie:b too-many-of-a-kind']);
  });

  it('is the weakest identifier, where a person has too many in all', () => {
    const links = [edge('customer:1', 'cookie:c'), edge('customer:1', 'email:e')];
    const { persons, refused } = find(links, { ...SHOP, personMax: 2 });
    expect(persons).toMatchObject({ 'email:e': 'customer:1', 'cookie:c': null });
    expect(refused).toEqual(['customer:1 cookie:c too-many-identifiers']);
  });

  it('is the weaker evidence before the older', () => {
    const login = { ...seen(2), evidence: 'login' };
    const links = [edge('customer:1', 'cookie:b', login), edge('customer:1', 'cookie:c', seen(1))];
    expect(find(links, narrow).persons).toMatchObject({
      'cookie:b': 'customer:1',
      'cookie:c': null,
    });
  });

  it('is the link alone between two cookies that each have a customer', () => {
    const links = [edge('customer:1', 'cookie:b'), edge('customer:2', 'cookie:c')];
    const { persons, refused } = find([...links, edge('cookie:b', 'cookie:c', seen(2))]);
    expect(persons).toMatchObject({ 'cookie:b': 'customer:1', 'cookie:c': 'customer:2' });
    expect(refused).toEqual(['cookie:b cookie:c two-customers']);
  });
});

describe('two customers', () => {
  const links = [edge('customer:1', 'email:e'), edge('customer:2', 'email:e')];
  const shared = [edge('customer:1', 'cookie:c'), edge('customer:2', 'cookie:c')];

  it('are two persons though they have one e-mail, which is nobody’s then', () =>
    check(links, { 'customer:1': 'customer:1', 'customer:2': 'customer:2', 'email:e': null }));

  it('are one person by that where the shop says so, and their cookie is that person’s', () =>
    check(
      [...shared, ...links],
      Object.fromEntries(
        ['customer:1', 'customer:2', 'email:e', 'cookie:c'].map((one) => [one, 'customer:1']),
      ),
      JOINING,
    ));

  it('stay two when all that joins them belongs to nobody', () => {
    const many = Array.from({ length: 4 }, (_, i) => edge(`customer:${i + 1}`, 'email:e'));
    const { persons } = find([...many, ...shared], JOINING);
    expect(persons).toMatchObject({ 'customer:1': 'customer:1', 'customer:2': 'customer:2' });
    expect(persons['email:e']).toBeNull();
    expect(persons['cookie:c']).toBeNull();
  });

  it('stay two when what joined them is refused for a third', () => {
    const narrow = {
      ...JOINING,
      kinds: JOINING.kinds.map((kind, i) => (i === 0 ? { ...kind, perPersonMax: 2 } : kind)),
    };
    const third = edge('customer:3', 'email:e', { evidence: 'sync' });
    const { persons, refused } = find([...links, third, ...shared], narrow);
    expect(refused).toEqual([
      'customer:3 email:e too-many-of-a-kind',
      'customer:2 cookie:c two-customers',
    ]);
    expect(persons).toMatchObject({
      'customer:2': 'customer:2',
      'cookie:c': null,
      'email:e': null,
    });
  });
});

it('says what it does not know', () => {
  expect(() => find([edge('customer:1', 'fax:2')])).toThrow(
    /^expected one of customer, .*got fax$/,
  );
});
