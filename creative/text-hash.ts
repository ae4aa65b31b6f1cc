/** A 53-bit hash of a text in base 36, at most 11 characters `[0-9a-z]`: stable names, no secrets. */
export function textHash(text: string): string {
  let high = 0x811c9dc5;
  let low = 0x9dc5811c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x85ebca6b) ^ (high >>> 13);
  }
  return ((high >>> 11) * 4_294_967_296 + (low >>> 0)).toString(36);
}
