/** User matching: a browser is sent round, ends at a pixel, and keeps no cookie without consent. */
import type { Exchange } from '../exchange.ts';
import type { Probe } from '../probe.ts';
import { type Check, fail, notApplicable, pass, type Verdict } from '../verdict.ts';

const HOPS_MAX = 5;

export const SYNC_CHECKS: readonly Check[] = [
  {
    id: 'sync',
    area: 'policy',
    title: 'user matching ends, and without consent keeps no cookie',
    run: sync,
  },
];

async function sync(probe: Probe): Promise<Verdict> {
  const { sync: url } = probe.options;
  if (url === null) return notApplicable('no sync URL is known; name it with --sync');
  const ended = await follow(probe, url, false);
  if (ended !== null) return ended;
  const unconsented = new URL(url);
  unconsented.searchParams.set('gdpr', '1');
  unconsented.searchParams.set('gdpr_consent', '');
  return (await follow(probe, unconsented, true)) ?? pass();
}

/** Null when all is well. Cookies of others on the way are not the bidder's. */
async function follow(probe: Probe, start: URL, denied: boolean): Promise<Verdict | null> {
  const seen = new Set<string>();
  let url = start;
  for (let hop = 0; hop <= HOPS_MAX; hop++) {
    if (seen.has(url.href)) return fail(`comes back to ${url.href}`, null);
    seen.add(url.href);
    const answer = await probe.call('GET', { url });
    const cookie = answer.headers['set-cookie'];
    if (denied && url.host === start.host && cookie !== undefined) {
      return fail('a cookie without consent', answer);
    }
    const next = redirectOf(answer, url);
    if (next === null) return endFault(answer);
    // Elsewhere it is the partner's.
    if (next.host !== start.host) return null;
    url = next;
  }
  return fail(`more than ${HOPS_MAX} redirects`, null);
}

function redirectOf({ status, headers }: Exchange, from: URL): URL | null {
  const location = headers['location'] ?? '';
  const isRedirect = status >= 300 && status < 400 && URL.canParse(location, from.href);
  return isRedirect ? new URL(location, from) : null;
}

function endFault(answer: Exchange): Verdict | null {
  const { status, headers, trouble } = answer;
  const isImage = status === 200 && /^image\//.test(headers['content-type'] ?? '');
  return isImage || status === 204 ? null : fail(`ends with ${status || trouble}`, answer);
}
