/** One page on its way: tried a few times, with longer and longer waits. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import { signedHeaders } from './sign-webhook.ts';

const TRIES_MAX = 5;
const FIRST_WAIT_MS = 1000;
const ANSWER_TIMEOUT_MS = 15_000;

export interface Receiver {
  readonly url: URL;
  readonly secret: Buffer;
  readonly clock: Clock;
  /** Between two tries. */
  readonly wait: (ms: number) => Promise<unknown>;
}

export const patientReceiver = (url: URL, secret: Buffer, clock: Clock): Receiver => ({
  url,
  secret,
  clock,
  wait: (ms) => sleep(ms),
});

/** Null when it was taken (2xx), else why not. What would be answered alike again is not tried again. */
export async function postPage(
  receiver: Receiver,
  page: { readonly id: string; readonly body: string },
): Promise<string | null> {
  let waitMs = FIRST_WAIT_MS;
  for (let tries = 1; ; tries++) {
    const outcome = await tryOnce(receiver, page);
    if (outcome.problem === null) return null;
    if (!outcome.mayPass || tries === TRIES_MAX) return `${outcome.problem} (${tries} tries)`;
    await receiver.wait(waitMs);
    waitMs *= 2;
  }
}

interface Outcome {
  readonly problem: string | null;
  readonly mayPass: boolean;
}

async function tryOnce(
  { url, secret, clock }: Receiver,
  { id, body }: { readonly id: string; readonly body: string },
): Promise<Outcome> {
  const timestampS = Math.floor(clock.nowMs() / 1000);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: signedHeaders(secret, { id, timestampS, body }),
      body,
      // People are sent to whom they were meant for and nowhere else.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return { problem: null, mayPass: false };
    return { problem: `answered ${response.status}`, mayPass: mayPass(response.status) };
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code;
    return { problem: `no answer: ${cause ?? (error as Error).message}`, mayPass: true };
  }
}

function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
