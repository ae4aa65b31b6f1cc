/** Members as platforms may know them: e-mails and phones normalised, those of nobody left out. */
import type { Duck } from '../duck.ts';
import { linkEmail, linkPhone } from '../identity/link-values.ts';
import { isPhoneRegion } from '../identity/normalise-phone.ts';
import type { Addressee } from './platform-files.ts';

/**
 * Of the table addressees, by person, then customer. An address that several customers of one person
 * have is the first one's alone.
 */
export async function* addressees(
  duck: Duck,
  phoneRegion: string | null,
): AsyncGenerator<Addressee> {
  const region = phoneRegion !== null && isPhoneRegion(phoneRegion) ? phoneRegion : null;
  const query =
    'SELECT person, customer_id, email, phone FROM addressees ORDER BY person, customer_id';
  let before = '';
  const said = new Set<string>();
  const once = (address: string | null) => {
    if (address === null || said.has(address)) return '';
    said.add(address);
    return address;
  };
  for await (const chunk of duck.chunks(query)) {
    const [persons, customers, emails, phones] = [0, 1, 2, 3].map((column) => chunk.texts(column));
    for (let i = 0; i < chunk.rowCount; i++) {
      const person = persons![i]!;
      if (person !== before) said.clear();
      before = person;
      const email = once(linkEmail(emails![i]!));
      const phone = once(linkPhone(phones![i]!, region));
      yield { person, customer: customers![i]!, email, phone };
    }
  }
}
