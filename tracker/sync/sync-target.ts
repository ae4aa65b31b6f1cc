/** Where a sync sends a browser on to. */
import {
  type ExchangeSync,
  fillSyncUrl,
  type SyncPlaceholder,
} from '../../settings/exchange-sync.ts';

const TARGET_LENGTH_MAX = 16_384;

export interface Target {
  /** Only there; never a host that the caller names without the exchange's settings naming it. */
  readonly hosts: readonly string[];
  /** Host and port of our public URL: nobody is sent round in circles. */
  readonly ownHost: string;
  readonly values: Readonly<Record<SyncPlaceholder, string>>;
}

/** Filled in and checked; null when it is no https URL of one of the hosts. */
export function targetUrl(template: string, { hosts, ownHost, values }: Target): string | null {
  if (template.length > TARGET_LENGTH_MAX) return null;
  const filled = fillSyncUrl(template, values);
  if (!URL.canParse(filled)) return null;
  const { protocol, host, username, password, href } = new URL(filled);
  const isPlain = protocol === 'https:' && username === '' && password === '';
  if (!isPlain || host === ownHost || !hosts.includes(host)) return null;
  return /^[\x21-\x7e]+$/.test(href) ? href : null;
}

/** The host that our own template names. */
export function templateHosts({ url }: ExchangeSync): readonly string[] {
  return url === '' ? [] : [new URL(url).host];
}
