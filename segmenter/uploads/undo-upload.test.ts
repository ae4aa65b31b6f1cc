import { createSecretKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MergedShop } from '../import/merged-shop.contract.ts';
import { filesIn } from '../shop-data.ts';
import { keepVersion, pruneVersions } from './kept-versions.ts';
import { type UndoReport, undoUpload } from './undo-upload.ts';
import { claimNumbers, freeNumbers } from './upload-ids.ts';
import { readUploads, type UploadRecord } from './upload-record.ts';
import { acceptUpload, openUpload } from './waiting-uploads.ts';

let shop: MergedShop;
beforeEach(() => {
  shop = new MergedShop();
});
afterEach(() => shop[Symbol.dispose]());

const ORDERS = 'id,create_date_time,client_uniq_id,emails,order_status,revenue,cost,back,gifts\n';
const CONTACTS = 'uniq_id,emails,client_ids,city,tags\n';

function orders(...rows: string[]): { orders: string } {
  return { orders: ORDERS + rows.map((row) => `${row},1,0,\n`).join('') };
}

function undo(upload: number): Promise<UndoReport> {
  const request = { dir: shop.dir, shop: 'test', timeZone: 'UTC', upload };
  const resources = { nowMs: Date.UTC(2026, 10, 22), memoryMb: 256, threads: 1 };
  return undoUpload({ ...request, ...resources }, createSecretKey(Buffer.alloc(32, 7)), () => {});
}

/** What is in the tables, byte by byte. */
function bytes(): Record<string, string> {
  const { folder } = shop.files;
  const names = readdirSync(folder).filter((name) => /[.]parquet$|^import[.]json$/.test(name));
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(`${folder}/${name}`, 'latin1')]),
  );
}

const states = () => readUploads(shop.files.uploads).map(({ id, state }) => `${id} ${state}`);

it('leaves the data as if the upload had not been made, the last one first', async () => {
  await shop.imports(orders('1,2026-07-01,u1,a@x.ru,PAID,10', '2,2026-07-01,u2,,PAID,20'));
  const [first, hash] = [bytes(), shop.contentHash()];
  await shop.imports(
    { ...orders('1,2026-07-02,u1,b@x.ru,CANCELLED,90'), customers: `${CONTACTS}u3,c@x.ru,7,,\n` },
    { merge: 'save' },
  );
  const second = bytes();
  await shop.imports(orders('3,2026-07-03,u4,,PAID,30'));
  await expect(undo(2)).rejects.toThrow('upload 2 is not the last one: first undo 4, which');
  expect(await undo(4)).toEqual({ shop: 'test', undone: [4], changed: true });
  expect(bytes()).toEqual(second);
  expect(await undo(3)).toEqual({ shop: 'test', undone: [2, 3], changed: true });
  expect(bytes()).toEqual(first);
  expect(shop.contentHash()).toBe(hash);
  await undo(1);
  expect(await shop.held(['orders', 'order_id'], ['customers', 'customer_id'])).toEqual([]);
  expect(states()).toEqual(['1 UNDONE', '2 UNDONE', '3 UNDONE', '4 UNDONE']);
  await expect(undo(1)).rejects.toThrow('upload 1 is undone already');
  await expect(undo(9)).rejects.toThrow('there is no upload 9');
  const spec = { kind: 'orders', like: null, merge: 'save', dryRun: false, force: false } as const;
  acceptUpload(shop.files, openUpload(shop.files), { ...spec, file: 'orders.csv', receivedMs: 0 });
  await expect(undo(5)).rejects.toThrow('upload 5 waits to be imported: the service takes it back');
  expect(readdirSync(shop.files.versions)).toEqual([]);
});

