/**
 * The files that platforms take lists of people in: columns, form and hash of each (the form and the
 * hash are in identity/platform-hashes.ts), and the least that they make an audience of.
 */
import { emailHash, type Platform, phoneHash } from '../identity/platform-hashes.ts';
import type { HandoverFile } from './handover-request.ts';

/** A customer who may be handed over; e-mail and phone normalised, '' for none. */
export interface Addressee {
  readonly person: string;
  /** The CRM's id, or its keyed hash where that is an e-mail or phone. */
  readonly customer: string;
  readonly email: string;
  readonly phone: string;
}

export interface PlatformFile {
  readonly columns: readonly string[];
  /** A smaller list would tell of single people, and no platform takes it. */
  readonly rowsMin: number;
  /** Cells by `columns`; null for somebody whom the platform could not know. */
  row(addressee: Addressee): readonly string[] | null;
}

/** Yandex Audience asks for 100 rows, Google for 100 active users; the others get no smaller one. */
export const ROWS_MIN = 100;

export const PLATFORM_FILES: Readonly<Record<HandoverFile, PlatformFile>> = {
  /** Contacts of the CRM API: the shop's own id of the contact is what Metrica joins by. */
  metrica: {
    columns: ['uniq_id', 'emails_md5', 'phones_md5'],
    rowsMin: ROWS_MIN,
    row: (addressee) => withHashes('yandex', addressee, [addressee.customer]),
  },
  /** To be uploaded as hashed: MD5. */
  'yandex-audience': {
    columns: ['phone', 'email'],
    rowsMin: ROWS_MIN,
    row: (addressee) => withHashes('yandex', addressee)?.toReversed() ?? null,
  },
  /** Customer Match. */
  google: {
    columns: ['Email', 'Phone'],
    rowsMin: ROWS_MIN,
    row: (addressee) => withHashes('google', addressee),
  },
  /** Custom Audience from a customer list. */
  meta: {
    columns: ['email', 'phone'],
    rowsMin: ROWS_MIN,
    row: (addressee) => withHashes('meta', addressee),
  },
  /** For the shop's own tools: its own ids alone. */
  csv: {
    columns: ['customer_id', 'person'],
    rowsMin: ROWS_MIN,
    row: ({ customer, person }) => [customer, person],
  },
};

/** The hashes of e-mail and phone after `cells`; null when there are none. */
function withHashes(
  platform: Platform,
  { email, phone }: Addressee,
  cells: readonly string[] = [],
): readonly string[] | null {
  if (email === '' && phone === '') return null;
  const emailCell = email === '' ? '' : emailHash(platform, email);
  const phoneCell = phone === '' ? '' : phoneHash(platform, phone);
  return [...cells, emailCell, phoneCell];
}
