import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeErasure } from '../segmenter/forget/erasure-records.ts';
import { type HandedOver, noteHandover } from '../segmenter/handover/handover-ledger.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import { acceptUpload, openUpload, removeUpload } from '../segmenter/uploads/waiting-uploads.ts';
import { readServiceConfig } from '../settings/service-config.ts';
import { SHOP, workspace } from '../settings/workspace.contract.ts';
import { forgottenInShop } from './forget-jobs.ts';
import { shopNamed } from './shop-jobs.ts';

const ERASED_MS = 1_700_000_000_000;

it('says of uploads that wait, and of exports, until they are imported or made anew without the person', async () => {
  const dir = workspace({ 'shops/tea/shop.yaml': SHOP });
  const files = shopFiles(dir, 'tea');
  const config = readServiceConfig({ REKINDLE_DIR: dir }, '/');
  writeErasure(files, {
    ...{ v: 1, id: 'a', shop: 'tea', requestedAtMs: ERASED_MS, erasedAtMs: ERASED_MS },
    ...{ liftedAtMs: null, customers: 1, persons: [], identities: [], phones: [] },
    ...{ sharedIdentifiers: 0, joinedAs: [], servingThen: null, places: [] },
  });
  const [before] = [-1, 1].map((ms) => {
    const folder = openUpload(files);
    writeFileSync(join(folder, 'customers.csv'), 'id,email\n');
    return acceptUpload(files, folder, {
      ...{ kind: 'customers', like: null, merge: 'update', dryRun: false, force: false },
      ...{ file: 'customers.csv', receivedMs: ERASED_MS + ms },
    });
  });
  const waits = async () => {
    const [record] = await forgottenInShop(config, shopNamed(config, 'tea'));
    return record?.places.find(({ place }) => place === 'uploads that wait');
  };
  expect(await waits()).toMatchObject({
    ...{ state: 'pending', records: 1 },
    reason: 'imported next, without the person, and then removed',
  });
  removeUpload(files, before!);
  expect(await waits()).toMatchObject({ state: 'nothing there', records: 0 });

  const out = join(dir, 'out.csv');
  writeFileSync(out, '');
  const handed = (ms: number, to: HandedOver['to'], segment: string, file = out) =>
    noteHandover(files, { atMs: ERASED_MS + ms, file, to, segment, generation: '' });
  const hook = 'https://crm.example';
  const left = async () => {
    const [record] = await forgottenInShop(config, shopNamed(config, 'tea'));
    const { state, reason } = record!.places.find(({ place }) => place === 'exports')!;
    return state === 'kept' ? reason.replace(/^.*?: /, '').replaceAll(out, 'out') : state;
  };
  expect(await left()).toBe('nothing there');
  handed(-1, 'google', 'lapsed');
  handed(-1, 'webhook', 'lapsed', hook);
  const both = `out (lapsed for google), ${hook} (lapsed for webhook)`;
  expect(await left()).toBe(both);
  // Of another segment, whose list is another's, and to another platform.
  handed(1, 'google', 'new');
  handed(1, 'meta', 'lapsed');
  handed(1, 'webhook', 'new', hook);
  expect(await left()).toBe(both);
  handed(2, 'webhook', 'lapsed', hook);
  expect(await left()).toBe('out (lapsed for google)');
  const older = join(dir, 'older.csv');
  writeFileSync(older, '');
  handed(-1, 'google', 'lapsed', older);
  handed(3, 'google', 'lapsed');
  expect(await left()).toBe(`${older} (lapsed for google)`);
  rmSync(older);
  expect(await left()).toBe('nothing there');
});
