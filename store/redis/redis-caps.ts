import type { CapReservation, CapSubject, Caps, ReservationReceiver } from '../ports.ts';
import { exposuresKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { type RedisArgument, runScript } from './redis-scripts.ts';

/** Reservations go over the hot link; confirmations and releases, which may wait, over the cold. */
export class RedisCaps implements Caps {
  readonly #hot: RedisLink;
  readonly #cold: RedisLink;

  constructor(hot: RedisLink, cold: RedisLink) {
    this.#hot = hot;
    this.#cold = cold;
  }

  reserve(
    subject: { shop: string; person: string; nowMs: number },
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    const call = reserveArguments(subject, reservations);
    this.#hot.send(
      (client) => runScript(client, 'reserveCaps', call),
      (reply, error) => {
        // Any other shape than the script's own grants nothing.
        const granted: readonly unknown[] = Array.isArray(reply) ? reply : [];
        receiver.reserved(
          reservations.map((_, i) => granted[i] === 1),
          error !== null,
        );
      },
    );
  }

  async confirm(subject: CapSubject): Promise<boolean> {
    const { shop, person, nowMs, campaignKey, bidKey } = subject;
    const call = [exposuresKey(shop, person), nowMs, campaignKey, bidKey];
    return (await this.#cold.ask((client) => runScript(client, 'confirmExposure', call))) === 1;
  }

  async release(subject: CapSubject): Promise<void> {
    const { shop, person, campaignKey, bidKey } = subject;
    const call = [exposuresKey(shop, person), campaignKey, bidKey];
    await this.#cold.ask((client) => runScript(client, 'releaseExposure', call));
  }
}

function reserveArguments(
  subject: { shop: string; person: string; nowMs: number },
  reservations: readonly CapReservation[],
): RedisArgument[] {
  const call: RedisArgument[] = [
    exposuresKey(subject.shop, subject.person),
    subject.nowMs,
    reservations.length,
  ];
  for (const { campaignKey, bidKey, expiresAtMs, rules } of reservations) {
    call.push(campaignKey, bidKey, expiresAtMs, rules.length);
    for (const rule of rules) call.push(rule.scope, rule.impsMax, rule.windowMs);
  }
  return call;
}
