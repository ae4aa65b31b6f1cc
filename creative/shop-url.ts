/** Which URLs of a feed may reach a banner or a browser: one reading of them, the WHATWG one. */
const DATA_IMAGE = /^data:image\/(svg\+xml|png)[;,]/;
/** A picture inside the URL weighs on every bid. */
const DATA_IMAGE_LENGTH_MAX = 4096;
const URL_LENGTH_MAX = 2048;

/** An absolute http or https URL without credentials on an allowed host, or null. */
export function parseShopUrl(text: string, allowedHosts: readonly string[]): URL | null {
  if (text.length > URL_LENGTH_MAX || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.username !== '' || url.password !== '') return null;
  return isAllowedHost(url.host, allowedHosts) ? url : null;
}

/** Why the landing page may not be linked to, or null. */
export function landingProblem(text: string, allowedHosts: readonly string[]): string | null {
  return parseShopUrl(text, allowedHosts) === null
    ? `the landing page ${shown(text)} is no http(s) URL on a host of the shop (${allowedHosts.join(', ')})`
    : null;
}

/** Why the image may not be shown, or null. */
export function imageProblem(text: string, allowedHosts: readonly string[]): string | null {
  if (text === '') return 'the image is missing';
  if (DATA_IMAGE.test(text)) {
    return text.length <= DATA_IMAGE_LENGTH_MAX
      ? null
      : `the data: image is longer than ${DATA_IMAGE_LENGTH_MAX} characters`;
  }
  return parseShopUrl(text, allowedHosts) === null
    ? `the image ${shown(text)} is no http(s) URL on a host of the shop (${allowedHosts.join(', ')}), nor data:image/svg+xml or png`
    : null;
}

function isAllowedHost(host: string, allowedHosts: readonly string[]): boolean {
  return allowedHosts.some((allowed) =>
    allowed.startsWith('*.')
      ? host.endsWith(allowed.slice(1).toLowerCase())
      : host === allowed.toLowerCase(),
  );
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