it('changes nothing when the same days come again, and says so', async () => {
  const days = orders('1,2026-07-01,u1,a@x.ru,PAID,10', '2,2026-07-02,u2,,PAID,20');
  for (const merge of ['save', 'append'] as const) {
    const first = await shop.imports(days, { merge });
    expect([merge, first.changed]).toEqual([merge, merge === 'save']);
    const before = bytes();
    const again = await shop.imports(days, { merge });
    expect(again).toMatchObject({
      changed: false,
      matched: { orders: { customerId: 2, none: 0 } },
    });
    expect(bytes()).toEqual(before);
  }
  expect(
    readUploads(shop.files.uploads)
      .map(({ changed }) => changed)
      .join(),
  ).toBe('true,false,false,false');
  expect(readdirSync(shop.files.versions)).toEqual(['1']);
  await expect(undo(1)).rejects.toThrow('first undo 4, 3, 2');
  expect(await undo(4)).toMatchObject({ changed: false });
});

it('reads and counts all of a dry run, and changes nothing but the record', async () => {
  await shop.imports(orders('1,2026-07-01,u1,a@x.ru,PAID,10'));
  const before = bytes();
  const report = await shop.imports(orders('2,2026-07-02,u2,a@x.ru,PAID,20', '3,soon,u3,,PAID,1'), {
    dryRun: true,
  });
  expect(report).toMatchObject({ changed: true, dryRun: true, held: { orders: 2 } });
  expect(bytes()).toEqual(before);
  expect(readUploads(shop.files.uploads).at(-1)).toMatchObject({
    ...{ dryRun: true, changed: true, sourceQuantity: 2, lineQuantity: 1 },
    matched: { customerId: 0, email: 1, none: 0 },
    errors: [{ line: 3, column: 'create_date_time' }],
  });
  await expect(undo(2)).rejects.toThrow('upload 2 changed nothing');
  expect(existsSync(filesIn(`${shop.files.versions}/2`).state)).toBe(false);
});

it('says of an import whose data of before is kept no more that it cannot be undone', async () => {
  await shop.imports(orders('1,2026-07-01,u1,,PAID,10'));
  const before = bytes();
  const { files } = shop;
  const records = readUploads(files.uploads);
  pruneVersions(files, records, records[0]!.timeMs + 3 * 86_400_000);
  await expect(undo(1)).rejects.toThrow('the data of before upload 1 is kept no more');
  expect(bytes()).toEqual(before);
});

it('does not bring back what was taken back by hand since', async () => {
  await shop.imports({ customers: `${CONTACTS}u1,a@x.ru,7,,\n` });
  await shop.imports({ customers: `${CONTACTS}u2,b@x.ru,8,,\n` });
  const link = { customer: 'u1', space: 'cookie', value: '7', undo: false };
  await shop.imports({}, { unlink: [link] });
  const before = bytes();
  await expect(undo(2)).rejects.toThrow('the data of before upload 2 is kept no more');
  expect(bytes()).toEqual(before);
  expect(states()).toEqual(['1 PROCESSED', '2 PROCESSED']);
});

it('keeps the data of before the last five imports that are in place, for three days', async () => {
  const { files } = shop;
  const made = (id: number, more: Partial<UploadRecord> = {}) =>
    ({ id, together: id, timeMs: id, state: 'PROCESSED', dryRun: false, ...more }) as UploadRecord;
  for (let id = 1; id <= 9; id++) keepVersion(files, id);
  const records = [1, 8, 2, 3, 4, 5].map((id) => made(id));
  // 6 was never recorded, 7 is undone, and what was imported last was taken first.
  pruneVersions(files, [...records, made(7, { state: 'UNDONE' })], 10);
  expect(readdirSync(files.versions).sort()).toEqual(['2', '3', '4', '5', '8']);
});

it('never gives a number twice', async () => {
  const { files } = shop;
  expect(claimNumbers(files, 2)).toEqual([1, 2]);
  expect(claimNumbers(files, 1)).toEqual([3]);
  freeNumbers(files);
  await shop.imports(orders('1,2026-07-01,u1,,PAID,10'));
  expect(claimNumbers(files, 1)).toEqual([2]);
});
