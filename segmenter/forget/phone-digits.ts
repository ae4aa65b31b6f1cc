/** The digits by which phones are compared where an upload may write them in any way. */
const COMPARED_DIGITS = 9;
/** A shorter text is no number that one person has. */
const DIGITS_MIN = 7;

/**
 * The last nine digits: +7 999 555-11-11, 8 (999) 555-11-11 and 9995551111 are one phone, whichever
 * country a file takes for granted. '' for what is none.
 */
export function phoneDigits(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '');
  return digits.length < DIGITS_MIN ? '' : digits.slice(-COMPARED_DIGITS);
}

/** phoneDigits() of a column in SQL. */
export function phoneDigitsSql(column: string): string {
  const digits = `regexp_replace(${column}, '[^0-9]', '', 'g')`;
  return `CASE WHEN length(${digits}) < ${DIGITS_MIN} THEN '' ELSE right(${digits}, ${COMPARED_DIGITS}) END`;
}
