/** How the persons of one build became those of the next: merges and splits, customer by customer. */

/** A customer who is one person with others. */
export interface JoinedCustomer {
  readonly customer: string;
  /** Of all of them. */
  readonly person: string;
  /** What it is or would be alone. */
  readonly alone: string;
}

/** That what is known of the person `from` is to be known of `to`. */
export interface PersonChange {
  readonly from: string;
  readonly to: string;
  /** True where `from` was parted, and nobody can tell what is whose. */
  readonly parted: boolean;
}

/**
 * The changes between two builds, each once, by `from` and `to`. Who is one person with others brings
 * along what is known of it alone in every build and not in the first only: what was under way then
 * comes late.
 */
export function personChanges(
  before: readonly JoinedCustomer[],
  after: readonly JoinedCustomer[],
): PersonChange[] {
  const now = new Map(after.map(({ customer, person }) => [customer, person]));
  const became = new Map<string, Set<string>>();
  for (const { customer, person, alone } of before) {
    const persons = became.get(person) ?? new Set();
    became.set(person, persons.add(now.get(customer) ?? alone));
  }
  const changes = new Map<string, PersonChange>();
  const add = (from: string, to: string) => {
    if (from === to) return;
    changes.set(`${from} ${to}`, { from, to, parted: (became.get(from)?.size ?? 0) > 1 });
  };
  for (const { alone, person } of after) add(alone, person);
  for (const [person, persons] of became) for (const to of persons) add(person, to);
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}
