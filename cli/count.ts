/** A whole number as people read it: `20 000`. */
export function count(n: number): string {
  return n.toLocaleString('en-US').replaceAll(',', ' ');
}
