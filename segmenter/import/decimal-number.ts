/** Numbers whose cents stand after a point or after a comma. */
import { parseMicros } from '../../proto/micros.ts';

/** A plain decimal in micros; null for anything else, a point where commas stand before cents among them. */
export function decimalReader(decimal: '.' | ','): (text: string) => number | null {
  return decimal === ',' ? commaNumber : parseMicros;
}

function commaNumber(text: string): number | null {
  return text.includes('.') ? null : parseMicros(text.replace(',', '.'));
}
