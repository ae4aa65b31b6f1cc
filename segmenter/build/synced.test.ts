import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customerPersonId, type IdentitySpace, identityKey } from '../../proto/ids.ts';
import { LinkFilter } from '../../proto/link-filter.ts';
import { LINK_FILTER_BLOB } from '../../rules/manifest.ts';
import { readManifest } from './publish.ts';
import { key, TestShop } from './test-shop.contract.ts';

const END_MS = Date.now() + 86_400_000;
const CRM = {
  customers: 'id,email\nanna,\nboris,\n',
  devices:
    'customer,space,value\nanna,cookie,anna-1\nanna,cookie,anna-2\nboris,cookie,boris-1\nanna,cookie,both\nboris,cookie,both\ngone,cookie,gone-1\n',
};
let shop: TestShop;
beforeEach(async () => {
  shop = await TestShop.open();
});
afterEach(() => shop[Symbol.asyncDispose]());

/** As the tracker's replay puts it. */
async function sync(cookie: string, theirs: string, endMs = END_MS): Promise<void> {
  const pair = {
    cookie: identityKey(key, 'cookie', cookie),
    exchange: 'big',
    theirs: identityKey(key, 'exchange:big', theirs),
  };
  await shop.store.syncs.put('test', pair, endMs);
}

async function checkLinks(
  generation: string,
  links: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { generations } = shop.store;
  const filter = await generations.readBlob('test', generation, LINK_FILTER_BLOB);
  for (const [theirs, customer] of Object.entries(links)) {
    const space: IdentitySpace = 'exchange:big';
    const identity = identityKey(key, space, theirs);
    const person = await generations.readLink('test', generation, identity);
    expect([theirs, person]).toEqual([
      theirs,
      customer === null ? null : customerPersonId(key, 'test', customer),
    ]);
    const mayLink = new LinkFilter(new Uint8Array(filter!).buffer).mayLink(identity);
    if (customer !== null) expect(mayLink).toBe(true);
  }
}

describe('a build links what user syncs have told', () => {
  it('to the customer whom the cookie leads to, and tells the bidder that the space does', async () => {
    await shop.import(CRM);
    await sync('anna-1', 'a1');
    await sync('anna-2', 'a2');
    await sync('boris-1', 'b1');
    const { generation } = await shop.build();
    await checkLinks(generation, { a1: 'anna', a2: 'anna', b1: 'boris' });
    const manifest = await readManifest(shop.store.generations, 'test', generation);
    expect(manifest?.linkedSpaces).toEqual(['cookie', 'customer', 'email_sha256', 'exchange:big']);
  });

  it('but to nobody for a stranger, a customer who is gone, a cookie or an id of two, after its end, and of who opted out', async () => {
    await shop.import(CRM);
    await sync('stranger', 's');
    await sync('gone-1', 'g');
    await sync('both', 'c');
    await sync('anna-1', 'd');
    await sync('boris-1', 'd');
    await sync('anna-1', 'e', Date.now() - 1);
    await sync('anna-2', 'f');
    await shop.store.syncs.forget('test', identityKey(key, 'cookie', 'anna-2'), Date.now());
    const { generation, sharedIdentities } = await shop.build();
    await checkLinks(generation, { s: null, g: null, c: null, d: null, e: null, f: null });
    // The cookie, the id it was synced to, and the id that two cookies were synced to.
    expect(sharedIdentities).toBe(3);
  });

  it('promise 3: with a generation of its own, the same for the same syncs', async () => {
    await shop.import(CRM);
    const without = await shop.build();
    await sync('stranger', 's');
    expect(await shop.build()).toMatchObject({ generation: without.generation, unchanged: true });
    await sync('anna-1', 'a1');
    const first = await shop.build();
    expect(first.generation).not.toBe(without.generation);
    expect(first.links).toBe(without.links + 1);
    await sync('anna-1', 'a1', END_MS + 1);
    expect(await shop.build()).toMatchObject({ generation: first.generation, unchanged: true });
    expect(await readManifest(shop.store.generations, 'test', without.generation)).toMatchObject({
      linkedSpaces: ['cookie', 'customer', 'email_sha256'],
    });
  });
});
