/** Money that is no whole number of nanos is a bug of the caller, and would break every sum. */
export function assertNanos(...amounts: readonly number[]): void {
  for (const nanos of amounts) {
    if (Number.isSafeInteger(nanos) && nanos >= 0) continue;
    throw new Error(`${nanos} is no amount of nanos (expected a safe integer from 0)`);
  }
}
