/** What faults are made of. */
import type { Call, Fault } from './fake-bidder.contract.ts';
import type { Wire } from './fake-offers.contract.ts';

/** Answers this status to what the condition holds for. */
export function status(code: number, when: (call: Call) => boolean): Fault {
  return { takes: (call) => isBid(call) && when(call) && !!call.reply.writeHead(code).end() };
}

export const isBid = ({ request }: Call) => (request.url ?? '').startsWith('/bid');
export const isNotice = ({ request }: Call) => /^\/[nbl]\b/.test(request.url ?? '');
export const says = (text: string) => (call: Call) => call.body.includes(text);

export function noticeStatus(code: number, when: (call: Call) => boolean): Fault {
  return { takes: (call) => isNotice(call) && when(call) && !!call.reply.writeHead(code).end() };
}

export function onSync(location: string, headers: Record<string, string> = {}): Fault {
  return {
    takes: ({ request, reply }) =>
      (request.url ?? '').startsWith('/sync') &&
      !!reply.writeHead(302, { Location: location, ...headers }).end(),
  };
}

/** 200 with this body. */
export function says200(body: string, when: (call: Call) => boolean): Fault {
  return {
    takes: (call) => {
      if (!isBid(call) || !when(call)) return false;
      call.reply.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
      return true;
    },
  };
}

export const tells =
  (id: (request: Wire) => string) =>
  (bid: Wire, request: Wire): Wire => ({ ...bid, burl: `${bid.burl}&u=${id(request)}` });
