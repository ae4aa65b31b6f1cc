/** Records of one file as persons: two are one person's when a key of both is the same. */
import type { CountryCode } from 'libphonenumber-js/max';
import { identityGraph } from './identity-graph.ts';
import type { IdentityPolicy } from './identity-policy.ts';
import { type IdentityEdge, numberEdges } from './numbered-edges.ts';
import { type KeyValue, keyValue, type RecordKey, shownValue } from './record-keys.ts';

export interface KeyedRecord {
  /** Once in the file. */
  readonly id: string;
  /** By key: the cells of its columns. */
  readonly cells: readonly (readonly string[])[];
}

export interface LinkOptions {
  readonly keys: readonly RecordKey[];
  /** Where numbers without a country's code are dialled; null where nobody knows. */
  readonly region: CountryCode | null;
  /** A value of more records than this is quarantined. */
  readonly sharedMax: number;
  /** Most records and values of one person. */
  readonly personMax: number;
}

export interface LinkedRecords {
  /** The first record of each person, in the file's order, with all of its records. */
  readonly clusters: readonly { readonly person: string; readonly records: readonly string[] }[];
  readonly keys: readonly KeyReport[];
  readonly quarantined: readonly { key: string; value: string; records: number }[];
  /** Unions that would have made a person too large. */
  readonly refused: readonly { key: string; value: string; record: string }[];
}

interface KeyReport {
  readonly key: string;
  /** Records by what their cells were. */
  readonly valued: number;
  readonly empty: number;
  readonly unreadable: number;
  readonly placeholder: number;
}

export function linkRecords(records: readonly KeyedRecord[], options: LinkOptions): LinkedRecords {
  const { keys } = options;
  const policy = policyOf(options);
  const found = records.map(({ cells }) =>
    keys.map((key, i) => keyValue(key, cells[i]!, options.region)),
  );
  const { edges, values } = numberEdges(edgesOf(records, found), policy);
  const { personOf, quarantined, refused } = identityGraph(edges, policy, 0);
  const clusters = new Map<string, string[]>(records.map(({ id }) => [id, []]));
  const numbers = new Map(values.slice(0, records.length).map((id, number) => [id, number]));
  for (const { id } of records) clusters.get(values[personOf[numbers.get(id)!]!]!)!.push(id);
  const identifier = (number: number) => ({
    key: keys[edges.kinds[number]! - 1]!.key,
    value: shownValue(values[number]!),
  });
  return {
    clusters: [...clusters]
      .filter(([, members]) => members.length > 0)
      .map(([person, members]) => ({ person, records: members })),
    keys: keys.map(({ key }, i) => ({ key, ...countKinds(found.map((row) => row[i]!)) })),
    quarantined: quarantined.map(({ identifier: number, sharedBy }) => ({
      ...identifier(number),
      records: sharedBy,
    })),
    refused: refused.map(({ from, to }) => ({ ...identifier(to), record: values[from]! })),
  };
}

const RECORD = 'record';
const AT = { evidence: 'file', lastSeenMs: 0, revokedMs: null };

/** Keys in the order they were asked for, the first as the strongest. */
function policyOf({ keys, sharedMax, personMax }: LinkOptions): IdentityPolicy {
  const unbounded = { ttlDays: null, perPersonMax: 65_535, joinsCustomers: true };
  return {
    kinds: [
      { kind: RECORD, sharedMax: 65_535, ...unbounded },
      ...keys.map((_, i) => ({ kind: String(i), sharedMax, ...unbounded })),
    ],
    evidence: [AT.evidence],
    personMax,
  };
}

/** A record's place in the file stands for its age, so that the first one names the person. */
function edgesOf(
  records: readonly KeyedRecord[],
  found: readonly (readonly KeyValue[])[],
): IdentityEdge[] {
  const edges: IdentityEdge[] = [];
  records.forEach(({ id }, row) => {
    const from = { kindA: RECORD, valueA: id, firstSeenMs: row, ...AT };
    edges.push({ ...from, kindB: RECORD, valueB: id });
    found[row]!.forEach((read, i) => {
      if ('value' in read) edges.push({ ...from, kindB: String(i), valueB: read.value });
    });
  });
  return edges;
}

function countKinds(found: readonly KeyValue[]): Omit<KeyReport, 'key'> {
  const counts = { valued: 0, empty: 0, unreadable: 0, placeholder: 0 };
  for (const read of found) counts['lacking' in read ? read.lacking : 'valued']++;
  return counts;
}
