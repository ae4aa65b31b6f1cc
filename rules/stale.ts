/** A segment that could not be made from its file: it goes on as it last was, and says so. */
export interface Stale {
  /** As-of of the last build that made it from its file, Unix ms. */
  readonly sinceMs: number;
  /** Where it is and what is wrong: `segments/vip.yaml:7:5  expected …`. */
  readonly error: string;
}

/** One that does not serve at all: it is broken, and nothing serves that it could go on from. */
export interface LeftOut {
  /** Relative to the shop's folder. */
  readonly file: string;
  /** Null where the file does not even say. */
  readonly segment: string | null;
  readonly error: string;
}
