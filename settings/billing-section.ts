/** `billing:` of `exchanges/*.yaml`: one source for ads of every format, or one for each. */
import { z } from 'zod';
import { BILLING_SOURCES, type Billing, type BillingSource } from './exchange.ts';

const sourceField = z.enum(BILLING_SOURCES);

export const billingSchema = z.union([
  sourceField.transform(billedBy),
  z.strictObject({
    banner: sourceField,
    native: sourceField,
    video: sourceField,
    audio: sourceField,
  }),
]);

/** What one word means: the same for every format. */
export function billedBy(source: BillingSource): Billing {
  return { banner: source, native: source, video: source, audio: source };
}
