/** What a customers file says its people agreed to: `consent:` below `import: customers:` of shop.yaml. */
import { z } from 'zod';
import { NAME_PATTERN } from '../proto/ids.ts';

/** Without it a person gets no profile, and so no bid of their own. */
export const ADS = 'ads';

/** Without it, or without ADS, a person is in no export to a platform. */
export const SHARING = 'sharing';

const column = z.string().min(1).max(200);
const YES = ['1', 'true', 'yes', 'y', 'on', 'да', 'д'];

/**
 * By purpose; beside `ads` and `sharing` any name, which is kept and told. A column of consent allows
 * with one of `yes` alone: a blank is none, nor is silence about a customer. A column of opt-outs, such as
 * the time of one, refuses with whatever is written in it.
 */
export const consentSchema = z.record(
  z.string().regex(NAME_PATTERN, { error: 'expected the name of a purpose such as ads' }),
  z.union([
    z.strictObject({
      column,
      yes: z.array(z.string().min(1).toLowerCase()).min(1).default(YES),
    }),
    z.strictObject({ opted_out: column }),
  ]),
);

export type ConsentMapping = z.output<typeof consentSchema>;
