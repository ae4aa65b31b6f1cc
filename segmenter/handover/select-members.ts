/** Who of a segment may be handed over: members of the serving generation, as the bidder has them. */
import { decodeProfile } from '../../proto/records.ts';
import { ADS, SHARING } from '../../settings/consent-mapping.ts';
import type { Generations } from '../../store/ports.ts';
import { readManifest } from '../build/publish.ts';
import { sqlText } from '../duck.ts';

import { loadOld, type ShopSource } from '../import/import-context.ts';
import { HandoverRefused } from './handover-request.ts';

export interface SelectedMembers {
  readonly generation: string;
  readonly members: number;
  readonly withoutConsent: number;
  readonly gone: number;
}

const SCAN_PROFILES = 1000;

/** Makes the table addressees: person, customer_id, email, phone. Throws HandoverRefused. */
export async function selectMembers(
  { duck, files }: ShopSource,
  generations: Generations,
  { shop, segment }: { readonly shop: string; readonly segment: string },
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
  await loadOld({ duck, files }, 'customers');
  await loadOld({ duck, files }, 'consent');
  await duck.run(`CREATE TABLE known_members AS
    SELECT c.person, c.customer_id, c.email, c.phone,
      CASE WHEN c.person IN (SELECT person FROM old_consent
        WHERE purpose IN (${[ADS, SHARING].map(sqlText).join(', ')}) AND allowed = 0)
        THEN 1 ELSE 0 END AS refused
    FROM members m JOIN old_customers c ON c.person = m.person`);
  await duck.run(`CREATE TABLE addressees AS
    SELECT person, customer_id, email, phone FROM known_members WHERE refused = 0
    ORDER BY person, customer_id`);
  const [members, known, refused] = await duck.numbers(
    `SELECT (SELECT count(*) FROM members), count(DISTINCT person),
      count(DISTINCT CASE WHEN refused = 1 THEN person END) FROM known_members`,
  );
  return { generation, members: members!, withoutConsent: refused!, gone: members! - known! };
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
