/** What `shop.yaml` says of the advertiser to exchanges: its categories, and whom an ad is for. */
import { z } from 'zod';
import { textField } from './fields.ts';
import { LEGAL_FORMS } from './workspace.ts';

const LIST_MAX = 200;
/** Of both texts: IAB Tech Lab, DSA Transparency. */
const DSA_TEXT_MAX = 100;

const contentName = z
  .string()
  .regex(/^IAB\d{1,2}(-\d{1,2})?$/, { error: 'expected a category like IAB22-1' });
/** Ids of the later taxonomies are numbers or such as JLBCU7. */
const categoryId = z.union([
  z.int().min(1).transform(String),
  z.string().regex(/^[A-Za-z0-9-]{1,32}$/, { error: 'expected the id of a category, like 473' }),
]);
const ids = z.array(categoryId).min(1).max(LIST_MAX).exactOptional();

/** A list is of content categories 1.0; a map has a list for each of AdCOM's taxonomies (4 is of audiences). */
export const categoriesField = z.union([
  z
    .array(contentName)
    .max(LIST_MAX)
    .transform((names): Readonly<Record<number, readonly string[]>> => ({ 1: names })),
  z.strictObject({
    1: z.array(contentName).min(1).max(LIST_MAX).exactOptional(),
    2: ids,
    3: ids,
    5: ids,
    6: ids,
    7: ids,
    8: ids,
    9: ids,
  }),
]);

export const dsaSchema = z.strictObject({
  behalf: textField.max(DSA_TEXT_MAX),
  paid: textField.max(DSA_TEXT_MAX).exactOptional(),
  rendered: z.boolean().default(false),
});

export const adMarkingSchema = z.strictObject({
  in_markup: z.boolean().default(false),
  client: z
    .strictObject({
      inn: z.string().regex(/^(\d{10}|\d{12})$/, {
        error: 'expected the tax number in quotes: 10 digits of a company, 12 of a person',
      }),
      legal_form: z.enum(LEGAL_FORMS),
      name: textField,
    })
    .exactOptional(),
});

/** What the operator of ad data gives a creative. */
export const eridField = z
  .string()
  .regex(/^[A-Za-z0-9_-]{4,64}$/, { error: 'expected a token such as 2VtzqwQ3Lft' });
