import type { Item } from './item.ts';
import { parseShopUrl } from './shop-url.ts';

/**
 * Where a click on an item leads: its landing page with `utm_…`, `coupon` and the click id
 * appended. The feed's own query stays as it is, to the byte; a parameter it has already is not
 * added again. Null when the page is not on a host of the shop: then nobody is sent anywhere.
 */
export function landingUrl(
  item: Pick<Item, 'landingUrl'>,
  visit: {
    /** '' is none. */
    coupon: string;
    /** '' is none. */
    clickId: string;
    /** Campaign name for utm_campaign; '' is none. */
    campaign: string;
    allowedHosts: readonly string[];
  },
): string | null {
  const url = parseShopUrl(item.landingUrl, visit.allowedHosts);
  if (url === null) return null;
  const present = url.searchParams;
  const added = [
    ['utm_source', 'rekindle'],
    ['utm_medium', 'display'],
    ['utm_campaign', visit.campaign],
    ['coupon', visit.coupon],
    ['rk_click', visit.clickId],
  ]
    .filter(([name, value]) => value !== '' && !present.has(name!))
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&');
  const query = url.search === '' || url.search.endsWith('&') ? url.search : `${url.search}&`;
  url.search = query + added;
  return url.href;
}
