/** What became of a shop's uploads, in the shape of Metrica's `last_uploadings`, and the way to take one back. */
import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import { readRejected } from '../segmenter/uploads/read-rejected.ts';
import type { UndoReport } from '../segmenter/uploads/undo-upload.ts';
import type { UploadRecord } from '../segmenter/uploads/upload-record.ts';
import type { WaitingUpload } from '../segmenter/uploads/waiting-uploads.ts';
import { type ReceiveDeps, receiveRoutes } from './receive-upload.ts';
import {
  listedBody,
  sendError,
  sendJson,
  shopOf,
  waitingBody,
  wholeBody,
} from './upload-answers.ts';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1000;

export interface UploadsOfShop {
  /** Oldest first. */
  readonly records: readonly UploadRecord[];
  /** In the order they came. */
  readonly waiting: readonly WaitingUpload[];
  /** The upload that is being imported; null for none. */
  readonly running: number | null;
}

export interface UploadDeps extends ReceiveDeps {
  /** Null for a shop that there is none of. */
  uploads(shop: string): UploadsOfShop | null;
  /**
   * Takes an upload back, waiting or imported, and makes the segments anew. Null when that cannot be done,
   * which `refused` then says.
   */
  undo(shop: string, upload: number, refused: (why: string) => void): Promise<UndoReport | null>;
}

type Handler = (deps: UploadDeps, asked: Asked) => void | Promise<void>;

interface Asked {
  readonly shop: string;
  readonly of: UploadsOfShop;
  /** Of the path, behind the shop. */
  readonly id: string;
  readonly query: URLSearchParams;
  readonly reply: HttpReply;
}

/** Metrica's own; a script of its conversions asks there. */
const COUNTER = '/cdp/api/v1/counter/:counter';
const CONVERSIONS = '/management/v1/counter/:counter/offline_conversions';

/** GET last_uploadings, uploading/<id> and its errors; DELETE uploading/<id>; what receiveRoutes() takes. */
export function uploadRoutes(deps: UploadDeps): Route[] {
  const route = (method: 'GET' | 'DELETE', pattern: string, handler: Handler): Route => ({
    ...{ method, pattern, bodyBytesMax: 0, headers: ['origin'] },
    handler: (request, reply) => answer(deps, { request, reply, handler }),
  });
  const uploading = '/crm/:shop/uploading/:id';
  return [
    route('GET', '/crm/:shop/last_uploadings', listed),
    route('GET', `${COUNTER}/last_uploadings`, listed),
    route('GET', `${CONVERSIONS}/uploadings`, listed),
    route('GET', `${CONVERSIONS}/uploading/:id`, whole),
    route('GET', `${CONVERSIONS}/calls_uploading/:id`, whole),
    route('GET', uploading, whole),
    route('GET', `${uploading}/errors`, errors),
    route('DELETE', uploading, undone),
    ...receiveRoutes(deps),
  ];
}

function answer(
  deps: UploadDeps,
  { request, reply, handler }: { request: HttpRequest; reply: HttpReply; handler: Handler },
): void {
  const shop = shopOf(deps, request);
  const of = shop === null ? null : deps.uploads(shop);
  if (shop === null || of === null) {
    const name = request.params[0]!;
    sendError(reply, 404, `there is no shop ${shop === null ? 'of counter ' : ''}"${name}"`);
    return;
  }
  if (request.method === 'DELETE' && request.header('origin') !== '') {
    sendError(reply, 403, 'uploads are not taken back from web pages');
    return;
  }
  const query = new URLSearchParams(request.query);
  const asked = { shop, of, id: request.params[1] ?? '', query, reply };
  Promise.resolve(handler(deps, asked)).catch((error: unknown) => {
    deps.onError(error);
    sendError(reply, 500, error instanceof Error ? error.message : String(error));
  });
}

function listed(_: UploadDeps, { of, query, reply }: Asked): void {
  const limit = numberOf(query, 'limit', { unsaid: LIMIT_DEFAULT, min: 1, max: LIMIT_MAX });
  if (typeof limit === 'string') {
    sendError(reply, 400, limit);
    return;
  }
  const all = [...of.records.map(listedBody), ...of.waiting.map((upload) => waits(of, upload))];
  sendJson(reply, 200, { uploadings: all.slice(-limit).reverse() });
}

function whole(_: UploadDeps, { of, id, reply }: Asked): void {
  const waiting = of.waiting.find((upload) => String(upload.id) === id);
  const record = of.records.find((upload) => String(upload.id) === id);
  if (record !== undefined) sendJson(reply, 200, { uploading: wholeBody(record) });
  else if (waiting !== undefined) sendJson(reply, 200, { uploading: waits(of, waiting) });
  else sendError(reply, 404, `there is no upload ${id}`);
}

function waits({ running }: UploadsOfShop, upload: WaitingUpload) {
  return waitingBody(upload, running === upload.id ? 'UPLOADED' : 'PREPARED');
}

const OFFSET = { unsaid: 0, min: 0, max: Number.MAX_SAFE_INTEGER };

async function errors(_: UploadDeps, { of, id, query, reply }: Asked): Promise<void> {
  const record = of.records.find((upload) => String(upload.id) === id);
  const limit = numberOf(query, 'limit', { unsaid: LIMIT_DEFAULT, min: 1, max: LIMIT_MAX });
  const offset = numberOf(query, 'offset', OFFSET);
  if (record === undefined) sendError(reply, 404, `there is no imported upload ${id}`);
  else if (typeof limit === 'string') sendError(reply, 400, limit);
  else if (typeof offset === 'string') sendError(reply, 400, offset);
  else {
    const { report, errorCount } = record;
    const page = report === null ? [] : await readRejected(report, { offset, limit });
    sendJson(reply, 200, { errors_count: errorCount, offset, errors: page });
  }
}

async function undone(deps: UploadDeps, { shop, of, id, reply }: Asked): Promise<void> {
  if (![...of.records, ...of.waiting].some((upload) => String(upload.id) === id)) {
    sendError(reply, 404, `there is no upload ${id}`);
    return;
  }
  const report = await deps.undo(shop, Number(id), (why) => sendError(reply, 409, why));
  if (report !== null) sendJson(reply, 200, { success: true, ...report });
}

function numberOf(
  query: URLSearchParams,
  name: string,
  { unsaid, min, max }: { unsaid: number; min: number; max: number },
): number | string {
  const value = Number(query.get(name) ?? unsaid);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  return `${name}: expected a whole number from ${min} to ${max}`;
}
