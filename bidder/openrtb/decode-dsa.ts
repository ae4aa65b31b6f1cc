/** `regs.ext.dsa` of a request (IAB Tech Lab, "DSA Transparency"). Total. */
import type { DsaDemand } from '../auction/dsa.ts';
import { finite, isObject, object, present, whole } from './read-values.ts';

const REQUIRED_MAX = 3;
/** `dsarequired` from here on: bids without are not accepted. */
const DEMANDED = 2;
const PUB_RENDER_MAX = 2;
const PUB_CAN_RENDER = 1;

/** Null when it asks for nothing. A demand that cannot be read is taken for the strictest. */
export function decodeDsa(value: unknown): DsaDemand | null {
  if (!isObject(value)) return null;
  const dsa = object(value);
  const required = dsa['dsarequired'];
  const demand = present(required) ? whole(required, REQUIRED_MAX, REQUIRED_MAX) : 0;
  if (demand === 0) return null;
  return {
    required: demand >= DEMANDED,
    pubRender: whole(dsa['pubrender'], PUB_RENDER_MAX, PUB_CAN_RENDER),
    takesParams: finite(dsa['datatopub']) !== 0,
  };
}
