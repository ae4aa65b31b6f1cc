/** What `node --trace-gc` prints: one line for each collection of each isolate (a thread's heap). */

const LINE =
  /^\[\d+:(0x[0-9a-f]+)\] .* ms: [A-Z][\w-]*(?: \([\w ]+\))? ([\d.]+) \([\d.]+\) -> ([\d.]+) /gm;
const MEGABYTE = 2 ** 20;

/** Bytes allocated on the heaps of all isolates between each one's first collection and its last. */
export function allocatedBytes(trace: string): number {
  const leftMb = new Map<string, number>();
  let allocatedMb = 0;
  for (const [, isolate, before, after] of trace.matchAll(LINE)) {
    const left = leftMb.get(isolate!);
    if (left !== undefined) allocatedMb += Number(before) - left;
    leftMb.set(isolate!, Number(after));
  }
  return allocatedMb * MEGABYTE;
}
