import { NAME_PATTERN } from '../proto/ids.ts';

const GENERATION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Shop and generation become parts of keys, where `/`, `{` and `:` have a meaning. */
export function assertGeneration(shop: string, generation: string): void {
  if (!NAME_PATTERN.test(shop)) {
    throw new Error(`shop name "${shop}" is not of the form [a-z0-9][a-z0-9_-]*, at most 64 long`);
  }
  if (!GENERATION.test(generation)) {
    throw new Error(
      `generation "${generation}" is not of the form [A-Za-z0-9][A-Za-z0-9._-]*, at most 64 long`,
    );
  }
}
