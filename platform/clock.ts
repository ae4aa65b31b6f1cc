/** Time is an argument everywhere; this is the one place that asks the machine. */
export interface Clock {
  /** Unix ms, for what is written down. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start that never steps back, for durations and deadlines. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
