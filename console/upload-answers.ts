/** Answers about uploads, in the shape of Metrica's; what it has no word for is ours. */
import type { HttpReply, HttpRequest } from '../platform/http/http-port.ts';
import type { UploadRecord } from '../segmenter/uploads/upload-record.ts';
import type { WaitingUpload } from '../segmenter/uploads/waiting-uploads.ts';
import type { FileKind } from '../settings/event-mapping.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** By Metrica's names; devices and events are ours alone. */
const ENTITY_TYPES: Readonly<Record<FileKind, string>> = {
  orders: 'ORDER',
  customers: 'CONTACT',
  devices: 'DEVICE',
  events: 'EVENT',
  conversions: 'OFFLINE_CONVERSION',
  calls: 'CALL',
};

const STATES: Readonly<Record<UploadRecord['state'], string>> = {
  PROCESSED: 'PROCESSED',
  FAILED: 'LINKAGE_FAILURE',
  UNDONE: 'UNDONE',
};

/** The shop that a path names, by itself or by its counter of Metrica's; null for none. */
export function shopOf(
  deps: { shopOfCounter(counter: string): string | null },
  { path, params }: Pick<HttpRequest, 'path' | 'params'>,
): string | null {
  return path.startsWith('/crm/') ? params[0]! : deps.shopOfCounter(params[0]!);
}

/** An upload that is kept: PREPARED while it waits, UPLOADED while it is imported. */
export function waitingBody(
  { id, receivedMs, kind, file, merge, dryRun }: WaitingUpload,
  status: 'PREPARED' | 'UPLOADED',
) {
  return {
    ...{ id, uploading_id: id },
    datetime: new Date(receivedMs).toISOString(),
    api_validation_status: 'PASSED',
    elements_count: null,
    entity_type: ENTITY_TYPES[kind],
    uploading_format: formatOf(file),
    uploading_source: 'API',
    ...{ file, status, merge_mode: merge.toUpperCase(), dry_run: dryRun },
  };
}

/** As in a list of uploads. */
export function listedBody(upload: UploadRecord) {
  const { id, timeMs, kind, state, sourceQuantity, file, source } = upload;
  return {
    ...{ id, uploading_id: id },
    datetime: new Date(timeMs).toISOString(),
    api_validation_status: state === 'FAILED' ? 'FAILED' : 'PASSED',
    elements_count: sourceQuantity,
    entity_type: ENTITY_TYPES[kind],
    uploading_format: formatOf(file),
    uploading_source: source,
    ...{ file, status: STATES[state] },
  };
}

/** One upload with all that is known of it but its rows' errors beyond the first. */
export function wholeBody(upload: UploadRecord) {
  const { merge, dryRun, changed, matched, sourceQuantity, lineQuantity } = upload;
  const { message, errorCount, errors, report } = upload;
  return {
    ...listedBody(upload),
    ...{ merge_mode: merge.toUpperCase(), dry_run: dryRun, changed },
    ...{ source_quantity: sourceQuantity, line_quantity: lineQuantity },
    matched: matched === null ? null : matchedBody(matched),
    ...{ message, errors_count: errorCount, errors, report },
  };
}

function matchedBody(matched: NonNullable<UploadRecord['matched']>) {
  const { customerId, email, phone, clientId, order, none } = matched;
  return { customer_id: customerId, email, phone, client_id: clientId, order, none };
}

function formatOf(file: string): string {
  return /\.(?:nd)?json(?:\.gz)?$/.test(file) ? 'JSON' : 'CSV';
}

export function sendJson(reply: HttpReply, status: number, body: unknown): void {
  reply.send(status, JSON_TYPE, JSON.stringify(body));
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_parameter',
  403: 'access_denied',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  415: 'invalid_content_type',
  429: 'quota_requests',
  500: 'backend_error',
};

export function sendError(reply: HttpReply, code: number, message: string): void {
  const errors = [{ error_type: ERROR_TYPES[code] ?? 'backend_error', message }];
  sendJson(reply, code, { errors, code, message });
}
