import { sqlText } from '../duck.ts';

/** An SQL list that is never empty. Whoever has no e-mail or phone has '' there, which no list may match. */
export function sqlKeys(keys: readonly string[]): string {
  return ['-', ...keys.filter((key) => key !== '')].map(sqlText).join(', ');
}
