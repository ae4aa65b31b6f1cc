/** How long the stores remember the parts of a budget. */
const DAY_MS = 24 * 3_600_000;
/** What became of a bid: longer than any notice may be late, so that it is booked once. */
export const BID_MARK_KEEP_MS = 9 * DAY_MS;
/** An ended lease after its expiry, so that a repeated call for it grants nothing anew. */
export const LEASE_MEMORY_MS = 600_000;
/** A budget after its last lease: long enough for the reports of its month. */
export const BUDGET_KEEP_MS = 40 * DAY_MS;
