import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  logHeader,
  putRecord,
  RECORD_PREFIX_BYTES,
  segmentName,
} from '../platform/append-log-format.ts';
import { type EventRecord, encodeEvent, NoticeKind, ShopEventKind } from '../proto/records.ts';
import { encodePayload } from '../proto/token.ts';
import { loggedEvents } from './logged-events.ts';

const ANNA = 'anna-hash-123456';
const COOKIE = 'cookie-hash-1234';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function token(shop: string, person: string): Uint8Array {
  const names = {
    exchange: 'x',
    campaign: 'c',
    creative: 'k',
    bidId: 'b',
    leaseId: 'l',
    offer: '',
  };
  const money = { bidCpmMicros: 1, currency: 'EUR', period: 'flight', reservedNanos: 1, bidAtS: 1 };
  return Buffer.from(
    encodePayload({ ...names, ...money, format: 'banner', shop, person, items: [] }),
  );
}

function bodies(shop: string, person: string): Omit<EventRecord, 'id'>[] {
  return [
    { bid: { shop, person } },
    { notice: { kind: NoticeKind.IMPRESSION, token: token(shop, person) } },
    { shop: { kind: ShopEventKind.VIEW, shop, person, items: ['p1'] } },
  ];
}

function write(seq: number, events: readonly EventRecord[], tail: Uint8Array = Buffer.alloc(0)) {
  const records = events.map((event) => {
    const bytes = encodeEvent(event);
    const target = Buffer.alloc(bytes.length + RECORD_PREFIX_BYTES);
    putRecord(target, 0, bytes);
    return target;
  });
  writeFileSync(join(dir, segmentName('w1', seq)), Buffer.concat([logHeader(), ...records, tail]));
}

async function found(shop = 'demo', folder = dir): Promise<string[]> {
  const ids: string[] = [];
  for await (const { event, segment } of loggedEvents(folder, shop, new Set([ANNA, COOKIE]))) {
    ids.push(`${event.id} ${segment}`);
  }
  return ids;
}

it('finds every kind of event that names a person, in their shop alone', async () => {
  const named = bodies('demo', ANNA).map((body, i) => ({ ...body, id: `anna-${i}` }));
  const others = [
    ...bodies('demo', 'boris-hash-12345'),
    ...bodies('demo', ''),
    ...bodies('two', ANNA),
  ];
  const sync = { cookie: COOKIE, exchange: 'x', theirs: 't', shops: ['demo'] };
  write(1, [...named, ...others.map((body, i) => ({ ...body, id: `other-${i}` }))]);
  write(2, [
    { id: 'sync', sync },
    { id: 'sync-two', sync: { ...sync, shops: ['two'] } },
  ]);
  const first = segmentName('w1', 1);
  expect(await found()).toEqual([
    `anna-0 ${first}`,
    `anna-1 ${first}`,
    `anna-2 ${first}`,
    `sync ${segmentName('w1', 2)}`,
  ]);
});

it('reads on after a segment that is damaged, and finds nothing where there is no log', async () => {
  const [bid] = bodies('demo', ANNA);
  write(1, [{ ...bid, id: 'before' }], Buffer.alloc(50, 7));
  write(2, [{ ...bid, id: 'after' }]);
  expect((await found()).map((line) => line.split(' ')[0])).toEqual(['before', 'after']);
  expect(await found('demo', join(dir, 'none'))).toEqual([]);
});
