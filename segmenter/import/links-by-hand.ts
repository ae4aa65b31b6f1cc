/** Links that somebody takes back by hand: for good, whatever a file says of them later. */
import { sqlText } from '../duck.ts';
import { BY_HAND } from '../identity/counted-links.ts';
import { linkEmail, linkPhone } from '../identity/link-values.ts';
import { isPhoneRegion } from '../identity/normalise-phone.ts';
import { type ImportContext, loadOld } from './import-context.ts';
import { ImportError } from './import-error.ts';

export interface LinkByHand {
  readonly customer: string;
  /** As of devices, email or phone. */
  readonly space: string;
  /** As somebody writes it. */
  readonly value: string;
  /** Lets the link count again, instead of taking it back. */
  readonly undo: boolean;
}

/** Later than whatever will be seen. */
const FOR_GOOD_MS = Number.MAX_SAFE_INTEGER;

/** Makes known_links: what earlier imports left, with what is taken back now. Throws ImportError for no link. */
export async function loadKnownLinks(
  context: ImportContext,
  byHand: readonly LinkByHand[],
  phoneRegion: string | undefined,
): Promise<void> {
  const { duck, nowMs } = context;
  await loadOld(context, 'links');
  const rows: string[] = [];
  for (const link of byHand) {
    const seen = (
      await duck.rows(`SELECT space, value, identity FROM old_links
        WHERE customer_id = ${sqlText(link.customer)} AND ${isMeantSql(link, phoneRegion)}
        ORDER BY space LIMIT 1`)
    )[0];
    if (seen === undefined) {
      throw new ImportError(
        `customer ${link.customer} was never seen with the ${link.space} ${link.value}: ` +
          'rekindle identity shows what was',
        `customer ${link.customer} was never seen with that ${link.space}`,
      );
    }
    const texts = [link.customer, ...seen.map(String), BY_HAND, 'upload'].map(sqlText);
    rows.push(`(${texts.join(', ')}, ${nowMs}, ${nowMs}, ${link.undo ? 'NULL' : FOR_GOOD_MS})`);
  }
  const taken = `SELECT * FROM (VALUES ${rows.join(', ')}) v`;
  const isAnew = `source = ${sqlText(BY_HAND)} AND (customer_id, identity) IN
    (SELECT col0, col3 FROM (${taken}))`;
  await duck.run(
    rows.length === 0
      ? 'CREATE VIEW known_links AS SELECT * FROM old_links'
      : `CREATE TABLE known_links AS
         SELECT * FROM old_links WHERE NOT (${isAnew}) UNION ALL ${taken}`,
  );
}

/** SQL for links of that value. Of a further or former e-mail the log may have the hash alone (contacts.ts). */
function isMeantSql(link: LinkByHand, region: string | undefined): string {
  const value = sqlText(rowOf(link, region));
  const is = `(space = ${sqlText(link.space)} AND value = ${value})`;
  return link.space === 'email'
    ? `(${is} OR (space = 'email_sha256' AND value = sha256(${value})))`
    : is;
}

/** The value as the log has it. */
function rowOf({ space, value }: LinkByHand, region: string | undefined): string {
  const country = region !== undefined && isPhoneRegion(region) ? region : null;
  if (space === 'email') return linkEmail(value) ?? value;
  if (space === 'phone') return linkPhone(value, country) ?? value;
  return space === 'ifa' ? value.toLowerCase() : value;
}
