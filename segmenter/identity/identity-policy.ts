/** What each kind of identifier may do to a person: how long, how widely shared, how many. */

interface KindPolicy {
  readonly kind: string;
  /** Days after which a link that was not seen again counts no longer; null is never. */
  readonly ttlDays: number | null;
  /** Of how many values of one stronger kind it may be; one that is of more is quarantined. */
  readonly sharedMax: number;
  /** How many of them one person may have; at most 65,535. */
  readonly perPersonMax: number;
  /** Whether two customers who have the same one are one person. */
  readonly joinsCustomers: boolean;
}

export interface IdentityPolicy {
  /** Strongest first. The first kind is what a person is made of: the CRM's customers. */
  readonly kinds: readonly KindPolicy[];
  /** What a link may rest on, strongest first. */
  readonly evidence: readonly string[];
  /** How many identifiers one person may have in all. */
  readonly personMax: number;
}

export type JoinKind = 'email' | 'phone';

/**
 * The policy of shops. Customers are joined by nothing but what `joinCustomersBy` names, and that is
 * nothing unless the shop says so: who shares a phone may be a family, a merged history tells one
 * what the other bought, and a CRM that keeps two records may know why. What would be joined is
 * reported, so that a shop with duplicate records sees what it would gain.
 */
export function shopPolicy(joinCustomersBy: readonly JoinKind[]): IdentityPolicy {
  const joins = (kind: JoinKind) => joinCustomersBy.includes(kind);
  return {
    kinds: [
      of('customer', { ttlDays: null, sharedMax: 65_535, perPersonMax: 10, joinsCustomers: true }),
      of('email', { sharedMax: 3, perPersonMax: 20, joinsCustomers: joins('email') }),
      of('phone', { ttlDays: 730, sharedMax: 5, perPersonMax: 20, joinsCustomers: joins('phone') }),
      of('ifa', { ttlDays: 400, sharedMax: 3, perPersonMax: 50 }),
      of('cookie', { ttlDays: 90, sharedMax: 3, perPersonMax: 100 }),
      of('partner', { ttlDays: 90, sharedMax: 3, perPersonMax: 100 }),
      of('click', { ttlDays: 90, sharedMax: 1, perPersonMax: 100 }),
    ],
    evidence: ['login', 'order', 'upload', 'click', 'sync'],
    personMax: 200,
  };
}

function of(kind: string, policy: Partial<KindPolicy>): KindPolicy {
  const unsaid = { ttlDays: null, sharedMax: 3, perPersonMax: 20, joinsCustomers: false };
  return { kind, ...unsaid, ...policy };
}
