/**
 * How files of events are read: `import: events:`, `conversions:` and `calls:` of shop.yaml. They
 * differ in where they come from, not in their shape. Columns that are not named become attributes.
 */
import { z } from 'zod';

/** Who it was, when it is not (only) a customer; a row counts under the first of them that it has. */
export const EVENT_IDENTIFIERS = {
  /** Metrica's ClientId. */
  cookie: 'cookie',
  yclid: 'click:yclid',
  gclid: 'click:gclid',
  /** Metrica's PurchaseId. */
  order: 'order',
} as const;

export type EventIdentifier = keyof typeof EVENT_IDENTIFIERS;
export const EVENT_IDENTIFIER_COLUMNS = Object.keys(EVENT_IDENTIFIERS) as EventIdentifier[];

export const EVENT_KINDS = ['events', 'conversions', 'calls'] as const;
/** Kinds of files that an import reads. */
export const FILE_KINDS = ['orders', 'customers', 'devices', ...EVENT_KINDS] as const;
export type FileKind = (typeof FILE_KINDS)[number];
export type EventKind = (typeof EVENT_KINDS)[number];

/** `column` is the schema of a column's name. */
export function eventColumns(column: z.ZodString) {
  const optional = column.exactOptional();
  return z
    .strictObject({
      /** What comes again with it replaces the event; the whole event is its own key when absent. */
      id: optional,
      time: column,
      customer: optional,
      cookie: optional,
      yclid: optional,
      gclid: optional,
      order: optional,
      name: optional,
      product: optional,
      value: optional,
      /** ISO 4217; the shop's currency when absent or empty. */
      currency: optional,
    })
    .refine((named) => ['customer', ...EVENT_IDENTIFIER_COLUMNS].some((name) => name in named), {
      error: `expected one of customer, ${EVENT_IDENTIFIER_COLUMNS.join(', ')}`,
    });
}
