/** Members as platforms may know them: e-mails and phones normalised, those of nobody left out. */
import type { Duck } from '../duck.ts';
import { normaliseEmail } from '../identity/normalise-email.ts';
import { isPhoneRegion, normalisePhone } from '../identity/normalise-phone.ts';
import { isPlaceholderEmail, isPlaceholderPhone } from '../identity/placeholder-values.ts';
import type { Addressee } from './platform-files.ts';

/** Of the table addressees, by person. */
export async function* addressees(
  duck: Duck,
  phoneRegion: string | null,
): AsyncGenerator<Addressee> {
  const region = knownRegion(phoneRegion);
  const query = 'SELECT person, customer_id, email, phone FROM addressees ORDER BY person';
  for await (const chunk of duck.chunks(query)) {
    const [persons, customers, emails, phones] = [0, 1, 2, 3].map((column) => chunk.texts(column));
    for (let i = 0; i < chunk.rowCount; i++) {
      yield {
        person: persons![i]!,
        customer: customers![i]!,
        email: ownEmail(emails![i]!),
        phone: ownPhone(phones![i]!, region),
      };
    }
  }
}

type Region = Parameters<typeof normalisePhone>[1];

function knownRegion(code: string | null): Region {
  return code !== null && isPhoneRegion(code) ? code : null;
}

function ownEmail(raw: string): string {
  const email = normaliseEmail(raw);
  return email === null || isPlaceholderEmail(email) ? '' : email;
}

function ownPhone(raw: string, region: Region): string {
  const phone = normalisePhone(raw, region);
  return phone === null || isPlaceholderPhone(phone) ? '' : phone;
}
