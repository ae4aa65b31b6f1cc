/** What the build links in SQL, held to the graph of identities. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Duck, sqlText } from '../duck.ts';
import { AS_OF_MS, DAY_MS, edge, find, SHOP } from '../identity/graph-cases.contract.ts';
import type { IdentityPolicy } from '../identity/identity-policy.ts';
import { shopFiles } from '../shop-data.ts';
import { createLiveLinks, NOBODYS } from './live-links.ts';

const dir = mkdtempSync(join(tmpdir(), 'rekindle-live-'));
const files = { ...shopFiles(dir, 'test'), customers: join(dir, 'customers.parquet') };
let duck: Duck;
beforeAll(async () => {
  duck = await Duck.open({ memoryMb: 256, threads: 2, tempDir: join(dir, 'tmp'), folders: [dir] });
});
afterAll(async () => {
  await duck[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true, force: true });
});

const SPACES = { email: 'email', ifa: 'ifa', cookie: 'cookie', partner: 'exchange:big' } as const;

interface Link {
  readonly customer: string;
  readonly kind: keyof typeof SPACES;
  readonly value: number;
  readonly evidence: string;
  readonly lastSeenMs: number;
  readonly revokedMs: number | null;
}
interface Known {
  readonly links: readonly Link[];
  /** Cookie and exchange id. */
  readonly syncs: readonly (readonly [number, number])[];
  /** By customer: the one that names the person. */
  readonly persons: Readonly<Record<string, string>>;
}

/** Identifier to person, and identifier to why not. */
async function linksOf(known: Known, policy: IdentityPolicy) {
  const people = Object.entries(known.persons).map(([id, person]) => `('${person}', '${id}')`);
  await duck.run(`COPY (SELECT person, customer_id, '' AS identity, '' AS email, '' AS email_identity, '' AS phone
    FROM (VALUES ${people.join(', ')}) v(person, customer_id) ORDER BY ALL) TO ${sqlText(files.customers)} (FORMAT parquet)`);
  const rows = known.links.map(({ customer, kind, value, evidence, lastSeenMs, revokedMs }) => {
    const identity = `${kind}:${value}`;
    return `('${customer}', '${SPACES[kind]}', '${value}', '${identity}', 'devices', '${evidence}', 0, ${lastSeenMs}, ${revokedMs ?? 'NULL'})`;
  });
  const columns =
    'customer_id, space, value, identity, source, evidence, first_seen_ms, last_seen_ms, revoked_at_ms';
  const empty = `('', '', '', '', 'hand', '', 0, 0, CAST(NULL AS BIGINT))`;
  const links = `SELECT * FROM (VALUES ${[empty, ...rows].join(', ')}) v(${columns})`;
  const pairs = known.syncs.map(([cookie, theirs]) => ({
    cookie: `cookie:${cookie}`,
    exchange: 'big',
    theirs: `partner:${theirs}`,
  }));
  const syncs = (async function* () {
    yield pairs;
  })();
  await createLiveLinks(duck, files, { links, syncs, policy, asOfMs: AS_OF_MS });
  const persons = await duck.rows('SELECT identity, person FROM live_links ORDER BY identity');
  const reasons = await duck.rows('SELECT identity, reason FROM nobodys ORDER BY identity');
  return {
    persons: Object.fromEntries(persons) as Record<string, string>,
    reasons: Object.fromEntries(reasons) as Record<string, string>,
  };
}

/** The same by the graph: identifiers of the CRM's customers alone. */
function graphOf({ links, syncs, persons }: Known, policy: IdentityPolicy): Record<string, string> {
  const edges = [
    ...Object.entries(persons).flatMap(([id, person]) => [
      edge(`customer:${id}`, `customer:${id}`, { firstSeenMs: id === person ? 0 : 1 }),
      edge(`customer:${id}`, `customer:${person}`, { firstSeenMs: 1, lastSeenMs: AS_OF_MS }),
    ]),
    ...links.map(({ customer, kind, value, ...seen }) =>
      edge(`customer:${customer}`, `${kind}:${value}`, { ...seen, firstSeenMs: 2 }),
    ),
    ...syncs.map(([cookie, theirs]) =>
      edge(`cookie:${cookie}`, `partner:${theirs}`, { evidence: 'sync', firstSeenMs: 2 }),
    ),
  ];
  const found = find(edges, policy).persons;
  return Object.fromEntries(
    Object.entries(found)
      .filter(([one, person]) => !one.startsWith('customer:') && person?.startsWith('customer:'))
      .map(([one, person]) => [one, person!.slice('customer:'.length)]),
  );
}

