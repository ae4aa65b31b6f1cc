import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Duck, sqlText } from '../segmenter/duck.ts';
import { JobFailed } from '../segmenter/run-job.ts';
import { type Answer, UploadBench } from './upload-bench.contract.ts';

let bench: UploadBench;
beforeEach(async () => {
  bench = new UploadBench(`metrica_counter: 4242
import:
  events: { columns: { time: at, cookie: c, name: event } }
  customers: { columns: { customer: nr, email: mail }, join_by: [email] }
`);
  await bench.start();
});
afterEach(() => bench.stop());

const ask: UploadBench['ask'] = (path, init) => bench.ask(path, init);
const send: UploadBench['send'] = (path, body) => bench.send(path, body);
const shown: UploadBench['shown'] = (id) => bench.shown(id);

function form(content: string): FormData {
  const body = new FormData();
  body.set('file', new Blob([content]), '../../../../tmp/evil.csv');
  return body;
}

const ORDERS =
  'id,create_date_time,client_uniq_id,emails,client_ids,order_status,revenue\n1,2026-07-01,u1,a@x.ru,7,PAID,10\n2,2026-07-02,,a@x.ru,,CANCELLED,20\n';
const hash = () =>
  (JSON.parse(readFileSync(bench.files.state, 'utf8')) as { contentHash: string }).contentHash;

function openData(): Promise<Duck> {
  const { temp, folder } = bench.files;
  return Duck.open({ memoryMb: 256, threads: 1, tempDir: temp, folders: [folder] });
}

