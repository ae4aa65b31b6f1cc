let names = 0;

/** Tests of one suite share a server, so each takes its own shop, campaign or id. */
export function uniqueName(prefix: string): string {
  names++;
  return `${prefix}-${process.pid}-${names}`;
}
