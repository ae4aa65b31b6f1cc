import { trimmed } from './read-values.ts';

const DOT = 0x2e;
const SLASH = 0x2f;

/** Lower case, without the root's dot and blanks around it. Some write the address of a site where its domain belongs. */
export function domain(name: string): string {
  const lower = trimmed(name).toLowerCase();
  const last = lower.charCodeAt(lower.length - 1);
  if (last === SLASH || lower.startsWith('http')) return hostOf(lower);
  return last === DOT ? lower.slice(0, -1) : lower;
}

/** As it came when it names more than a whole site: a page of it blocks nobody. */
function hostOf(address: string): string {
  return ADDRESS.exec(address)?.[1] ?? address;
}
const ADDRESS = /^(?:https?:\/\/)?([^/?#]+?)\.?\/*$/;
