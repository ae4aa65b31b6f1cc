import type { IdentitySpace } from '../../proto/ids.ts';
import type { RawIdentity } from '../auction/bid-request.ts';
import { mayReadIfa } from './privacy-gate.ts';
import { finite, type JsonObject, list, object, text } from './read-values.ts';

/** As many as one read of the store takes (store/ports.ts IDENTITIES_MAX). */
const IDENTITIES_PER_REQUEST_MAX = 8;
const EIDS_MAX = 16;
const UIDS_MAX = 4;
const ID_LENGTH_MAX = 512;
const SOURCE = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const NOBODY = /^[0-]*$/;
/** AdCOM match methods: 4 observed, 5 inferred. They do not name a person. */
const OBSERVED = 4;
const INFERRED = 5;
/** So many sources are kept with their spaces, those met first: an exchange names a handful. */
const SOURCES_KEPT = 16;
const sourcesKept: string[] = [];
const spacesKept: IdentitySpace[] = [];

/**
 * The identifiers of a request whose privacy verdict is `allowed`, most trusted first: what we
 * gave this browser ourselves, ids of the person, the device, the exchange's own id.
 */
export function decodeIdentities(
  user: JsonObject,
  device: JsonObject,
  exchange: string,
): RawIdentity[] {
  const found: RawIdentity[] = [];
  const buyer = text(user['buyeruid'], ID_LENGTH_MAX);
  if (buyer !== '') found.push({ space: 'cookie', value: buyer });
  addEids(user, found);
  // Platforms differ in the case they write it in; the import lowers it too.
  const ifa = mayReadIfa(device) ? text(device['ifa'], ID_LENGTH_MAX).toLowerCase() : '';
  if (ifa !== '' && !NOBODY.test(ifa)) found.push({ space: 'ifa', value: ifa });
  const theirs = text(user['id'], ID_LENGTH_MAX);
  if (theirs !== '') found.push({ space: `exchange:${exchange}`, value: theirs });
  if (found.length > IDENTITIES_PER_REQUEST_MAX) found.length = IDENTITIES_PER_REQUEST_MAX;
  return found;
}

function addEids(user: JsonObject, found: RawIdentity[]): void {
  const eids = list(user['eids'] ?? object(user['ext'])['eids'], EIDS_MAX);
  for (let i = 0; i < eids.length; i++) {
    const eid = object(eids[i]);
    const space = spaceOf(text(eid['source'], 64));
    const method = finite(eid['mm']);
    if (space === null || method === OBSERVED || method === INFERRED) continue;
    const uids = list(eid['uids'], UIDS_MAX);
    for (let k = 0; k < uids.length; k++) {
      const id = text(object(uids[k])['id'], ID_LENGTH_MAX);
      if (id !== '') found.push({ space, value: id });
    }
  }
}

/** The space of a source, null when it is none. One that is kept is not checked, joined or hashed anew. */
function spaceOf(sent: string): IdentitySpace | null {
  for (let i = 0; i < sourcesKept.length; i++) {
    if (sourcesKept[i] === sent) return spacesKept[i]!;
  }
  const source = sent.toLowerCase();
  if (!SOURCE.test(source)) return null;
  const space: IdentitySpace = `eid:${source}`;
  if (source === sent && sourcesKept.length < SOURCES_KEPT) {
    sourcesKept.push(copyOf(source));
    spacesKept.push(copyOf(space));
  }
  return space;
}

/** The same ASCII text, but no part of a request, which would live as long. */
function copyOf<Text extends string>(ascii: Text): Text {
  return Buffer.from(ascii, 'latin1').toString('latin1') as Text;
}