describe('an upload', () => {
  it('is acknowledged when it is kept, imported, and its segments made anew', async () => {
    const [status, { uploading }] = await send('/crm/tea/data/simple_orders', form(ORDERS));
    expect(status).toBe(200);
    expect(uploading).toMatchObject({
      ...{ uploading_id: 1, api_validation_status: 'PASSED', entity_type: 'ORDER' },
      ...{ uploading_source: 'API', uploading_format: 'CSV', merge_mode: 'SAVE' },
    });
    expect((uploading as Answer[1])['status']).toMatch(/PREPARED/);
    expect(await shown(1)).toMatchObject({
      ...{ status: 'PROCESSED', source_quantity: 2, line_quantity: 2, changed: true },
      matched: { customer_id: 0, email: 0, phone: 0, client_id: 0, none: 2 },
    });
    expect(bench.rebuilt).toEqual(['tea']);
    expect(readdirSync(bench.files.waiting)).toEqual([]);
  });

  it('that comes again changes nothing, and no segments are made for it', async () => {
    await send('/crm/tea/data/simple_orders', ORDERS);
    await bench.idle();
    const [before, readMs] = [hash(), statSync(bench.files.state).mtimeMs];
    await send('/crm/tea/data/simple_orders', new Uint8Array(gzipSync(ORDERS)));
    expect(await shown(2)).toMatchObject({ status: 'PROCESSED', changed: false });
    expect(hash()).toBe(before);
    expect(statSync(bench.files.state).mtimeMs).toBe(readMs);
    expect(bench.rebuilt).toEqual(['tea']);
  });

  it('may come at the paths of Metrica, as JSON, and with columns by other names', async () => {
    const contacts = { contacts: [{ uniq_id: 'u1', emails: ['a@x.ru'], client_ids: ['7', '8'] }] };
    const counter = '/cdp/api/v1/counter/4242';
    await send(`${counter}/data/contacts/json?merge_mode=APPEND`, JSON.stringify(contacts));
    const mapping = encodeURIComponent(
      '"id":"№","create_date_time":"Дата","client_uniq_id":"Клиент","revenue":"Сумма, руб"',
    );
    const csv = '\uFEFF№;Дата;Клиент;"Сумма, руб";client_type\n9;05.07.2026;u1;100.50;CONTACT\n';
    const query = `delimiter_type=SEMICOLON&columns_mapping=${mapping}`;
    await send(`${counter}/data/orders/csv?${query}`, form(csv));
    const management = '/management/v1/counter/4242/offline_conversions';
    await send(
      `${management}/upload`,
      'ClientId,Target,DateTime\n7,call,1780000000\nx9,call,1780000000\n',
    );
    await send('/crm/tea/data/events', 'at,c,event\n2026-07-01,7,visit\n');
    expect(await shown(1)).toMatchObject({ status: 'PROCESSED', line_quantity: 1 });
    expect(await shown(2)).toMatchObject({
      line_quantity: 1,
      matched: { customer_id: 1, none: 0 },
    });
    expect(await shown(3)).toMatchObject({ line_quantity: 2, matched: { client_id: 1, none: 1 } });
    expect(await shown(4)).toMatchObject({ entity_type: 'EVENT', matched: { client_id: 1 } });
    expect((await ask(`${management}/uploading/3`))[1]).toMatchObject({ uploading: { id: 3 } });
    const [, { uploadings }] = await ask(`${counter}/last_uploadings?limit=2`);
    expect(uploadings).toMatchObject([{ uploading_id: 4 }, { uploading_id: 3 }]);
  });

  it('is read by the columns that it names, though others of the file have their names', async () => {
    const mapping = encodeURIComponent('"id":"№","revenue":"id"');
    const file = 'revenue;id;№;create_date_time;client_uniq_id\n70;50;9;2026-07-05;u1\n';
    await send(`/crm/tea/data/orders/csv?columns_mapping=${mapping}`, file);
    expect(await shown(1)).toMatchObject({ status: 'PROCESSED', line_quantity: 1 });
    await using duck = await openData();
    const held = `SELECT order_id, revenue_micros / 1e6 FROM read_parquet(${sqlText(bench.files.orders)})`;
    expect(await duck.rows(held)).toEqual([['9', 50]]);
  });

  it('leaves who is one person to the shop, whatever the file is', async () => {
    const contacts = 'uniq_id,emails\nu1,a@x.ru\nu2,A@x.ru\nu3,c@x.ru\n';
    await send('/crm/tea/data/contacts/csv', contacts);
    await send('/crm/tea/data/simple_orders', ORDERS.replace(',,a@x.ru,', ',u9,d@x.ru,'));
    await bench.idle();
    await using duck = await openData();
    const query = `SELECT count(*), count(DISTINCT person) FROM read_parquet(${sqlText(bench.files.customers)})`;
    expect(await duck.numbers(query)).toEqual([4, 3]);
  });

  it('may have parameters that nobody here knows', async () => {
    const query = 'comment=July&source=crm&type=x&merge_mode=UPDATE';
    const [, { uploading }] = await send(`/crm/tea/data/simple_orders?${query}`, ORDERS);
    expect(uploading).toMatchObject({ merge_mode: 'UPDATE' });
  });

  it('that is a dry run is read and reported, and changes nothing', async () => {
    await send('/crm/tea/data/simple_orders?dry_run=1', ORDERS);
    expect(await shown(1)).toMatchObject({ dry_run: true, changed: true, line_quantity: 2 });
    expect(existsSync(bench.files.state)).toBe(false);
    expect(bench.rebuilt).toEqual([]);
  });

  it('shows every row that was left out, page by page', async () => {
    const bad = Array.from(
      { length: 250 },
      (_, i) => `b${i},soon,u1,"a, ""quoted""\ncell",,PAID,1\n`,
    );
    await send('/crm/tea/data/simple_orders?force=1', ORDERS + bad.join(''));
    expect(await shown(1)).toMatchObject({ errors_count: 250, source_quantity: 252 });
    const [, first] = await ask('/crm/tea/uploading/1/errors?limit=2');
    const error = {
      column: 'create_date_time',
      reason: 'expected a time (metrica, such as 2026-11-30 10:15:00 or 30.11.2026)',
    };
    expect(first).toEqual({
      ...{ errors_count: 250, offset: 0 },
      errors: [4, 6].map((line) => ({ line, ...error })),
    });
    const [, last] = await ask('/crm/tea/uploading/1/errors?offset=249&limit=9');
    expect(last['errors']).toEqual([{ line: 4 + 2 * 249, ...error }]);
    expect((await ask('/crm/tea/uploading/1/errors?offset=250'))[1]['errors']).toEqual([]);
  });

  it('that cannot be imported says why, with its rows, and the next one is imported', async () => {
    await send('/crm/tea/data/simple_orders', 'id,create_date_time\n1,soon\n2,later\n');
    await send('/crm/tea/data/simple_orders', 'a,b\n1,2\n');
    await send('/crm/tea/data/simple_orders', ORDERS);
    expect(await shown(1)).toMatchObject({
      ...{ status: 'LINKAGE_FAILURE', api_validation_status: 'FAILED' },
      ...{ source_quantity: 2, line_quantity: 0, errors_count: 2 },
      message: expect.stringMatching(
        /2 of 2 rows cannot be read.* GET \/crm\/tea\/uploading\/1\/errors\. Send the file again with force=1 /,
      ),
    });
    expect((await shown(2))['message']).toMatch(/orders.csv:1: no column "id"/);
    expect(await shown(3)).toMatchObject({ status: 'PROCESSED' });
  });

  it('can be taken back, the last one first', async () => {
    await send('/crm/tea/data/simple_orders', ORDERS);
    await bench.idle();
    const before = hash();
    await send('/crm/tea/data/simple_orders', ORDERS.replaceAll('PAID', 'SPAM'));
    await bench.idle();
    const undo = (id: number) => ask(`/crm/tea/uploading/${id}`, { method: 'DELETE' });
    expect(await undo(1)).toMatchObject([409, { message: expect.stringMatching(/first undo 2/) }]);
    expect(await undo(2)).toEqual([
      200,
      { success: true, shop: 'tea', undone: [2], changed: true },
    ]);
    expect(hash()).toBe(before);
    expect(await shown(2)).toMatchObject({ status: 'UNDONE' });
    expect((await undo(9))[0]).toBe(404);
    expect((await undo(0))[0]).toBe(404);
    expect(bench.rebuilt).toHaveLength(3);
  });
});

