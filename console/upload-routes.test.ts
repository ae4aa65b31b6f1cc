import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HttpServer } from '../platform/http/http-port.ts';
import { nodeBackend } from '../platform/http/node-server.ts';
import type { UploadRecord } from '../segmenter/uploads/upload-record.ts';
import { uploadRoutes } from './upload-routes.ts';

const uploads: UploadRecord[] = [1, 2, 3].map((id) => ({
  ...{ id, timeMs: Date.UTC(2026, 10, id), kind: 'customers', file: 'c.csv' },
  ...{ state: id === 2 ? 'FAILED' : 'PROCESSED', sourceQuantity: 10 * id, lineQuantity: 9 * id },
  ...{ message: id === 2 ? 'c.csv: the file is empty' : '', report: null },
  ...{ source: 'FILE', merge: '', dryRun: false, changed: true, together: id, matched: null },
  errors: [{ line: 7, column: 'id', reason: 'expected a customer id' }],
}));

let server: HttpServer;
beforeAll(async () => {
  const routes = uploadRoutes({ uploads: (shop) => (shop === 'tea' ? uploads : null) });
  server = await nodeBackend.listen(routes, { host: '127.0.0.1', port: 0, shared: false });
});
afterAll(() => server.drain(0));

async function ask(path: string): Promise<[number, Record<string, unknown>]> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/crm/${path}`);
  return [answer.status, (await answer.json()) as Record<string, unknown>];
}

it('lists the last uploads, newest first', async () => {
  const [status, { uploadings }] = await ask('tea/last_uploadings?limit=2');
  expect(status).toBe(200);
  expect(uploadings).toMatchObject([
    { uploading_id: 3, entity_type: 'CONTACT', api_validation_status: 'PASSED' },
    { uploading_id: 2, api_validation_status: 'FAILED', elements_count: 20 },
  ]);
});
it('shows one upload with its counts and errors', async () => {
  const [, { uploading }] = await ask('tea/uploading/1');
  expect(uploading).toMatchObject({
    ...{ status: 'PROCESSED', source_quantity: 10, line_quantity: 9 },
    datetime: '2026-11-01T00:00:00.000Z',
    errors: [{ line: 7, column: 'id' }],
  });
});
it('says what there is none of', async () => {
  expect(await ask('coffee/last_uploadings')).toEqual([
    404,
    { code: 404, message: 'there is no shop "coffee"' },
  ]);
  expect((await ask('tea/uploading/9'))[0]).toBe(404);
  expect((await ask('tea/last_uploadings?limit=0'))[0]).toBe(400);
});
