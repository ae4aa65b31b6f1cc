/** Some known persons of each segment with their raw identifiers, for sample requests. CRM side. */
import { CONTACT_HASH_SPACES } from '../../proto/ids.ts';
import { type Duck, sqlText } from '../duck.ts';
import type { ShopFiles } from '../shop-data.ts';

const SAMPLES_PER_SEGMENT = 20;

interface SamplePerson {
  readonly customer: string;
  readonly person: string;
  /** Names of the segments the person is in. */
  readonly segments: readonly string[];
  /** As in the devices file, of those that a bid request may name; empty for a person without a device. */
  readonly identities: readonly { readonly space: string; readonly value: string }[];
}

/** What `samples.json` holds. */
export interface Samples {
  readonly generation: string;
  /** By segment name; those with a device first. */
  readonly bySegment: Readonly<Record<string, readonly SamplePerson[]>>;
}

/** SQL for rows of devices.parquet that a bid request may name: it has no MD5 of a contact. */
export const IN_BID_REQUESTS = `space NOT IN (${CONTACT_HASH_SPACES.map(sqlText).join(', ')})`;

export interface SampleOffer {
  readonly person: string;
  readonly segments: readonly number[];
  readonly hasDevice: boolean;
}

/** Keeps the first persons of each segment that is offered them; with a device before without. */
export class SamplePicker {
  readonly #withDevice: string[][];
  readonly #without: string[][];
  /** Of the persons kept, in the order of their offers. */
  readonly #offers = new Map<string, SampleOffer>();

  constructor(segments: number) {
    this.#withDevice = Array.from({ length: segments }, () => []);
    this.#without = Array.from({ length: segments }, () => []);
  }

  offer(person: string, segments: readonly number[], hasDevice: boolean): void {
    const lists = hasDevice ? this.#withDevice : this.#without;
    for (const segment of segments) {
      const list = lists[segment]!;
      if (list.length === SAMPLES_PER_SEGMENT) continue;
      list.push(person);
      this.#offers.set(person, { person, segments, hasDevice });
    }
  }

  /** Offered to another picker in the place of all that this one was offered, they leave it the same. */
  offers(): readonly SampleOffer[] {
    return [...this.#offers.values()];
  }

  picked(segment: number): readonly string[] {
    const both = [...this.#withDevice[segment]!, ...this.#without[segment]!];
    return both.slice(0, SAMPLES_PER_SEGMENT);
  }

  segmentsOf(person: string): readonly number[] {
    return this.#offers.get(person)?.segments ?? [];
  }
}

/** Looks the picked persons up in the CRM data. */
export async function lookUpSamples(
  duck: Duck,
  files: ShopFiles,
  picked: {
    readonly generation: string;
    readonly names: readonly string[];
    readonly samples: SamplePicker;
  },
): Promise<Samples> {
  const { names, samples } = picked;
  const persons = [...new Set(names.flatMap((_, segment) => samples.picked(segment)))];
  const known = await samplePersons(duck, files, persons);
  const bySegment = names.map((name, segment) => {
    const people = samples.picked(segment).map((person) => ({
      customer: known.customers.get(person) ?? '',
      person,
      segments: samples.segmentsOf(person).map((ordinal) => names[ordinal]!),
      identities: known.identities.get(person) ?? [],
    }));
    return [name, people] as const;
  });
  return { generation: picked.generation, bySegment: Object.fromEntries(bySegment) };
}

interface KnownPersons {
  readonly customers: ReadonlyMap<string, string>;
  readonly identities: ReadonlyMap<string, { space: string; value: string }[]>;
}

async function samplePersons(
  duck: Duck,
  files: ShopFiles,
  persons: readonly string[],
): Promise<KnownPersons> {
  const customers = new Map<string, string>();
  const identities = new Map<string, { space: string; value: string }[]>();
  if (persons.length === 0) return { customers, identities };
  const list = persons.map(sqlText).join(', ');
  const customerRows = await duck.rows(
    `SELECT person, customer_id FROM read_parquet(${sqlText(files.customers)})
     WHERE person IN (${list}) ORDER BY person, customer_id DESC`,
  );
  // Of several customers who are one person, the first.
  for (const [person, customer] of customerRows) customers.set(String(person), String(customer));
  const deviceRows = await duck.rows(
    `SELECT person, space, value FROM read_parquet(${sqlText(files.devices)})
     WHERE person IN (${list}) AND ${IN_BID_REQUESTS} ORDER BY person, space, value`,
  );
  for (const [person, space, value] of deviceRows) {
    const own = identities.get(String(person)) ?? [];
    own.push({ space: String(space), value: String(value) });
    identities.set(String(person), own);
  }
  return { customers, identities };
}
