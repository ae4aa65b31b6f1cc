/** Cells of MD5s, as Metrica's `emails_md5` and `phones_md5`: of a row they become devices. */
import { namesNobody } from '../../proto/identity-value.ts';
import { CONTACT_HASH_SPACES } from '../../proto/ids.ts';
import type { CustomersMapping } from '../../settings/import-mapping.ts';
import { isMd5 } from '../identity/contact-hashes.ts';
import { isPlaceholderHash } from '../identity/placeholder-values.ts';
import { severalValues } from './cell-recipes.ts';
import type { Contacts } from './contacts.ts';
import type { CellProblem } from './order-columns.ts';

export const MD5_EXPECTED = 'expected MD5s, 32 hexadecimal digits each';

const NONE: readonly string[] = [];

/** In lower case, without those of nothing; null when the cell holds anything else. */
export function md5Values(cell: string): readonly string[] | null {
  if (cell === '') return NONE;
  const values = severalValues(cell)
    .map((value) => value.toLowerCase())
    .filter((value) => !namesNobody(value) && !isPlaceholderHash(value));
  return values.every(isMd5) ? values : null;
}

/** Devices that a row names by hashes of e-mails and phones. */
export function hashDevices(
  columns: CustomersMapping['columns'],
  cellOf: (column: string | undefined) => string,
): Contacts['devices'] | CellProblem {
  const devices: Contacts['devices'][number][] = [];
  for (const space of CONTACT_HASH_SPACES) {
    const value = cellOf(columns[space]);
    const hashes = md5Values(value);
    if (hashes === null) return { column: columns[space]!, reason: MD5_EXPECTED, value };
    for (const hash of hashes) devices.push([space, hash]);
  }
  return devices;
}
