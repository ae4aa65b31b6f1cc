/** Bodies of the corpora, posted to a bidder over real sockets, each with its status and its time. */
import { Agent, request as httpRequest } from 'node:http';
import type { BodyCase } from './corpus-bodies.contract.ts';

export interface Thrown {
  readonly cases: number;
  /** By status. */
  readonly answers: Readonly<Record<number, number>>;
  /** What was answered otherwise than is right, or later than ANSWER_MS_MAX. */
  readonly wrong: readonly string[];
}

/** On a busy machine; what hangs takes longer. */
const ANSWER_MS_MAX = 1000;
const AT_ONCE = 8;
/** A server may end a connection before it has taken a larger body: it is sent on one of its own. */
const KEPT_BYTES_MAX = 262_144;
/** uWebSockets.js closes without its 413 where more of the body is there already: such a one is sent again, its head first. */
const HEAD_START_MS = 100;

export async function throwBodies(
  port: number,
  pathOf: (format: BodyCase['format']) => string,
  cases: readonly BodyCase[],
): Promise<Thrown> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const answers: Record<number, number> = {};
  const wrong: string[] = [];
  const waiting = cases.values();
  const throwSome = async () => {
    for (const each of waiting) {
      const begunMs = performance.now();
      const target = { port, path: pathOf(each.format), agent };
      let status = await statusOf(target, each);
      if (status === 0 && each.statuses.includes(413)) {
        status = await statusOf(target, each, HEAD_START_MS);
      }
      const tookMs = performance.now() - begunMs;
      answers[status] = (answers[status] ?? 0) + 1;
      const told = `${each.name.slice(0, 120)}: ${status} after ${Math.round(tookMs)} ms`;
      if (!each.statuses.includes(status) || tookMs > ANSWER_MS_MAX) {
        wrong.push(`${told}, right is ${each.statuses.join(' or ')}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, throwSome));
  agent.destroy();
  return { cases: cases.length, answers, wrong };
}

/** 0 where the connection ended without an answer, or none came in a while. */
function statusOf(
  { port, path, agent }: { readonly port: number; readonly path: string; readonly agent: Agent },
  { format, body, coding }: BodyCase,
  headStartMs = 0,
): Promise<number> {
  const type = format === 'json' ? 'application/json' : 'application/x-protobuf';
  const headers = {
    'content-type': type,
    'content-length': body.byteLength,
    ...(coding !== undefined && { 'content-encoding': coding }),
  };
  const isLarge = body.byteLength > KEPT_BYTES_MAX;
  return new Promise((resolve) => {
    const sent = httpRequest(
      { host: '127.0.0.1', port, path, method: 'POST', headers, agent: isLarge ? false : agent },
      (response) => {
        const status = response.statusCode ?? 0;
        response
          .resume()
          .on('end', () => resolve(status))
          .on('error', () => resolve(status));
      },
    );
    sent.setTimeout(10 * ANSWER_MS_MAX, () => sent.destroy());
    sent.on('error', () => resolve(0));
    if (headStartMs > 0) {
      sent.flushHeaders();
      setTimeout(() => sent.end(body), headStartMs);
    } else sent.end(body);
  });
}
