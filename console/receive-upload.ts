/**
 * Uploads in the shape of Metrica's CRM API: a file is taken, kept durably, and acknowledged; its import
 * follows. At `/crm/<shop>/…`, and for a shop that names its counter at Metrica's own paths.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import { BODY_HEADERS, BodyRefused, receiveFile } from '../platform/http/receive-file.ts';
import type { ShopFiles } from '../segmenter/shop-data.ts';
import { HeaderFault, renamedHeader } from '../segmenter/uploads/renamed-header.ts';
import {
  acceptUpload,
  countUploads,
  openUpload,
  type WaitingUpload,
} from '../segmenter/uploads/waiting-uploads.ts';
import { sendError, sendJson, shopOf, waitingBody } from './upload-answers.ts';
import { type AskedUpload, ENTITIES, readAsked, type UploadEntity } from './upload-parameters.ts';

export interface ReceiveDeps {
  /** Where a shop's data lies; null for a shop that there is none of. */
  files(shop: string): ShopFiles | null;
  /** The shop that names this counter of Metrica's; null for none. */
  shopOfCounter(counter: string): string | null;
  /** Of a file, unpacked. */
  readonly uploadBytesMax: number;
  nowMs(): number;
  /** An upload is on disk: its import may begin. */
  came(shop: string): void;
  /** Called with what went wrong and is not the sender's fault. */
  onError(error: unknown): void;
}

/** A sender of whom nothing comes for so long is gone. */
const STALLED_MS = 30_000;
/** What a form has around its file. */
const FORM_BYTES = 65_536;
/** Of one shop, coming or kept, until the first of them are imported. */
const WAITING_MAX = 100;

/** `POST /crm/<shop>/data/…`, and Metrica's own paths. */
export function receiveRoutes(deps: ReceiveDeps): Route[] {
  return Object.values(ENTITIES).flatMap((entity) =>
    entity.paths.map(
      (pattern): Route => ({
        method: 'POST',
        pattern,
        bodyBytesMax: deps.uploadBytesMax + FORM_BYTES,
        headers: [...BODY_HEADERS, 'origin'],
        streams: { stalledMs: STALLED_MS },
        handler: (request, reply) => {
          receive(deps, { request, reply, entity }).catch((error: unknown) =>
            refuse(deps, reply, error),
          );
        },
      }),
    ),
  );
}

function refuse({ onError }: ReceiveDeps, reply: HttpReply, error: unknown): void {
  if (error instanceof BodyRefused) sendError(reply, error.status, error.message);
  else if (error instanceof HeaderFault) sendError(reply, 400, error.message);
  else if (!reply.aborted) {
    onError(error);
    sendError(reply, 500, 'the upload could not be kept: see the log of the service');
  }
}

interface Receiving {
  readonly request: HttpRequest;
  readonly reply: HttpReply;
  readonly entity: UploadEntity;
}

async function receive(deps: ReceiveDeps, { request, reply, entity }: Receiving): Promise<void> {
  const shop = shopOf(deps, request);
  const files = shop === null ? null : deps.files(shop);
  if (shop === null || files === null) {
    sendError(reply, 404, `there is no shop of ${request.path}`);
    return;
  }
  // No page of the web may send the operator's browser here.
  if (request.header('origin') !== '') {
    sendError(reply, 403, 'uploads are not taken from web pages');
    return;
  }
  const asked = readAsked(entity, request);
  if (typeof asked === 'string') {
    sendError(reply, 400, asked);
    return;
  }
  if (countUploads(files) >= WAITING_MAX) {
    sendError(reply, 429, `${WAITING_MAX} uploads wait for their import: try again later`);
    return;
  }
  const upload = await keep(deps, { request, asked, files });
  deps.came(shop);
  sendJson(reply, 200, { uploading: waitingBody(upload, 'PREPARED') });
}

/** On disk once it resolves. */
async function keep(
  deps: ReceiveDeps,
  { request, asked, files }: { request: HttpRequest; asked: AskedUpload; files: ShopFiles },
): Promise<WaitingUpload> {
  const { names, ...spec } = asked;
  const folder = openUpload(files);
  try {
    const through = (chunks: AsyncIterable<Buffer>) =>
      names === null ? chunks : renamedHeader(chunks, names, spec.delimiter);
    const path = join(folder, spec.file);
    await receiveFile(request, path, { bytesMax: deps.uploadBytesMax, through });
    const kept = { ...spec, receivedMs: deps.nowMs() };
    const id = acceptUpload(files, folder, kept);
    return { ...kept, id, path: join(files.waiting, String(id), spec.file) };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