describe('what was acknowledged', () => {
  const held = () => readdirSync(bench.files.waiting).filter((name) => /^\d+$/.test(name));

  it('is imported at the next start, in its order, and halves are cleared away', async () => {
    await bench.stop();
    bench.beforeImport = () => {
      throw new Error('the service ends here');
    };
    await bench.start();
    for (const status of ['PAID', 'SPAM']) {
      await send('/crm/tea/data/simple_orders', ORDERS.replace('PAID', status));
    }
    await bench.idle();
    expect(held()).toEqual(['1', '2']);
    expect(await shown(2)).toMatchObject({ status: 'PREPARED', elements_count: null });
    mkdirSync(join(bench.files.waiting, 'receiving-half'));
    writeFileSync(join(bench.files.waiting, 'receiving-half', 'orders.csv'), ORDERS);
    await bench.stop();
    const order: number[] = [];
    bench.beforeImport = ({ id }) => order.push(id);
    await bench.start();
    expect(await shown(2)).toMatchObject({ status: 'PROCESSED' });
    expect(order).toEqual([1, 2]);
    expect(readdirSync(bench.files.waiting)).toEqual([]);
    expect(bench.rebuilt).toEqual(['tea']);
  });

  it('waits for a command, and is recorded as failed when its import breaks off each time', async () => {
    const met: string[] = [];
    bench.beforeImport = (_, givenUp) => {
      met.push(givenUp === undefined ? 'try' : 'give up');
      if (met.length === 1) throw new JobFailed('FileLocked', 'held by process 1');
      if (givenUp === undefined) throw new JobFailed('crash', 'ended by SIGKILL');
    };
    await send('/crm/tea/data/simple_orders', ORDERS);
    expect(await shown(1)).toMatchObject({
      status: 'LINKAGE_FAILURE',
      message: expect.stringContaining('broke off 3 times'),
    });
    expect(met).toEqual(['try', 'try', 'try', 'try', 'give up']);
    expect(held()).toEqual([]);
  });
});

