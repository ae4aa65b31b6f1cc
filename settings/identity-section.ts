/** `identity:` of shop.yaml: how long and how widely an identifier may speak for a person. */
import { z } from 'zod';

/** Kinds of identifiers, strongest first; `partner` is every exchange id and eid. */
export const IDENTIFIER_KINDS = ['email', 'phone', 'ifa', 'cookie', 'partner'] as const;

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

const DAYS_MAX = 3650;
const SHARED_MAX = 1000;
/** What the graph counts in 16 bits. */
const PER_PERSON_MAX = 65_535;

const kindSchema = z.strictObject({
  /** A link that was not seen for so long counts no longer. */
  days: z.union([z.int().min(1).max(DAYS_MAX), z.literal('forever')]).exactOptional(),
  /** One that more customers have is nobody's. */
  shared_max: z.int().min(1).max(SHARED_MAX).exactOptional(),
  per_person_max: z.int().min(1).max(PER_PERSON_MAX).exactOptional(),
});

export const identitySchema = z.strictObject({
  ...(Object.fromEntries(
    IDENTIFIER_KINDS.map((kind) => [kind, kindSchema.exactOptional()]),
  ) as Record<IdentifierKind, z.ZodExactOptional<typeof kindSchema>>),
  /** Customers whom an e-mail or phone may make one person. */
  customers_max: z.int().min(2).max(PER_PERSON_MAX).exactOptional(),
  /** Identifiers of all kinds together. */
  person_max: z.int().min(2).max(PER_PERSON_MAX).exactOptional(),
});

/** What a shop says otherwise than the defaults (segmenter/identity/identity-policy.ts). */
export type IdentitySettings = z.output<typeof identitySchema>;
