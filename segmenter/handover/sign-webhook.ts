/** Webhooks as Standard Webhooks 1.0 has them: id, timestamp and HMAC-SHA-256 of both with the body. */
import { createHmac } from 'node:crypto';
import { HandoverRefused } from './handover-request.ts';

const PREFIX = 'whsec_';
const SECRET_BYTES_MIN = 24;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** `whsec_` and base64, or any text. Throws HandoverRefused for one that can be guessed. */
export function secretBytes(secret: string): Buffer {
  const bytes = secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret);
  if (bytes.length >= SECRET_BYTES_MIN) return bytes;
  throw new HandoverRefused(
    `the webhook's secret has ${bytes.length} bytes; expected at least ${SECRET_BYTES_MIN}`,
  );
}

/** https, or http on this machine. Throws HandoverRefused; the URL is not shown, as it may hold a secret. */
export function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const safe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname));
  if (url !== null && safe && url.username === '' && url.password === '') return url;
  throw new HandoverRefused(
    'the webhook needs an https URL without a name and password (http on this machine alone)',
  );
}

/** Header values of one try. */
export function signedHeaders(
  secret: Buffer,
  message: { readonly id: string; readonly timestampS: number; readonly body: string },
): Readonly<Record<string, string>> {
  const { id, timestampS, body } = message;
  const signature = createHmac('sha256', secret).update(`${id}.${timestampS}.${body}`);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': `v1,${signature.digest('base64')}`,
  };
}
