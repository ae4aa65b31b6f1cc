/**
 * What the source of an eid says about its ids, beyond what the request says of each (docs/identity.md).
 * Sources are names in lower case; whatever is not listed is believed to issue ids that stay.
 */
import type { IdentitySpace } from '../../proto/ids.ts';

/** Issue an id for one site alone: on the next site the same person has another. */
const OF_ONE_SITE = new Set(['pubcid.org', 'sharedid.org']);
/**
 * Issue encrypted tokens, another one with every refresh. We hold no key to open them: one is the same
 * as the CRM's only where the exchange has opened it for us.
 */
const OF_TOKENS = new Set([
  'euid.eu',
  'id5-sync.com',
  'liveramp.com',
  'pair-protocol.com',
  'uidapi.com',
]);
const SOURCE = /^[a-z0-9][a-z0-9.-]{0,63}$/;
/** So many sources are kept, those met first: an exchange names a handful. */
const SOURCES_KEPT = 16;

export interface EidSource {
  readonly space: IdentitySpace;
  /** Whether its ids are the same on another site tomorrow: only such a one may name a stranger. */
  readonly staysSame: boolean;
}

const namesKept: string[] = [];
const sourcesKept: EidSource[] = [];

/** Null for a text that names none. A source that is kept is not checked, joined or hashed anew. */
export function eidSource(sent: string): EidSource | null {
  for (let i = 0; i < namesKept.length; i++) {
    if (namesKept[i] === sent) return sourcesKept[i]!;
  }
  const name = sent.toLowerCase();
  if (!SOURCE.test(name)) return null;
  const staysSame = !OF_ONE_SITE.has(name) && !OF_TOKENS.has(name);
  if (name !== sent || namesKept.length >= SOURCES_KEPT) return { space: `eid:${name}`, staysSame };
  const kept = copyOf(name);
  namesKept.push(kept);
  sourcesKept.push({ space: copyOf(`eid:${kept}`), staysSame });
  return sourcesKept.at(-1)!;
}

/** The same ASCII text, but no part of a request, which would live as long. */
function copyOf<Text extends string>(ascii: Text): Text {
  return Buffer.from(ascii, 'latin1').toString('latin1') as Text;
}
