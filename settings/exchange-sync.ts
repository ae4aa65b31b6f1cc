/** `sync:` of `exchanges/*.yaml`: how browsers are introduced to the exchange (docs/identity.md). */
import { z } from 'zod';
import { durationField, hostField } from './fields.ts';

/** What stands in a sync URL as `{name}` and is filled in percent-encoded. */
export const SYNC_PLACEHOLDERS = [
  'uid',
  'hop',
  'gdpr',
  'gdpr_consent',
  'us_privacy',
  'gpp',
  'gpp_sid',
] as const;
export type SyncPlaceholder = (typeof SYNC_PLACEHOLDERS)[number];

export interface ExchangeSync {
  /** Where we send a browser with our id in it; '' when only the exchange begins. */
  readonly url: string;
  /** Hosts that a call of the exchange may have us send the browser on to. */
  readonly redirectHosts: readonly string[];
  /** How long an introduction is remembered, ms. */
  readonly ttlMs: number;
}

const DAY_MS = 86_400_000;
const TTL_DEFAULT_MS = 30 * DAY_MS;
const URL_LENGTH_MAX = 2000;
const HOSTS_MAX = 50;
const PLACEHOLDER = /\{([^{}]*)\}/g;

export const syncSchema = z
  .strictObject({
    url: z
      .string()
      .max(URL_LENGTH_MAX)
      .refine(isTemplate, {
        error:
          'expected an https URL with {uid}, such as https://sync.example.com/match?buyer=7&uid={uid}&gdpr={gdpr}',
      })
      .exactOptional(),
    redirect_hosts: z.array(hostField).max(HOSTS_MAX).default([]),
    ttl: durationField
      .refine((ms) => ms >= 14 * DAY_MS && ms <= 60 * DAY_MS, { error: 'expected 14d to 60d' })
      .default(TTL_DEFAULT_MS),
  })
  .transform(
    ({ url, redirect_hosts, ttl }): ExchangeSync => ({
      url: url ?? '',
      redirectHosts: redirect_hosts,
      ttlMs: ttl,
    }),
  );

/** `values` in the place of the placeholders, encoded: none of them can become another part of the URL. */
export function fillSyncUrl(
  template: string,
  values: Readonly<Record<SyncPlaceholder, string>>,
): string {
  return template.replaceAll(PLACEHOLDER, (whole, name: string) =>
    isPlaceholder(name) ? encodeURIComponent(values[name]) : whole,
  );
}

function isTemplate(template: string): boolean {
  if (!/^https:\/\/[a-z0-9.-]+(:\d+)?[/?][\x21-\x7e]*$/.test(template)) return false;
  const names = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!);
  const bare = template.replaceAll(PLACEHOLDER, '');
  return (
    names.includes('uid') && names.every(isPlaceholder) && !/[{}]/.test(bare) && URL.canParse(bare)
  );
}

function isPlaceholder(name: string): name is SyncPlaceholder {
  return (SYNC_PLACEHOLDERS as readonly string[]).includes(name);
}
