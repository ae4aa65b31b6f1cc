/** Behind the bytes that are read: both readers stop at zeros there, and read a few together. */
export const SLACK_BYTES = 16;

/** Room for so many bytes and the slack, also to be read as words. */
export function scratchOf(length: number): { bytes: Buffer; view: DataView } {
  const bytes = Buffer.alloc(length + SLACK_BYTES);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}
