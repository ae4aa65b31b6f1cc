/** Which identifiers of a request may recognise somebody, and in which order (docs/identity.md). */
import { isEmailHash, namesNobody, SHA256_HEX_LENGTH } from '../../proto/identity-value.ts';
import type { IdentitySpace } from '../../proto/ids.ts';
import type { RawIdentity } from '../auction/bid-request.ts';
import { type EidSource, eidSource } from './eid-source.ts';
import { EIDS_MAX, UIDS_MAX } from './list-bounds.ts';
import { mayReadIfa } from './privacy-gate.ts';
import { finite, type JsonObject, list, object, text } from './read-values.ts';

/** Of the eight that one read of the store takes (store/ports.ts) three are kept for the single ones. */
const EID_IDENTITIES_MAX = 5;
const ID_LENGTH_MAX = 512;
/** AdCOM match methods: 4 observed, 5 inferred. They do not name a person; a session is one as well. */
const OBSERVED = 4;
const INFERRED = 5;
/** AdCOM agent types: 1 a browser or device, 2 an app's, 3 a person, 500 and over a vendor's own. */
const PERSON = 3;

/** Most trusted first. */
const RANK = { ours: 0, person: 1, device: 2, browser: 3, exchange: 4, passing: 5 } as const;
/** Of the identities found so far, in their order. */
const ranks = new Uint8Array(EID_IDENTITIES_MAX + 3);

/**
 * The identifiers of a request whose privacy verdict is `allowed`, most trusted first: what we gave
 * this browser ourselves, ids of the person, the device, other ids of the browser, the exchange's own,
 * and last what is not the same on the next site or the next day. The first also names a stranger.
 */
export function decodeIdentities(
  user: JsonObject,
  device: JsonObject,
  exchange: string,
): RawIdentity[] {
  const found: RawIdentity[] = [];
  addEids(user, found);
  const buyer = text(user['buyeruid'], ID_LENGTH_MAX);
  if (!namesNobody(buyer)) insert(found, RANK.ours, 'cookie', buyer);
  // Platforms differ in the case they write it in; the import lowers it too.
  const ifa = isOfDevice(device) ? text(device['ifa'], ID_LENGTH_MAX).toLowerCase() : '';
  if (!namesNobody(ifa)) insert(found, RANK.device, 'ifa', ifa);
  const theirs = text(user['id'], ID_LENGTH_MAX);
  if (!namesNobody(theirs)) insert(found, RANK.exchange, exchangeSpace(exchange), theirs);
  return found;
}

function addEids(user: JsonObject, found: RawIdentity[]): void {
  const eids = list(user['eids'] ?? object(user['ext'])['eids'], EIDS_MAX);
  for (let i = 0; i < eids.length; i++) {
    const eid = object(eids[i]);
    const source = eidSource(text(eid['source'], 64));
    const method = finite(eid['mm']);
    if (source === null || method === OBSERVED || method === INFERRED) continue;
    const uids = list(eid['uids'], UIDS_MAX);
    for (let k = 0; k < uids.length; k++) addUid(object(uids[k]), source, found);
  }
}

function addUid(uid: JsonObject, source: EidSource, found: RawIdentity[]): void {
  const id = text(uid['id'], ID_LENGTH_MAX);
  if (namesNobody(id)) return;
  const isPerson = finite(uid['atype']) === PERSON;
  const hash = isPerson && id.length === SHA256_HEX_LENGTH ? id.toLowerCase() : '';
  const rank = isPerson ? RANK.person : RANK.browser;
  if (hash !== '' && isEmailHash(hash)) addEid(found, RANK.person, 'email_sha256', hash);
  else addEid(found, source.staysSame ? rank : RANK.passing, source.space, id);
}

/** Those beyond the most that are taken push out a less trusted one, or stay out. */
function addEid(found: RawIdentity[], rank: number, space: IdentitySpace, value: string): void {
  if (found.length === EID_IDENTITIES_MAX) {
    if (ranks[EID_IDENTITIES_MAX - 1]! <= rank) return;
    found.pop();
  }
  insert(found, rank, space, value);
}

/** Behind all of its rank. */
function insert(found: RawIdentity[], rank: number, space: IdentitySpace, value: string): void {
  let at = found.length;
  while (at > 0 && ranks[at - 1]! > rank) {
    found[at] = found[at - 1]!;
    ranks[at] = ranks[at - 1]!;
    at--;
  }
  found[at] = { space, value };
  ranks[at] = rank;
}

/**
 * Connected TVs say what their `ifa` is (IAB Tech Lab, Guidelines for IFA on OTT): an id of the
 * publisher, of the exchange or of one session is not the device's.
 */
function isOfDevice(device: JsonObject): boolean {
  if (!mayReadIfa(device)) return false;
  const type = text(object(device['ext'])['ifa_type'], 16);
  return type === '' || !NOT_OF_DEVICE.has(type.toLowerCase());
}
const NOT_OF_DEVICE = new Set(['ppid', 'sspid', 'sessionid']);

let exchangeMet = '';
let spaceMet: IdentitySpace = 'exchange:';

/** Kept of the last exchange: a worker hears many requests of one in a row. */
function exchangeSpace(exchange: string): IdentitySpace {
  if (exchange !== exchangeMet) {
    exchangeMet = exchange;
    spaceMet = `exchange:${exchange}`;
  }
  return spaceMet;
}
