/** What a job of the segmenter tells whoever started it. */
export interface JobProgress {
  /** For people: `reading orders`, `writing profiles`. */
  readonly phase: string;
  readonly done: number;
  /** In the unit of `done`; 0 when nobody knows. */
  readonly total: number;
}

export interface PhaseTiming {
  readonly phase: string;
  readonly ms: number;
}
