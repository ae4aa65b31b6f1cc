/** What the event log has of somebody: keyed hashes, which nobody can lead back without CRM and key. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseSegmentName } from '../platform/append-log-format.ts';
import { LogDamaged, readAppendLog } from '../platform/read-append-log.ts';
import { type DecodedEvent, decodeEvent } from '../proto/records.ts';
import { decodePayload, type TokenPayload } from '../proto/token.ts';

export interface LoggedEvent {
  readonly segment: string;
  readonly event: DecodedEvent;
  /** Of a notice; null for any other event. */
  readonly token: TokenPayload | null;
}

/** Events of the shop that name one of the hashes, oldest segment first. A damaged end is passed over. */
export async function* loggedEvents(
  dir: string,
  shop: string,
  hashes: ReadonlySet<string>,
): AsyncGenerator<LoggedEvent> {
  if (!existsSync(dir)) return;
  const names = readdirSync(dir).filter((name) => parseSegmentName(name) !== null);
  for (const segment of names.sort()) {
    for await (const event of wholeEvents(join(dir, segment))) {
      const token = tokenOf(event);
      if (namedBy(event, token, shop).some((hash) => hashes.has(hash ?? ''))) {
        yield { segment, event, token };
      }
    }
  }
}

async function* wholeEvents(file: string): AsyncGenerator<DecodedEvent> {
  try {
    for await (const { bytes } of readAppendLog(file)) {
      const event = decodeEvent(bytes);
      if (event !== null) yield event;
    }
  } catch (error) {
    // `rekindle start` reports it; what is whole before it has been read.
    if (!(error instanceof LogDamaged)) throw error;
  }
}

function tokenOf({ notice }: DecodedEvent): TokenPayload | null {
  return notice ? decodePayload(Buffer.from(notice.token ?? []).toString()) : null;
}

/** When a segment was last written, Unix ms. */
export function segmentWrittenMs(dir: string, segment: string): number {
  return statSync(join(dir, segment), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Of somebody in another shop it says nothing. */
function namedBy(
  { bid, shop: fact, sync }: DecodedEvent,
  token: TokenPayload | null,
  shop: string,
): readonly (string | null | undefined)[] {
  if (token !== null) return token.shop === shop ? [token.person] : [];
  if (bid) return bid.shop === shop ? [bid.person] : [];
  if (fact) return fact.shop === shop ? [fact.person] : [];
  return sync?.shops?.includes(shop) ? [sync.cookie, sync.theirs] : [];
}
