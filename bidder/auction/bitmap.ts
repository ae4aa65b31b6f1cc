/** Sets of campaign ordinals as rows of 32-bit words: every operation is a plain loop. */

export function setBit(bits: Int32Array, row: number, ordinal: number): void {
  bits[row + (ordinal >>> 5)]! |= 1 << (ordinal & 31);
}

export function clearBit(bits: Int32Array, row: number, ordinal: number): void {
  bits[row + (ordinal >>> 5)]! &= ~(1 << (ordinal & 31));
}

export function hasBit(bits: Int32Array, row: number, ordinal: number): boolean {
  return (bits[row + (ordinal >>> 5)]! & (1 << (ordinal & 31))) !== 0;
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

export function orRow(target: Int32Array, rows: Int32Array, from: number): void {
  for (let i = 0; i < target.length; i++) target[i]! |= rows[from + i]!;
}
