import { readFileSync } from 'node:fs';
import type { KnownPerson, PersonIdentity } from './request-corpus.ts';

/**
 * Everybody in a devices.csv of the demo (customer_id,space,value) whom `exchange` knows. Samples
 * are too few for a benchmark: people who are asked about all the time are capped.
 */
export function readDemoPersons(path: string, exchange: string): KnownPerson[] {
  const byCustomer = new Map<string, PersonIdentity[]>();
  for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
    const [customer, space, value] = line.split(',');
    if (customer === undefined || space === undefined || value === undefined) continue;
    const identities = byCustomer.get(customer);
    if (identities === undefined) byCustomer.set(customer, [{ space, value }]);
    else identities.push({ space, value });
  }
  const persons = [...byCustomer.values()].map((identities) => ({ identities }));
  return persons.filter(({ identities }) =>
    identities.some(({ space }) => space === `exchange:${exchange}`),
  );
}
