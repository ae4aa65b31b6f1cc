/** `attributes:` of an import section: further columns of a file by the names that rules call them. */
import { z } from 'zod';
import { NAME_PATTERN } from '../proto/ids.ts';
import { timeFormatField } from './time-format.ts';

const ATTRIBUTES_MAX = 50;

const column = z.string().min(1).max(200);

const attribute = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ column, type: z.literal('text') }),
    z.strictObject({
      column,
      type: z.literal('number'),
      /** What stands before the fraction. */
      decimal: z.enum(['.', ',']).default('.'),
    }),
    /** A calendar day; a future one may be a trip, a past one a birthday. */
    z.strictObject({ column, type: z.literal('date'), format: timeFormatField.default('iso') }),
    /** Several texts in one cell. */
    z.strictObject({
      column,
      type: z.literal('list'),
      separator: z.string().length(1).default(','),
    }),
  ],
  { error: 'expected type: text, number, date or list' },
);

/** By name. An empty cell says nothing: what an earlier import left stays. */
export const attributesField = z
  .record(
    z.string().regex(NAME_PATTERN, {
      error: 'expected a name of a-z, 0-9, _ and -, at most 64 characters',
    }),
    attribute,
  )
  .refine((attributes) => Object.keys(attributes).length <= ATTRIBUTES_MAX, {
    error: `expected at most ${ATTRIBUTES_MAX} attributes`,
  })
  .exactOptional();

export type AttributeMapping = Readonly<Record<string, z.output<typeof attribute>>>;
