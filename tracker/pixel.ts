import type { HttpReply } from '../platform/http/http-port.ts';

/** One transparent pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
export const NO_STORE = ['Cache-Control', 'no-store'] as const;

export function sendPixel(
  reply: HttpReply,
  headers: readonly (readonly [string, string])[] = [],
): void {
  reply.sendWith(200, [['Content-Type', 'image/gif'], NO_STORE, ...headers], PIXEL);
}
