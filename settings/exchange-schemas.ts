/** The sections of `exchanges/*.yaml` by which an exchange differs from plain OpenRTB. */
import { z } from 'zod';
import {
  CLICK_ENCODINGS,
  MARKING_RULES,
  NATIVE_FORMS,
  NATIVE_WRAPPINGS,
  PROFILES,
} from './exchange.ts';

/** Of AdCOM's category taxonomies: Content 1.0 to 3.1, Ad Product 1.0 and 2.0, Audience 1.1. */
const TAXONOMY_MAX = 9;
const BIDS_MAX = 200;
const MARKUP_BYTES_MIN = 1024;
const MARKUP_BYTES_MAX = 1_048_576;
const QPS_MAX = 1_000_000;

/** Text that stands in a URL inside JSON or XML as it is: printable ASCII without " # & ' < > \\ and spaces. */
const MACRO = /^[!$%(-;=?-[\]-~]{1,64}$/;
/** The same within an attribute of HTML: without < > and ` too. */
const CLICK_MACRO = /^[!$%()*+,./:;=?@[\]^{|}~\w-]{1,128}$/;

const macroLike = (example: string) =>
  z.string().regex(MACRO, {
    error: `expected a macro such as ${example}: ASCII without spaces, quotes, backslashes, <, >, & and #`,
  });

export const macroField = macroLike('${AUCTION_PRICE}');

/** '' where the exchange replaces none. */
const macroOrNone = (standard: string) =>
  z.union([z.literal(''), macroLike(standard)]).default(standard);

export const profileField = z.enum(PROFILES);

const clickSchema = z.strictObject({
  macro: z.string().regex(CLICK_MACRO, {
    error:
      'expected a macro such as %%CLICK_URL_UNESC%%: ASCII without spaces, quotes, backslashes, <, >, & and #',
  }),
  encoding: z.enum(CLICK_ENCODINGS).default('none'),
});

const contentTypeField = z.string().regex(/^application\/[a-z0-9.+-]{1,40}(; charset=utf-8)?$/, {
  error: 'expected a media type such as application/octet-stream',
});

/** Spread into the schema of a whole file. */
export const EXCHANGE_TERMS = {
  profile: profileField.exactOptional(),
  content_type: contentTypeField.exactOptional(),
  click: clickSchema.exactOptional(),
  /** What its notices tell besides the price. */
  notices: z
    .strictObject({
      loss: macroOrNone('${AUCTION_LOSS}'),
      min_to_win: macroOrNone('${AUCTION_MIN_TO_WIN}'),
    })
    .prefault({}),
  native: z
    .strictObject({
      wrapped: z.enum(NATIVE_WRAPPINGS).default('auto'),
      form: z.enum(NATIVE_FORMS).default('string'),
    })
    .default({ wrapped: 'auto', form: 'string' }),
  taxonomy: z.int().min(1).max(TAXONOMY_MAX).default(1),
  limits: z
    .strictObject({
      bids: z.int().min(1).max(BIDS_MAX).exactOptional(),
      markup_bytes: z.int().min(MARKUP_BYTES_MIN).max(MARKUP_BYTES_MAX).exactOptional(),
    })
    .default({}),
  multi_bid: z.boolean().default(false),
  qps_max: z.int().min(1).max(QPS_MAX).exactOptional(),
  marking: z
    .strictObject({ required: z.enum(MARKING_RULES).default('never') })
    .default({ required: 'never' }),
};
