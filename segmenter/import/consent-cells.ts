/** What the cells of a customers file say of consent. */
import type { ConsentMapping } from '../../settings/consent-mapping.ts';

/** One sign for each purpose, in the order of consentPurposes(). */
export const ALLOWED = 'y';
const REFUSED = 'n';
/** Refused as well: what cannot be read is no consent. */
export const UNREADABLE = 'u';

/** In the order that they are staged in. */
export function consentPurposes(mapping: ConsentMapping = {}): string[] {
  return Object.keys(mapping).sort();
}

/** The column of each purpose. */
export function consentColumns(mapping: ConsentMapping = {}): string[] {
  return consentPurposes(mapping).map((purpose) => {
    const source = mapping[purpose]!;
    return 'column' in source ? source.column : source.opted_out;
  });
}

/** `cells` belong to consentColumns(). */
export function consentSigns(mapping: ConsentMapping = {}, cells: readonly string[]): string {
  return consentPurposes(mapping)
    .map((purpose, i) => {
      const source = mapping[purpose]!;
      const cell = (cells[i] ?? '').trim().toLowerCase();
      return 'column' in source ? consentSign(cell, source.yes) : optOutSign(cell);
    })
    .join('');
}

/** Whether signs are a no to any purpose. */
export function isRefusal(signs: string): boolean {
  return signs.includes(REFUSED) || signs.includes(UNREADABLE);
}

const NO = new Set(['', '0', 'false', 'no', 'n', 'off', 'нет', 'н']);

function consentSign(cell: string, yes: readonly string[]): string {
  if (yes.includes(cell)) return ALLOWED;
  return NO.has(cell) ? REFUSED : UNREADABLE;
}

const NOTHING = new Set([...NO, 'null', 'none', '-']);
/** How databases write a day that is none. */
const NO_DAY = /^0{4}-00-00/;

function optOutSign(cell: string): string {
  return NOTHING.has(cell) || NO_DAY.test(cell) ? ALLOWED : REFUSED;
}
