/** A record that is held of a person, as it is told to them. */
export type HeldRecord = Readonly<Record<string, unknown>>;

export interface HeldOfPerson {
  readonly v: 1;
  readonly shop: string;
  readonly atMs: number;
  /** Ids of the CRM: whom all of it is of. */
  readonly customers: readonly string[];
  /** Of these, whom nothing that was asked for names: `forget` would ask before it takes them. */
  readonly unnamed: readonly string[];
  readonly persons: readonly string[];
  readonly identities: readonly string[];
  /** By place; a place without records has an empty list. */
  readonly places: Readonly<Record<string, readonly HeldRecord[]>>;
}
