/** Sets of campaigns by place as rows of 32-bit words: every operation is a plain loop. */

export function setBit(bits: Int32Array, row: number, place: number): void {
  bits[row + (place >>> 5)]! |= 1 << (place & 31);
}

export function clearBit(bits: Int32Array, row: number, place: number): void {
  bits[row + (place >>> 5)]! &= ~(1 << (place & 31));
}

export function hasBit(bits: Int32Array, row: number, place: number): boolean {
  return (bits[row + (place >>> 5)]! & (1 << (place & 31))) !== 0;
}

/** The first place from `from` on that has its bit in the row at 0; -1 when none has. */
export function nextBit(bits: Int32Array, from: number): number {
  let word = from >>> 5;
  if (word >= bits.length) return -1;
  let left = bits[word]! & (-1 << (from & 31));
  while (left === 0) {
    word++;
    if (word === bits.length) return -1;
    left = bits[word]!;
  }
  return (word << 5) + 31 - Math.clz32(left & -left);
}

/** target &= rows[from..]. True when something is left. */
export function andRow(target: Int32Array, rows: Int32Array, from: number): boolean {
  let left = 0;
  for (let i = 0; i < target.length; i++) {
    target[i]! &= rows[from + i]!;
    left |= target[i]!;
  }
  return left !== 0;
}

/** target &= ~rows[from..]. True when something is left. */
export function andNotRow(target: Int32Array, rows: Int32Array, from: number): boolean {
  let left = 0;
  for (let i = 0; i < target.length; i++) {
    target[i]! &= ~rows[from + i]!;
    left |= target[i]!;
  }
  return left !== 0;
}

/** target = rows[from..], which costs a call of the runtime when TypedArray.set does it. */
export function copyRow(target: Int32Array, rows: Int32Array, from: number): void {
  for (let i = 0; i < target.length; i++) target[i] = rows[from + i]!;
}

export function orRow(target: Int32Array, rows: Int32Array, from: number): void {
  for (let i = 0; i < target.length; i++) target[i]! |= rows[from + i]!;
}
