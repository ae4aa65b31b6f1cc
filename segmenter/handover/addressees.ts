/** Members as platforms may know them: by e-mails and phones in one form, each once. */
import type { Duck } from '../duck.ts';
import type { Addressee } from './platform-files.ts';

/**
 * Of the table addressees, by person, then customer. An address that several customers of one person
 * have is the first one's alone.
 */
export async function* addressees(duck: Duck): AsyncGenerator<Addressee> {
  const query =
    'SELECT person, shown_id, email, phone FROM addressees ORDER BY person, customer_id';
  let before = '';
  const said = new Set<string>();
  const once = (address: string) => {
    if (said.has(address)) return '';
    said.add(address);
    return address;
  };
  for await (const chunk of duck.chunks(query)) {
    const [persons, customers, emails, phones] = [0, 1, 2, 3].map((column) => chunk.texts(column));
    for (let i = 0; i < chunk.rowCount; i++) {
      const person = persons![i]!;
      if (person !== before) said.clear();
      before = person;
      const email = once(emails![i]!);
      const phone = once(phones![i]!);
      yield { person, customer: customers![i]!, email, phone };
    }
  }
}
