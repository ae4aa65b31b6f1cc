/** An exchange, its shops and a browser for the tests of user sync. */
import { OURS, tcf } from '../../privacy/consent-text.contract.ts';
import { identityKey } from '../../proto/ids.ts';
import type { ExchangeSync } from '../../settings/exchange-sync.ts';
import { KEY, openRig, type Rig, type RigOptions } from '../tracker-rig.contract.ts';

const DAY_MS = 86_400_000;
export const SYNC: ExchangeSync = {
  url: 'https://sync.alpha.example/m?u={uid}&g={gdpr}&c={gdpr_consent}&p={us_privacy}&h={hop}',
  redirectHosts: ['sync.alpha.example', 'rk.example'],
  ttlMs: 30 * DAY_MS,
};
export const CONSENT = `gdpr=1&gdpr_consent=${tcf({})}`;
const SHOPS = [
  { shop: 'demo', consentVendor: OURS },
  { shop: 'other', consentVendor: 0 },
];

export const rigWith = (more: RigOptions = {}): Promise<Rig> =>
  openRig({ sync: SYNC, shops: SHOPS, ...more });

/** What a browser keeps: of each cookie name its last value, and no dead ones. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly keepsCookies: boolean;

  constructor(keepsCookies = true) {
    this.keepsCookies = keepsCookies;
  }

  async get(rig: Rig, path: string, headers: Record<string, string> = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await rig.get(path, { headers: { ...headers, cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = set.split('; ');
      const cut = pair.indexOf('=');
      this.cookies.delete(pair.slice(0, cut));
      if (this.keepsCookies && !attributes.includes('Max-Age=0')) {
        this.cookies.set(pair.slice(0, cut), pair.slice(cut + 1));
      }
    }
    return response;
  }

  get id(): string {
    return this.cookies.get('__Host-rekindle') ?? '';
  }
}

/** `cookie theirs exchange` as the store has it. */
export function pair(id: string, theirs: string): string {
  const ours = identityKey(KEY, 'cookie', id);
  return `${ours} ${identityKey(KEY, 'exchange:alpha', theirs)} alpha`;
}
