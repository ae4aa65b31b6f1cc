/** Russia's law wants each ad marked that is shown there: with the token of an operator of ad data. */
import type { Exchange } from '../../settings/exchange.ts';

/** `country` is ISO 3166 alpha-3; '' is a place that nobody names, and may be the one. */
export function needsErid(rule: Exchange['marking']['required'], country: string): boolean {
  if (rule === 'never') return false;
  return rule === 'always' || country === 'RUS' || country === '';
}
