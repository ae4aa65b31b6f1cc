/**
 * How a shop's CRM files are read: `import:` of shop.yaml. Names on the left are Rekindle's, on the
 * right the file's column headers (CSV), keys (NDJSON) or columns (Parquet).
 */
import { z } from 'zod';
import { NAME_PATTERN } from '../proto/ids.ts';
import { attributesField } from './attribute-mapping.ts';
import { consentSchema } from './consent-mapping.ts';
import { isCountry } from './country.ts';
import { type EventKind, eventColumns } from './event-mapping.ts';
import { knownNames } from './known-headers.ts';
import { withKnown } from './known-section.ts';
import { checkMoneyColumns, moneyColumns, takenBackField } from './order-money.ts';
import { timeFormatField } from './time-format.ts';

const column = z.string().min(1).max(200);
const statusName = z.string().min(1).max(255);

/** One character between CSV fields; found out from the header line when absent. */
const delimiter = z.enum([',', ';', '\t', '|']);
/** Found out from the bytes when absent; UTF-16 is known by its byte order mark. */
const encoding = z.enum(['utf-8', 'windows-1251']);

/** How the text of a file is read, whatever stands in it. */
const textSettings = { delimiter: delimiter.exactOptional(), encoding: encoding.exactOptional() };

const statusSource = z.union([
  z.strictObject({ constant: statusName }),
  z.strictObject({ column }),
  /** The longest prefix that a cell starts with decides; `otherwise` when none does. */
  z.strictObject({
    column,
    prefixes: z.record(z.string().min(1), statusName),
    otherwise: statusName,
  }),
]);

/** A row is a whole order (`revenue`) or one of its lines (`unit_price` or `line_total`, summed). */
const orderColumns = z
  .strictObject({
    order: column,
    customer: column,
    time: column,
    product: column.exactOptional(),
    /** What the whole order is of, `SKU:quantity` with commas between them. */
    products: column.exactOptional(),
    /** 1 when absent. */
    quantity: column.exactOptional(),
    unit_price: column.exactOptional(),
    line_total: column.exactOptional(),
    /** The whole order's amount; when it stands on several rows of one order, the last one's. */
    revenue: column.exactOptional(),
    /** Since when the status holds: an older one never overwrites a newer one. */
    status_time: column.exactOptional(),
    /** When a payment came; an order keeps the first. */
    paid_at: column.exactOptional(),
    ...moneyColumns,
  })
  .refine(
    (columns) =>
      [columns.unit_price, columns.line_total, columns.revenue].filter(Boolean).length === 1,
    { error: 'expected exactly one of unit_price, line_total and revenue' },
  );

/** `like:` fills in what a section leaves out (known-headers.ts). */
const like = (kind: string) => z.enum(knownNames(kind)).exactOptional();

const eventSection = (kind: EventKind) =>
  z
    .strictObject({
      like: like(kind),
      columns: eventColumns(column),
      /** Of every event of the file. */
      name: column.exactOptional(),
      time_format: timeFormatField.default('iso'),
      decimal: z.enum(['.', ',']).default('.'),
      ...textSettings,
    })
    .refine(({ name, columns }) => (name === undefined) !== (columns.name === undefined), {
      error: 'expected either name or columns.name',
    });

export const importMappingSchema = z.strictObject({
  events: filledIn(eventSection('events')).exactOptional(),
  conversions: filledIn(eventSection('conversions')).exactOptional(),
  calls: filledIn(eventSection('calls')).exactOptional(),
  orders: filledIn(
    z
      .strictObject({
        like: like('orders'),
        columns: orderColumns,
        attributes: attributesField,
        time_format: timeFormatField.default('iso'),
        status: statusSource,
        /** Statuses of lines that the customer did not keep; see columns.line_status. */
        taken_back: takenBackField.exactOptional(),
        /** What stands before the cents. */
        decimal: z.enum(['.', ',']).default('.'),
        ...textSettings,
      })
      .superRefine(checkMoneyColumns),
  ).exactOptional(),
  customers: filledIn(
    z
      .strictObject({
        like: like('customers'),
        attributes: attributesField,
        /** An e-mail, phone or cookie cell may hold several, with commas between them. */
        columns: z.strictObject({
          customer: column,
          email: column.exactOptional(),
          phone: column.exactOptional(),
          cookies: column.exactOptional(),
          /** MD5s of e-mails, and of phones as digits with their country's code. */
          email_md5: column.exactOptional(),
          phone_md5: column.exactOptional(),
          /** Of rows of one customer in a file the newest counts, wherever it stands. */
          updated: column.exactOptional(),
        }),
        /** Of columns.updated; iso when absent. */
        time_format: timeFormatField.exactOptional(),
        /** What makes one person of customers who share it; none unless the shop says so. */
        join_by: z.array(z.enum(['email', 'phone'])).default([]),
        /** Where phones without a country's code are dialled: ISO 3166. */
        phone_region: z
          .string()
          .refine(isCountry, { error: 'expected an ISO 3166 code of a country, as RU' })
          .exactOptional(),
        consent: consentSchema.exactOptional(),
        ...textSettings,
      })
      .refine(
        ({ columns, join_by: kinds }) =>
          kinds.every((kind) => (columns[kind] ?? columns[`${kind}_md5`]) !== undefined),
        { error: 'expected a column for each of join_by' },
      ),
  ).exactOptional(),
  devices: z
    .strictObject({
      columns: z.strictObject({
        customer: column,
        space: column.exactOptional(),
        value: column,
        /** When the two were last seen together; the time of the import when absent. */
        time: column.exactOptional(),
        /** What that rests on: login, order, upload or click; upload when absent. */
        evidence: column.exactOptional(),
        /** When the link was taken back; empty for one that holds. */
        revoked_at: column.exactOptional(),
      }),
      time_format: timeFormatField.default('iso'),
      /** For a file whose rows all are of one space. */
      space: z
        .string()
        .refine(isIdentitySpace, {
          error: 'expected cookie, ifa, email_sha256, exchange:<name> or eid:<source>',
        })
        .exactOptional(),
      ...textSettings,
    })
    .refine((devices) => (devices.space === undefined) !== (devices.columns.space === undefined), {
      error: 'expected either space or columns.space',
    })
    .exactOptional(),
});

function filledIn<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(withKnown, schema);
}

export type SaidEncoding = z.output<typeof encoding>;
export type TextSettings = {
  readonly delimiter?: z.output<typeof delimiter>;
  readonly encoding?: SaidEncoding;
};
export type ImportMapping = z.output<typeof importMappingSchema>;
/** `blanksStay` is no key of shop.yaml: an update leaves an order its status and revenue where cells are empty. */
export type OrdersMapping = NonNullable<ImportMapping['orders']> & {
  readonly blanksStay?: boolean;
};
export type EventsMapping = NonNullable<ImportMapping[EventKind]>;
export type CustomersMapping = NonNullable<ImportMapping['customers']>;
export type DevicesMapping = NonNullable<ImportMapping['devices']>;

const EID_SOURCE = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Whether devices files may name this space. `customer` is made from the customer id itself. */
export function isIdentitySpace(space: string): boolean {
  if (space === 'cookie' || space === 'ifa' || space === 'email_sha256') return true;
  if (space.startsWith('exchange:')) return NAME_PATTERN.test(space.slice('exchange:'.length));
  return space.startsWith('eid:') && EID_SOURCE.test(space.slice('eid:'.length));
}
