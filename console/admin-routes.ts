/**
 * The admin port: what SREs and marketers ask of a running service. Loopback only. What it needs of
 * the bidder (the explanation of a decision) is handed in, so the console knows no auction.
 */

import type { HttpReply, HttpRequest, Route } from '../platform/http/http-port.ts';
import { METRICS_CONTENT_TYPE } from '../platform/metrics-exposition.ts';
import { type UploadDeps, uploadRoutes } from './upload-routes.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';
const EXPLAIN_BYTES_MAX = 256 * 1024;

export interface Readiness {
  readonly ready: boolean;
  /** Why not, one line a reason. */
  readonly reasons: readonly string[];
}

export interface AdminDeps extends UploadDeps {
  readonly version: string;
  /** Process ids that serve, for those who measure. */
  pids(): readonly number[];
  /** Prometheus text of the whole service. */
  metrics(): Promise<string>;
  readiness(): Promise<Readiness>;
  /** The whole decision on one bid request body; `format` is '' for that of the exchange. Rejects for unknown names. */
  explain(asking: { exchange: string; format: string }, body: Uint8Array): Promise<unknown>;
}

export function createAdminRoutes(deps: AdminDeps): Route[] {
  return [
    get('/healthz', (_, reply) => reply.send(200, TEXT_TYPE, 'ok\n')),
    get('/version', (_, reply) =>
      reply.send(200, JSON_TYPE, JSON.stringify({ version: deps.version, pids: deps.pids() })),
    ),
    get('/readyz', (_, reply) => answer(deps, reply, () => sendReadiness(deps, reply))),
    ...uploadRoutes(deps),
    get('/metrics', (_, reply) => answer(deps, reply, () => sendMetrics(deps, reply))),
    {
      method: 'POST',
      pattern: '/api/explain',
      bodyBytesMax: EXPLAIN_BYTES_MAX,
      handler: (request, reply) => {
        const query = new URLSearchParams(request.query);
        const exchange = query.get('exchange') ?? 'generic';
        const format = query.get('format') ?? '';
        const body = Uint8Array.from(request.body);
        answer(deps, reply, async () => {
          reply.send(
            200,
            JSON_TYPE,
            JSON.stringify(await deps.explain({ exchange, format }, body)),
          );
        });
      },
    },
  ];
}

function get(pattern: string, handler: (request: HttpRequest, reply: HttpReply) => void): Route {
  return { method: 'GET', pattern, bodyBytesMax: 0, handler };
}

async function sendReadiness(deps: AdminDeps, reply: HttpReply): Promise<void> {
  const { ready, reasons } = await deps.readiness();
  reply.send(ready ? 200 : 503, TEXT_TYPE, ready ? 'ready\n' : `${reasons.join('\n')}\n`);
}

async function sendMetrics(deps: AdminDeps, reply: HttpReply): Promise<void> {
  reply.send(200, METRICS_CONTENT_TYPE, await deps.metrics());
}

/** One catch per request: the asker gets the message, the log gets the error. */
function answer(deps: AdminDeps, reply: HttpReply, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    deps.onError(error);
    const message = error instanceof Error ? error.message : String(error);
    reply.send(500, JSON_TYPE, JSON.stringify({ error: message }));
  });
}