const day = fc.integer({ min: 550, max: 1000 }).map((n) => n * DAY_MS);
const aLink: fc.Arbitrary<Link> = fc.record({
  customer: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  kind: fc.constantFrom('email', 'ifa', 'cookie', 'partner'),
  value: fc.nat(3),
  evidence: fc.constantFrom('login', 'order', 'upload'),
  lastSeenMs: day,
  revokedMs: fc.option(day, { freq: 6 }),
});
const known: fc.Arbitrary<Known> = fc.record({
  links: fc.array(aLink, { maxLength: 14 }),
  syncs: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 4 }),
  persons: fc.constantFrom(
    { a: 'a', b: 'b', c: 'c', d: 'd', e: 'e' },
    { a: 'a', b: 'a', c: 'c', d: 'd', e: 'd' },
    { a: 'a', b: 'a', c: 'a', d: 'a', e: 'e' },
  ),
});

/**
 * Without syncs of browsers that no customer has: the graph takes such a browser for a customer's who shares
 * an exchange id with it, a build does not.
 */
function ofKnownBrowsers({ links, ...known }: Known): Known {
  const isLive = ({ customer, kind, value, lastSeenMs }: Link) => {
    const pair = links.filter((one) => one.customer === customer && one.kind === kind);
    const taken = pair.filter((one) => one.value === value).map(({ revokedMs }) => revokedMs ?? -1);
    return lastSeenMs > Math.max(...taken) && AS_OF_MS - lastSeenMs <= 90 * DAY_MS;
  };
  const browsers = links.filter((one) => one.kind === 'cookie' && isLive(one));
  const live = new Set(browsers.map(({ value }) => value));
  return { links, ...known, syncs: known.syncs.filter(([cookie]) => live.has(cookie)) };
}

/** How many identifiers each person has, in all and of each kind. */
function countsOf(persons: Record<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [identity, person] of Object.entries(persons)) {
    for (const name of [person, `${person} ${identity.split(':')[0]}`]) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function mostOf(name: string, { persons }: Known): number {
  const customers = Object.values(persons).filter((person) => person === name).length;
  return name.includes(' ') ? 2 : 6 - customers;
}

const BOUNDED: IdentityPolicy = {
  ...SHOP,
  kinds: SHOP.kinds.map((kind) => ({ ...kind, perPersonMax: kind.kind === 'customer' ? 4 : 2 })),
  personMax: 6,
};

describe('links of a build', () => {
  it('are those of the graph, whatever was seen when, taken back, shared and synced', () =>
    fc.assert(
      fc.asyncProperty(known.map(ofKnownBrowsers), async (one) => {
        expect((await linksOf(one, SHOP)).persons).toEqual(graphOf(one, SHOP));
      }),
      { numRuns: 60 },
    ));

  it('are never more of one person than the bounds allow, and the others are named', () =>
    fc.assert(
      fc.asyncProperty(known, async (one) => {
        const all = (await linksOf(one, SHOP)).persons;
        const { persons, reasons } = await linksOf(one, BOUNDED);
        const left = Object.keys(all).filter((identity) => reasons[identity] === undefined);
        expect(persons).toEqual(
          Object.fromEntries(left.map((identity) => [identity, all[identity]])),
        );
        for (const [of, count] of countsOf(persons))
          expect(count).toBeLessThanOrEqual(mostOf(of, one));
      }),
      { numRuns: 40 },
    ));

  it('name who leads to nobody, and why', async () => {
    const seen = { evidence: 'upload', lastSeenMs: AS_OF_MS, revokedMs: null };
    const seenWith = (customer: string, kind: Link['kind'], value: number): Link => ({
      ...{ customer, kind, value },
      ...seen,
    });
    const persons = { a: 'a', b: 'b', c: 'c', d: 'd' };
    const kiosk = ['a', 'b', 'c', 'd'].map((customer) => seenWith(customer, 'cookie', 1));
    const two = ['a', 'b'].map((customer) => seenWith(customer, 'ifa', 2));
    const syncs = [
      [1, 3],
      [4, 5],
    ] as const;
    const links = [...kiosk, ...two, seenWith('a', 'cookie', 4)];
    expect(await linksOf({ links, syncs, persons }, SHOP)).toEqual({
      persons: { 'cookie:4': 'a', 'partner:5': 'a' },
      reasons: {
        'cookie:1': NOBODYS.quarantined,
        'ifa:2': NOBODYS.several,
        'partner:3': NOBODYS.through,
      },
    });
  });
});
