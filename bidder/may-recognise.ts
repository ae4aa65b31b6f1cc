import type { BidRequest } from './auction/bid-request.ts';
import type { ShopSnapshot } from './auction/snapshot.ts';

/**
 * Whether a shop may look for the person of a request that has identifiers: where consent is asked
 * for, only under the name of a vendor that has it (promise 7).
 */
export function mayRecognise({ consented }: BidRequest, { settings }: ShopSnapshot): boolean {
  return consented === null || consented.includes(settings.consentVendor);
}
