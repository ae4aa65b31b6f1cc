/** Who of a segment may be handed over: members of the serving generation, as the bidder has them. */
import { decodeProfile } from '../../proto/records.ts';
import { ADS, SHARING } from '../../settings/consent-mapping.ts';
import type { Generations } from '../../store/ports.ts';
import { readManifest } from '../build/publish.ts';
import { type Duck, sqlText } from '../duck.ts';
import { phoneDigitsSql } from '../forget/phone-digits.ts';
import { HASH_SPACES_SQL, spacedHashSql } from '../identity/contact-hashes.ts';
import { isContactTheirsSql, isPhoneTheirsSql, loadUnlinked } from '../identity/unlinked.ts';
import { loadOld, type ShopSource } from '../import/import-context.ts';
import { HandoverRefused } from './handover-request.ts';
import { createAddresses, createRefusedAddresses, IS_REFUSED } from './refused-addresses.ts';

export interface SelectedMembers {
  readonly generation: string;
  readonly members: number;
  readonly withoutConsent: number;
  readonly gone: number;
}

interface Selection {
  readonly shop: string;
  readonly segment: string;
  readonly phoneRegion: string | null;
}

const SCAN_PROFILES = 1000;

/**
 * Makes the table addressees: person, customer_id, shown_id (as which others may have it), email, phone in one form, ''
 * for none. Throws HandoverRefused.
 */
export async function selectMembers(
  { duck, files }: ShopSource,
  generations: Generations,
  { shop, segment, phoneRegion }: Selection,
): Promise<SelectedMembers> {
  const serving = await generations.serving(shop);
  const generation = serving?.generation ?? '';
  const manifest = serving === null ? null : await readManifest(generations, shop, generation);
  if (manifest === null) {
    throw new HandoverRefused(`${shop} serves no generation: run rekindle segment ${shop} first`);
  }
  const names = manifest.segments.map((one) => one.segment);
  const ordinal = names.indexOf(segment);
  if (ordinal === -1) {
    throw new HandoverRefused(
      `there is no segment "${segment}" in the serving generation; expected one of: ${names.join(', ')}`,
    );
  }
  const table = await duck.createTable('members', { person: 'text' });
  for await (const person of membersOf(generations, { shop, generation, ordinal })) {
    table.add([person]);
  }
  await table.close();
  for (const table of ['customers', 'consent', 'links'] as const) {
    await loadOld({ duck, files }, table);
  }
  await duck.run(`CREATE TABLE refusing AS SELECT DISTINCT person FROM old_consent
    WHERE purpose IN (${[ADS, SHARING].map(sqlText).join(', ')}) AND allowed = 0`);
  await selectAddressees(duck, phoneRegion);
  const [members, known, willing] = await duck.numbers(
    `SELECT (SELECT count(*) FROM members), count(DISTINCT person),
      (SELECT count(DISTINCT person) FROM addressees)
      FROM old_customers WHERE person IN (SELECT person FROM members)`,
  );
  return {
    generation,
    members: members!,
    withoutConsent: known! - willing!,
    gone: members! - known!,
  };
}

/**
 * SQL for whether the id in a row of old_customers is their e-mail or phone, or a hash of one: who gave no id has it for
 * one in files of known headers (settings/known-headers.ts).
 */
const IS_ADDRESS = `(customer_id LIKE '%@%'
  OR (${phoneDigitsSql('customer_id')} <> '' AND ${phoneDigitsSql('customer_id')} = ${phoneDigitsSql('phone')})
  OR (customer_id, lower(customer_id)) IN (
    SELECT customer_id, value FROM old_links WHERE space IN ('email_sha256', ${HASH_SPACES_SQL})))`;

/**
 * Whoever has no address but refused ones is left out, as one who has refused. What was taken back by hand is
 * nobody's address.
 */
async function selectAddressees(duck: Duck, phoneRegion: string | null): Promise<void> {
  await createAddresses(duck, 'willing', {
    rows: `old_customers WHERE person IN (SELECT person FROM members)
      AND person NOT IN (SELECT person FROM refusing)`,
    phoneRegion,
  });
  await loadUnlinked(duck, 'SELECT * FROM old_links');
  const isTheirs = {
    email: isContactTheirsSql(spacedHashSql("'email'", 'email')),
    phone: `(${isPhoneTheirsSql('phone')} AND ${isContactTheirsSql(spacedHashSql("'phone'", 'phone'))})`,
  };
  for (const [column, condition] of Object.entries(isTheirs)) {
    await duck.run(`UPDATE willing SET ${column} = '' WHERE NOT ${condition}`);
  }
  await createRefusedAddresses(duck, phoneRegion);
  await duck.run(`CREATE TABLE allowed AS SELECT person, customer_id, shown_id,
      CASE WHEN ${IS_REFUSED.email} THEN '' ELSE email END AS email,
      CASE WHEN ${IS_REFUSED.phone} THEN '' ELSE phone END AS phone
    FROM willing JOIN (
      SELECT customer_id, CASE WHEN ${IS_ADDRESS} THEN identity ELSE customer_id END AS shown_id
      FROM old_customers WHERE person IN (SELECT person FROM members)
    ) USING (customer_id)`);
  const withAddress = (table: string) =>
    `(SELECT person FROM ${table} WHERE email <> '' OR phone <> '')`;
  await duck.run(`CREATE TABLE addressees AS SELECT * FROM allowed
    WHERE person IN ${withAddress('allowed')} OR person NOT IN ${withAddress('willing')}
    ORDER BY person, customer_id`);
}

async function* membersOf(
  generations: Generations,
  at: { readonly shop: string; readonly generation: string; readonly ordinal: number },
): AsyncGenerator<string> {
  const { shop, generation, ordinal } = at;
  for (let after = ''; ; ) {
    const persons = await generations.scanProfiles(shop, generation, after, SCAN_PROFILES);
    if (persons.length === 0) return;
    for (const person of persons) {
      const bytes = await generations.readProfile(shop, generation, person);
      const profile = bytes === null ? null : decodeProfile(bytes, person);
      if (profile?.segments.includes(ordinal)) yield person;
    }
    after = persons.at(-1)!;
  }
}
