/** A record that is held of a person, as it is told to them. */
export type HeldRecord = Readonly<Record<string, unknown>>;

export interface HeldOfPerson {
  readonly v: 1;
  readonly shop: string;
  readonly atMs: number;
  readonly persons: readonly string[];
  readonly identities: readonly string[];
  /** By place; a place without records has an empty list. */
  readonly places: Readonly<Record<string, readonly HeldRecord[]>>;
}
