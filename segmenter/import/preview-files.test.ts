import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileKind } from '../../settings/event-mapping.ts';
import { importMappingSchema } from '../../settings/import-mapping.ts';
import { type FilePreview, previewFiles } from './preview-files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rekindle-previews-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function preview(
  kind: FileKind,
  content: string | Uint8Array,
  mapping: unknown = {},
): Promise<FilePreview> {
  const file = join(dir, 'given');
  writeFileSync(file, content);
  const [found] = await previewFiles({
    money: { currency: 'EUR', rates: {} },
    timeZone: 'Europe/Sofia',
    mapping: importMappingSchema.parse(mapping),
    statuses: { sent: 'in_progress' },
    files: { [kind]: file },
    nowMs: Date.UTC(2026, 10, 22),
  });
  return found!;
}

const columns = { order: 'id', customer: 'client', time: 'at', revenue: 'sum' };
const MAPPING = { orders: { columns, status: { column: 'state' } } };
const HEADER = 'id|client|at|sum|state|note\n';

describe('preview', () => {
  it('says what each column is taken for, with samples and problems', async () => {
    const rows = '1|a|2026-07-05|1|sent|x\n2|a|5 July|2|gone|x\n3||2026-07-05|1|sent|y\n';
    const found = await preview('orders', HEADER + rows, MAPPING);
    expect(found).toMatchObject({ format: 'csv', delimiter: '|', encoding: 'utf-8', like: null });
    expect(found.columns).toEqual([
      { column: 'id', as: ['order'], samples: ['1', '2', '3'], problems: [] },
      { column: 'client', as: ['customer'], samples: ['a'], problems: [] },
      {
        column: 'at',
        as: ['time'],
        samples: ['2026-07-05', '5 July'],
        problems: [{ reason: 'expected a time (iso, such as 2026-11-30 10:15:00)', rows: 1 }],
      },
      { column: 'sum', as: ['revenue'], samples: ['1', '2'], problems: [] },
      { column: 'state', as: ['status'], samples: ['sent', 'gone'], problems: [] },
      { column: 'note', as: [], samples: ['x', 'y'], problems: [] },
    ]);
  });

  it('counts rows as the import would', async () => {
    const rows = '1|a|2026-07-05|1|sent|x\n2|a|5 July|2|gone|x\n3||2026-07-05|1|sent|y\n4|a\n';
    const more = '5|b|2026-07-05|1|lost|\n6|c|2026-07-05|1|sent|\n';
    const found = await preview('orders', HEADER + rows + more, MAPPING);
    expect(found).toMatchObject({
      rowsRead: 6,
      rowsLoaded: 3,
      rowsWithoutCustomer: 1,
      rowsRefused: 2,
      refused: [
        { line: 3, column: 'at', value: '5 July' },
        { line: 5, column: '', value: '4|a' },
      ],
      statuses: [
        { status: 'sent', group: 'in_progress', rows: 2 },
        { status: 'lost', group: null, rows: 1 },
      ],
    });
  });

  it('reads no more than the first rows', async () => {
    const found = await preview(
      'orders',
      HEADER + '1|a|2026-07-05|1|sent|x\n'.repeat(5000),
      MAPPING,
    );
    expect(found.rowsRead).toBe(1000);
  });

  it('knows a file by its header and shows every use of a column', async () => {
    const contacts = [{ uniq_id: 'u', emails: ['a@x.ru', 'b@x.ru'], name: { first: 'Anna' } }];
    const found = await preview('customers', gzipSync(JSON.stringify({ contacts })));
    expect(found).toMatchObject({ format: 'json', gzip: true, like: 'metrica_contacts' });
    expect(found.columns.map(({ column, as, samples }) => [column, as, samples])).toEqual([
      ['uniq_id', ['customer'], ['u']],
      ['emails', ['email'], ['a@x.ru,b@x.ru']],
      ['name.first', [], ['Anna']],
    ]);
    expect(found.rowsLoaded).toBe(1);
  });

  it('takes the keys of an object that is one cell for its column', async () => {
    const order = { id: '1', create_date_time: '2026-07-05', client_uniq_id: 'u', revenue: 5 };
    const orders = [{ ...order, client_type: 'CONTACT', products: { pear: 10 }, goals: { a: 1 } }];
    const found = await preview('orders', JSON.stringify({ orders }));
    expect(found).toMatchObject({ like: 'metrica_orders', rowsLoaded: 1 });
    expect(found.columns.slice(-2).map(({ column, as }) => [column, as])).toEqual([
      ['products.pear', ['products']],
      ['goals.a', []],
    ]);
  });

  it('shows samples of rows in which nobody reads a list of objects, and what is read of items', async () => {
    const order = { id: 5, createdAt: '2026-07-05', status: 'sent', totalSumm: 5, email: 'a@x.ru' };
    const items = [{ id: 8, offer: { externalId: 'tea' }, quantity: 2, status: 'new' }];
    const orders = [{ ...order, items, payments: [{ type: 'cash' }], tags: ['a,b'] }];
    const found = await preview('orders', JSON.stringify({ success: true, orders }));
    expect(found).toMatchObject({ like: 'retailcrm_orders', rowsLoaded: 1, rowsRefused: 0 });
    expect(found.columns.map(({ column, as, samples }) => [column, as, samples])).toEqual([
      ['id', ['order'], ['5']],
      ['createdAt', ['time'], ['2026-07-05']],
      ['status', ['status'], ['sent']],
      ['totalSumm', ['revenue'], ['5']],
      ['email', ['customer', 'email'], ['a@x.ru']],
      ['items.id', [], ['8']],
      ['items.offer', ['products'], ['[{"externalId":"tea"}]']],
      ['items.quantity', ['products'], ['2']],
      ['items.status', [], ['new']],
      ['payments.type', [], ['cash']],
      ['tags', [], ['["a,b"]']],
    ]);
  });

  it('shows what becomes an attribute of an event', async () => {
    const found = await preview('calls', 'ClientId,DateTime,TalkDuration,Tag\n1,1751700000,5,x\n');
    expect(found).toMatchObject({ like: 'metrica_calls', rowsLoaded: 1, statuses: [] });
    expect(found.columns.map(({ column, as }) => [column, as])).toEqual([
      ['ClientId', ['cookie']],
      ['DateTime', ['time']],
      ['TalkDuration', ['attribute']],
      ['Tag', ['attribute']],
    ]);
  });

  it('shows what becomes an attribute or consent of orders and customers', async () => {
    const attributes = { channel: { column: 'note', type: 'text' } };
    const orders = await preview('orders', HEADER, { orders: { ...MAPPING.orders, attributes } });
    expect(orders.columns.at(-1)).toMatchObject({ column: 'note', as: ['attributes.channel'] });
    const consent = { ads: { column: 'ok' }, email: { opted_out: 'left' } };
    const customers = { columns: { customer: 'id' }, attributes, consent };
    const found = await preview('customers', 'id,note,ok,left\n', { customers });
    expect(found.columns.map(({ as }) => as)).toEqual([
      ...[['customer'], ['attributes.channel'], ['consent.ads'], ['consent.email']],
    ]);
  });

  it('shows the columns of a file that it cannot read, and says why', async () => {
    const unknown = await preview('orders', 'a,b\n1,2\n');
    expect(unknown.problem).toMatch(/the header is of no file that is known/);
    expect(unknown.columns.map(({ column, samples }) => [column, samples])).toEqual([
      ['a', ['1']],
      ['b', ['2']],
    ]);
    expect((await preview('devices', 'a,b\n1,2\n')).problem).toMatch(/no import: devices:/);
  });

  it('refuses what is no file of rows', () =>
    expect(preview('orders', '<html>', MAPPING)).rejects.toThrow(/got HTML or XML/));
});
