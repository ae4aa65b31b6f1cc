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
    const row = rowOf(link, phoneRegion);
    const is = `customer_id = ${sqlText(link.customer)} AND space = ${sqlText(link.space)}
      AND value = ${sqlText(row)}`;
    const [identity] =
      (await duck.rows(`SELECT identity FROM old_links WHERE ${is} LIMIT 1`))[0] ?? [];
    if (identity === undefined) {
      throw new ImportError(
        `customer ${link.customer} was never seen with the ${link.space} ${link.value}: ` +
          'rekindle identity shows what was',
        `customer ${link.customer} was never seen with that ${link.space}`,
      );
    }
    const texts = [link.customer, link.space, row, String(identity), BY_HAND, 'upload'].map(
      sqlText,
    );
    rows.push(`(${texts.join(', ')}, ${nowMs}, ${nowMs}, ${link.undo ? 'NULL' : FOR_GOOD_MS})`);
  }
  const taken = `SELECT * FROM (VALUES ${rows.join(', ')}) v`;
  const isAnew = `source = ${sqlText(BY_HAND)} AND (customer_id, space, value) IN
    (SELECT col0, col1, col2 FROM (${taken}))`;
  await duck.run(
    rows.length === 0
      ? 'CREATE VIEW known_links AS SELECT * FROM old_links'
      : `CREATE TABLE known_links AS
         SELECT * FROM old_links WHERE NOT (${isAnew}) UNION ALL ${taken}`,
  );
}

/** The value as the log has it. */
function rowOf({ space, value }: LinkByHand, region: string | undefined): string {
  const country = region !== undefined && isPhoneRegion(region) ? region : null;
  if (space === 'email') return linkEmail(value) ?? value;
  if (space === 'phone') return linkPhone(value, country) ?? value;
  return space === 'ifa' ? value.toLowerCase() : value;
}
