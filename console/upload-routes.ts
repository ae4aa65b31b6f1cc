/** What became of a shop's uploads, in the shape of Metrica's `last_uploadings`. */
import type { HttpReply, Route } from '../platform/http/http-port.ts';
import type { UploadRecord } from '../segmenter/uploads/upload-record.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1000;

export interface UploadDeps {
  /** The uploads of a shop, oldest first; null for a shop that there is none of. */
  uploads(shop: string): readonly UploadRecord[] | null;
}

/** `GET /crm/<shop>/last_uploadings?limit=` and `GET /crm/<shop>/uploading/<id>`. */
export function uploadRoutes(deps: UploadDeps): Route[] {
  return [
    {
      method: 'GET',
      pattern: '/crm/:shop/last_uploadings',
      bodyBytesMax: 0,
      handler: ({ params, query }, reply) => {
        const uploads = uploadsOf(deps, params[0]!, reply);
        if (uploads === null) return;
        const limit = Number(new URLSearchParams(query).get('limit') ?? LIMIT_DEFAULT);
        if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
          sendError(reply, 400, `limit: expected a whole number from 1 to ${LIMIT_MAX}`);
          return;
        }
        sendJson(reply, 200, { uploadings: uploads.slice(-limit).reverse().map(listed) });
      },
    },
    {
      method: 'GET',
      pattern: '/crm/:shop/uploading/:id',
      bodyBytesMax: 0,
      handler: ({ params }, reply) => {
        const uploads = uploadsOf(deps, params[0]!, reply);
        if (uploads === null) return;
        const upload = uploads.find(({ id }) => String(id) === params[1]);
        if (upload === undefined) sendError(reply, 404, `there is no upload ${params[1]}`);
        else sendJson(reply, 200, { uploading: whole(upload) });
      },
    },
  ];
}

function uploadsOf(
  deps: UploadDeps,
  shop: string,
  reply: HttpReply,
): readonly UploadRecord[] | null {
  const uploads = deps.uploads(shop);
  if (uploads === null) sendError(reply, 404, `there is no shop "${shop}"`);
  return uploads;
}

/** By Metrica's names; devices are ours alone. */
const ENTITY_TYPES: Readonly<Record<UploadRecord['kind'], string>> = {
  orders: 'ORDER',
  customers: 'CONTACT',
  devices: 'DEVICE',
  events: 'EVENT',
  conversions: 'OFFLINE_CONVERSION',
  calls: 'CALL',
};

function listed({ id, timeMs, kind, state, sourceQuantity, file }: UploadRecord) {
  return {
    uploading_id: id,
    datetime: new Date(timeMs).toISOString(),
    api_validation_status: state === 'FAILED' ? 'FAILED' : 'PASSED',
    elements_count: sourceQuantity,
    entity_type: ENTITY_TYPES[kind],
    uploading_source: 'FILE',
    file,
  };
}

function whole(upload: UploadRecord) {
  const { state, sourceQuantity, lineQuantity, message, errors, report } = upload;
  const quantities = { source_quantity: sourceQuantity, line_quantity: lineQuantity };
  return { ...listed(upload), status: state, ...quantities, message, errors, report };
}

function sendJson(reply: HttpReply, status: number, body: unknown): void {
  reply.send(status, JSON_TYPE, JSON.stringify(body));
}

function sendError(reply: HttpReply, code: number, message: string): void {
  sendJson(reply, code, { code, message });
}
