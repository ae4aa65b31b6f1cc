import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countUploads } from '../segmenter/uploads/waiting-uploads.ts';
import { UploadBench } from './upload-bench.contract.ts';

let bench: UploadBench;
beforeEach(async () => {
  bench = new UploadBench('metrica_counter: 4242\n');
  await bench.start();
});
afterEach(() => bench.stop());

const ORDERS_PATH = '/crm/tea/data/simple_orders';
const ORDERS = 'id,create_date_time,client_uniq_id,order_status\n1,2026-07-01,u1,PAID\n';

describe('segments are made anew', () => {
  const undo = (id: number) => bench.ask(`/crm/tea/uploading/${id}`, { method: 'DELETE' });

  it('after the next upload or undo, where they could not be after the one that changed something', async () => {
    bench.beforeRebuild = () => {
      throw new Error('the settings are not sound');
    };
    await bench.send(ORDERS_PATH, ORDERS);
    expect(await bench.shown(1)).toMatchObject({ status: 'PROCESSED', changed: true });
    expect(bench.rebuilt).toEqual([]);
    bench.beforeRebuild = () => {};
    await bench.send(ORDERS_PATH, ORDERS);
    expect(await bench.shown(2)).toMatchObject({ changed: false });
    expect(bench.rebuilt).toEqual(['tea']);
    await undo(2);
    bench.beforeRebuild = () => {
      throw new Error('the settings are not sound');
    };
    expect(await undo(1)).toMatchObject([200, { changed: true }]);
    bench.beforeRebuild = () => {};
    await bench.send(ORDERS_PATH, 'a,b\n1,2\n');
    expect(await bench.shown(3)).toMatchObject({ status: 'LINKAGE_FAILURE' });
    expect(bench.rebuilt).toEqual(['tea', 'tea']);
  });

  it('where the import ends when its data is in place, and before it says so', async () => {
    bench.afterImport = () => {
      throw new Error('ended by SIGKILL');
    };
    await bench.send(ORDERS_PATH, ORDERS);
    expect(await bench.shown(1)).toMatchObject({ status: 'PROCESSED', changed: true });
    expect(bench.rebuilt).toEqual(['tea']);
    await bench.send(`${ORDERS_PATH}?dry_run=1`, ORDERS.replace('PAID', 'SPAM'));
    await bench.idle();
    expect(bench.rebuilt).toEqual(['tea']);
    expect(readdirSync(bench.files.waiting)).toEqual([]);
  });
});

it('the counter of Metrica leads to its shop while settings that were saved since are not sound', async () => {
  writeFileSync(join(bench.dir, 'shops', 'tea', 'shop.yaml'), 'time_zone: [');
  const counter = '/cdp/api/v1/counter/4242';
  expect((await bench.send(`${counter}/data/simple_orders`, ORDERS))[0]).toBe(200);
  expect(await bench.ask(`${counter}/last_uploadings`)).toMatchObject([200, { uploadings: [{}] }]);
  expect((await bench.ask('/cdp/api/v1/counter/4243/last_uploadings'))[0]).toBe(404);
});

it('an upload may be taken back before it is imported, and its number is not given again', async () => {
  bench.beforeImport = () => {
    throw new Error('not yet');
  };
  await bench.send(ORDERS_PATH, ORDERS);
  await bench.idle();
  expect(await bench.ask('/crm/tea/uploading/1', { method: 'DELETE' })).toMatchObject([
    200,
    { undone: [1], changed: false },
  ]);
  expect(readdirSync(join(bench.files.waiting, '1'))).toEqual(['withdrawn']);
  expect(countUploads(bench.files)).toBe(0);
  expect(await bench.ask('/crm/tea/last_uploadings')).toEqual([200, { uploadings: [] }]);
  await bench.stop();
  bench.beforeImport = () => {};
  await bench.start();
  expect(await bench.send(ORDERS_PATH, ORDERS)).toMatchObject([200, { uploading: { id: 2 } }]);
  expect(await bench.shown(2)).toMatchObject({ status: 'PROCESSED' });
  expect((await bench.ask('/crm/tea/uploading/1'))[0]).toBe(404);
  expect(readdirSync(bench.files.waiting)).toEqual([]);
});
