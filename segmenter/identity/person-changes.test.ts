import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JoinedCustomer, personChanges } from './person-changes.ts';

/** `1+2 3+4`: persons of several customers, each named by its first. */
function joined(text: string): JoinedCustomer[] {
  return text.split(' ').flatMap((group) => {
    const customers = group.split('+');
    if (customers.length < 2) return [];
    const person = `p${customers[0]}`;
    return customers.map((customer) => ({ customer, person, alone: `p${customer}` }));
  });
}

function check(before: string, after: string, changes: readonly string[]): void {
  const found = personChanges(joined(before), joined(after));
  expect(found.map(({ from, to, parted }) => `${from} ${to}${parted ? ' parted' : ''}`)).toEqual(
    changes,
  );
}

describe('personChanges', () => {
  it('carries each customer to the person it is a part of, again in every build', () => {
    check('', '1+2+3', ['p2 p1', 'p3 p1']);
    check('1+2+3', '1+2+3', ['p2 p1', 'p3 p1']);
  });
  it('carries a person to its new name', () => check('2+3', '1+2+3', ['p2 p1', 'p3 p1']));
  it('carries two persons to the one they became', () =>
    check('1+2 3+4', '1+2+3+4', ['p2 p1', 'p3 p1', 'p4 p1']));
  it('carries a person that was parted to its parts', () => {
    check('1+2+3', '1+2', ['p1 p3 parted', 'p2 p1']);
    check('1+2', '', ['p1 p2 parted']);
    check('2+3', '1+2', ['p2 p1 parted', 'p2 p3 parted']);
  });
  it('has nothing to say where nobody was or is joined', () => check('', '', []));

  const persons = fc
    .array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 })
    .map((groups) =>
      [0, 1, 2, 3]
        .map((group) => groups.flatMap((of, i) => (of === group ? [i] : [])).join('+'))
        .filter((group) => group !== '')
        .join(' '),
    );
  const personOf = (customers: readonly JoinedCustomer[], customer: string) =>
    customers.find((one) => one.customer === customer)?.person ?? `p${customer}`;

  it('law: what was known of any customer’s person is carried to the person it is now', () =>
    fc.assert(
      fc.property(persons, persons, (before, after) => {
        const [old, now] = [joined(before), joined(after)];
        const changes = personChanges(old, now).map(({ from, to }) => `${from} ${to}`);
        expect(new Set(changes).size).toBe(changes.length);
        for (let i = 0; i < 6; i++) {
          const [was, is] = [personOf(old, String(i)), personOf(now, String(i))];
          if (was !== is) expect(changes).toContain(`${was} ${is}`);
        }
      }),
    ));
});
