import type {
  CapReservation,
  CapSubject,
  Caps,
  ReservationReceiver,
  ReserveSubject,
  StoreUnavailable,
} from '../ports.ts';
import { type AppendFallback, Appending, appendCommands, mayAppend } from './append-exposure.ts';
import type { Answered, GuardedLink } from './guarded-link.ts';
import { exposuresKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { runScript, type ScriptSender } from './redis-scripts.ts';
import type { RespQuestion } from './resp-words.ts';

/** What a bid waits for. Without a link there is the script alone, as on a Cluster. */
export interface HotCaps {
  readonly sendScript: ScriptSender;
  readonly link: GuardedLink<RespQuestion> | null;
}

/** Reservations go over the hot line; confirmations and releases, which may wait, over the cold. */
export class RedisCaps implements Caps, AppendFallback {
  readonly #hot: HotCaps;
  readonly #cold: RedisLink;

  constructor(hot: HotCaps, cold: RedisLink) {
    this.#hot = hot;
    this.#cold = cold;
  }

  reserve(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    const { link } = this.#hot;
    const reservation = reservations[0];
    const isOne = reservation !== undefined && reservations.length === 1;
    if (link !== null && isOne && mayAppend(subject, reservation)) {
      const appending = new Appending(this, { subject, reservation }, receiver);
      link.send(appendCommands(subject, reservation), appending);
    } else this.reserveByScript(subject, reservations, receiver);
  }

  reserveByScript(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    const call = reserveArguments(subject, reservations);
    this.#hot.sendScript('reserveCaps', call, new Reserving(reservations.length, receiver));
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
  subject: ReserveSubject,
  reservations: readonly CapReservation[],
): (string | number)[] {
  const call: (string | number)[] = [
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

class Reserving implements Answered {
  readonly #count: number;
  readonly #receiver: ReservationReceiver;

  constructor(count: number, receiver: ReservationReceiver) {
    this.#count = count;
    this.#receiver = receiver;
  }

  answered(reply: unknown, error: StoreUnavailable | null): void {
    // Any other shape than the script's own grants nothing.
    const list: readonly unknown[] = Array.isArray(reply) ? reply : [];
    const granted: boolean[] = [];
    for (let i = 0; i < this.#count; i++) granted.push(list[i] === 1);
    this.#receiver.reserved(granted, error !== null);
  }
}
