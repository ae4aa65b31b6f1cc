/** Numbers in the bytes of records, read and written without a DataView of each record. */

/** Eight bytes to carry a double through. */
const double = new DataView(new ArrayBuffer(8));

export function u32At(bytes: Uint8Array, at: number): number {
  const low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
  return (low | (bytes[at + 3]! << 24)) >>> 0;
}

export function f64At(bytes: Uint8Array, at: number): number {
  double.setUint32(0, u32At(bytes, at), true);
  double.setUint32(4, u32At(bytes, at + 4), true);
  return double.getFloat64(0, true);
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

export function putF64(bytes: Uint8Array, at: number, value: number): void {
  double.setFloat64(0, value, true);
  putU32(bytes, at, double.getUint32(0, true));
  putU32(bytes, at + 4, double.getUint32(4, true));
}