describe('refuses', () => {
  it.each([
    ['/crm/coffee/data/simple_orders', 404, /there is no shop/],
    ['/crm/..%2Ftea/data/simple_orders', 404, /there is no shop/],
    ['/cdp/api/v1/counter/7/data/simple_orders', 404, /there is no shop/],
    ['/crm/tea/data/orders/xml', 400, /csv or json/],
    ['/crm/tea/data/simple_orders?merge_mode=REPLACE', 400, /SAVE, UPDATE or APPEND/],
    ['/crm/tea/data/simple_orders?delimiter_type=TAB', 400, /COMMA or SEMICOLON/],
    ['/crm/tea/data/simple_orders?dry_run=yes', 400, /dry_run/],
    ['/crm/tea/data/simple_orders?merge_mod=UPDATE', 400, /merge_mod: .* it is merge_mode$/],
    ['/crm/tea/data/simple_orders?Merge_Mode=UPDATE', 400, /it is merge_mode$/],
    ['/crm/tea/data/simple_orders?merge=UPDATE', 400, /it is merge_mode$/],
    ['/crm/tea/data/simple_orders?dry-run=1', 400, /it is dry_run$/],
    ['/crm/tea/data/simple_orders?focre=1', 400, /it is force$/],
    ['/crm/tea/data/simple_orders?columns_mapping=id', 400, /columns_mapping/],
    ['/crm/tea/data/simple_orders?columns_mapping="id":"nr"', 400, /no column nr/],
  ])('%s', async (path, status, message) => {
    const answer = await send(path, ORDERS);
    expect(answer).toMatchObject([
      status,
      { code: status, errors: [{ error_type: expect.any(String) }] },
    ]);
    expect(answer[1]['message']).toMatch(message);
    expect(existsSync(bench.files.waiting) ? readdirSync(bench.files.waiting) : []).toEqual([]);
  });

  it('to show what there is none of', async () => {
    expect((await ask('/crm/coffee/last_uploadings'))[0]).toBe(404);
    expect((await ask('/crm/tea/uploading/9'))[0]).toBe(404);
    expect((await ask('/crm/tea/uploading/9/errors'))[0]).toBe(404);
    expect((await ask('/crm/tea/last_uploadings?limit=0'))[0]).toBe(400);
    expect(await ask('/crm/tea/last_uploadings')).toEqual([200, { uploadings: [] }]);
  });

  it('what is too large, empty, half, no form, and what a web page sends', async () => {
    const path = '/crm/tea/data/simple_orders';
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(40 << 20)));
    expect((await send(path, bomb))[0]).toBe(413);
    expect((await send(path, ''))[0]).toBe(400);
    const type = { 'content-type': 'multipart/form-data; boundary=b' };
    expect((await ask(path, { method: 'POST', body: '--b\r\n', headers: type }))[0]).toBe(400);
    const page = { origin: 'https://evil.example' };
    expect((await ask(path, { method: 'POST', body: ORDERS, headers: page }))[0]).toBe(403);
    expect((await ask('/crm/tea/uploading/1', { method: 'DELETE', headers: page }))[0]).toBe(403);
    await half(path);
    expect(readdirSync(bench.files.waiting)).toEqual([]);
    expect(bench.errors).toEqual([]);
  });
});

/** Sends half a body and leaves; resolves when nothing is left of it. */
async function half(path: string): Promise<void> {
  const port = Number(new URL(bench.url).port);
  const sending = request({ port, path, method: 'POST', headers: { 'content-length': 900_000 } });
  sending.on('error', () => {});
  sending.write(randomBytes(300_000));
  const receiving = () => readdirSync(bench.files.waiting).length;
  for (let i = 0; i < 200 && receiving() === 0; i++) await new Promise((go) => setTimeout(go, 5));
  expect(receiving()).toBe(1);
  sending.destroy();
  for (let i = 0; i < 200 && receiving() > 0; i++) await new Promise((go) => setTimeout(go, 5));
}
