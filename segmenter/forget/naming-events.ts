/** Events that name somebody by an attribute, whoever else they are of: an e-mail or a phone in a further column. */
import type { KeyObject } from 'node:crypto';
import { emailKey, phoneKey } from '../../proto/ids.ts';
import type { Duck } from '../duck.ts';
import { normaliseEmail } from '../identity/normalise-email.ts';
import { phoneDigitsSql } from './phone-digits.ts';

const LIKE_A_PHONE = String.raw`[\d\s().+\-–—/]+`;

/**
 * Makes naming_events: event. `attributes` is a select of event-attributes.parquet's rows; `hashes`, what
 * stands in SQL's IN (…), are identity keys and phone keys of whom is looked for.
 */
export async function loadNamingEvents(
  { duck, key }: { readonly duck: Duck; readonly key: KeyObject },
  attributes: string,
  hashes: string,
): Promise<void> {
  const table = await duck.createTable('attribute_hashes', { value: 'text', hash: 'text' });
  const query = `SELECT DISTINCT value, ${phoneDigitsSql('value')} FROM (${attributes})
    WHERE contains(value, '@') OR regexp_full_match(value, '${LIKE_A_PHONE}')`;
  for await (const chunk of duck.chunks(query)) {
    const [values, digits] = [chunk.texts(0), chunk.texts(1)];
    for (let i = 0; i < chunk.rowCount; i++) {
      const value = values[i]!;
      if (value.includes('@'))
        table.add([value, emailKey(key, normaliseEmail(value) ?? value.trim().toLowerCase())]);
      else if (digits[i] !== '') table.add([value, phoneKey(key, digits[i]!)]);
    }
  }
  await table.close();
  await duck.run(`CREATE OR REPLACE TABLE naming_events AS SELECT DISTINCT event FROM (${attributes})
    WHERE value IN (SELECT value FROM attribute_hashes WHERE hash IN (${hashes}))`);
  await duck.run('DROP TABLE attribute_hashes');
}
