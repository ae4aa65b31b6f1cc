/** What each kind of identifier may do to a person: how long, how widely shared, how many. */
import { IDENTIFIER_KINDS, type IdentitySettings } from '../../settings/identity-section.ts';

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
 * reported, so that a shop with duplicate records sees what it would gain. `said` is `identity:` of
 * shop.yaml, which says nothing of what may join.
 */
export function shopPolicy(
  joinCustomersBy: readonly JoinKind[],
  said: IdentitySettings = {},
): IdentityPolicy {
  const joins = (kind: JoinKind) => joinCustomersBy.includes(kind);
  const customersMax = said.customers_max ?? 10;
  const kinds = [
    of('customer', { sharedMax: 65_535, perPersonMax: customersMax, joinsCustomers: true }),
    of('email', { sharedMax: 3, perPersonMax: 20, joinsCustomers: joins('email') }),
    of('phone', { ttlDays: 730, sharedMax: 5, perPersonMax: 20, joinsCustomers: joins('phone') }),
    of('ifa', { ttlDays: 400, sharedMax: 3, perPersonMax: 50 }),
    of('cookie', { ttlDays: 90, sharedMax: 3, perPersonMax: 100 }),
    of('partner', { ttlDays: 90, sharedMax: 3, perPersonMax: 100 }),
    of('click', { ttlDays: 90, sharedMax: 1, perPersonMax: 100 }),
  ];
  return {
    kinds: kinds.map((kind) => ({ ...kind, ...saidOf(kind.kind, said) })),
    evidence: EVIDENCE,
    personMax: said.person_max ?? 200,
  };
}

/** Strongest first. */
export const EVIDENCE = ['login', 'order', 'upload', 'click', 'sync'] as const;

function of(kind: string, policy: Partial<KindPolicy>): KindPolicy {
  const unsaid = { ttlDays: null, sharedMax: 3, perPersonMax: 20, joinsCustomers: false };
  return { kind, ...unsaid, ...policy };
}

function saidOf(kind: string, said: IdentitySettings): Partial<KindPolicy> {
  const known = IDENTIFIER_KINDS.find((one) => one === kind);
  const { days, shared_max: shared, per_person_max: perPerson } = (known && said[known]) ?? {};
  return {
    ...(days !== undefined && { ttlDays: days === 'forever' ? null : days }),
    ...(shared !== undefined && { sharedMax: shared }),
    ...(perPerson !== undefined && { perPersonMax: perPerson }),
  };
}
