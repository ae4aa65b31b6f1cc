/** Enough reads for V8 to remember what one of them found. */
const READS = 1000;

/**
 * Keeps the methods of strings as fast as they are in a fresh process. V8 puts the properties of
 * String.prototype into a hash table as soon as a class extends String, as one of ioredis 6 does.
 * From then on `charCodeAt` is looked up and called at each character: a scan of a string takes
 * three times as long, in the whole thread. V8 takes a prototype for one whose properties are to be
 * fast, then and later, when methods are often read through it from objects; strings are none, so
 * nothing but a String object tells it.
 */
export function keepStringsFast(): void {
  const object = Object('');
  const read = (): unknown => object.charCodeAt;
  for (let i = 0; i < READS; i++) read();
}
