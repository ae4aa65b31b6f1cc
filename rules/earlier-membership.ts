/** That a person was a member of a segment by its rule, as builds saw it. */
export interface EarlierMembership {
  readonly segment: string;
  /** The last local day of it. */
  readonly day: number;
}
