import { exposuresEndMs } from '../../proto/exposure-log.ts';
import { holdExposures } from '../hold-exposures.ts';
import type {
  Blanks,
  CapReservation,
  CapSubject,
  Caps,
  ReservationReceiver,
  ReserveSubject,
  StoreUnavailable,
} from '../ports.ts';
import { Scratch } from '../scratch.ts';
import { fillArguments } from './blank-entries.ts';
import type { Answered } from './guarded-link.ts';
import { exposuresKey } from './redis-keys.ts';
import type { RedisLink } from './redis-link.ts';
import { type RedisArgument, runScript, type ScriptSender } from './redis-scripts.ts';

/** Of a log in which nothing counts: reserve-caps-1.lua gives it the same. */
const LIFE_MIN_MS = 1000;

export interface HotScripts {
  /** What a bid waits for. */
  readonly send: ScriptSender;
  /** What nobody waits for: it leaves with what is sent next, or a moment later. */
  readonly sendLater: ScriptSender;
}

/** Reservations go over the hot line; confirmations and releases, which may wait, over the cold. */
export class RedisCaps implements Caps {
  readonly #hot: HotScripts;
  readonly #cold: RedisLink;
  readonly #log = new Scratch();

  constructor(hot: HotScripts, cold: RedisLink) {
    this.#hot = hot;
    this.#cold = cold;
  }

  reserve(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    const { seen, nowMs, blanks } = subject;
    if (blanks) {
      this.#fill(subject, blanks, reservations, receiver);
      return;
    }
    const granted: boolean[] = [];
    const log =
      seen === undefined ? null : holdExposures(seen, { nowMs, reservations, granted }, this.#log);
    if (log === null) {
      this.#reserveByScript(subject, reservations, receiver);
      return;
    }
    this.#hot.send('replaceValue', replaceArguments(subject, log), {
      answered: (reply, error) => {
        const isOutdated = error === null && reply !== 1;
        if (isOutdated) this.#reserveByScript(subject, reservations, receiver);
        else if (error === null) receiver.reserved(granted, false);
        else receiver.reserved(granted.fill(false), true);
      },
    });
  }

  /**
   * Counted in the log before the blanks, to which nobody could add without seeing them. The caller
   * is answered first: what becomes of the blanks is not waited for.
   */
  #fill(
    { shop, person, nowMs, seen }: ReserveSubject,
    blanks: Blanks,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    const granted: boolean[] = [];
    holdExposures(seen ?? null, { nowMs, reservations, granted }, this.#log);
    receiver.reserved(granted, false);
    const filling = reservations.filter((_, i) => granted[i]);
    const call = fillArguments({ shop, person }, blanks, filling);
    this.#hot.sendLater('fillBlanks', call, new BlanksSettled(receiver));
  }

  #reserveByScript(
    subject: ReserveSubject,
    reservations: readonly CapReservation[],
    receiver: ReservationReceiver,
  ): void {
    const call = reserveArguments(subject, reservations);
    this.#hot.send('reserveCaps', call, new Reserving(reservations.length, receiver));
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

/** Copies: log and seen are lent, and a client may hold what it was given until it is written. */
function replaceArguments(
  { shop, person, nowMs, seen }: ReserveSubject,
  log: Buffer,
): RedisArgument[] {
  const lifeMs = Math.ceil(Math.max(LIFE_MIN_MS, exposuresEndMs(log) - nowMs));
  const read = seen ? ['1', Buffer.from(seen)] : ['0', ''];
  return [exposuresKey(shop, person), ...read, Buffer.from(log), lifeMs];
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

class BlanksSettled implements Answered {
  readonly #receiver: ReservationReceiver;

  constructor(receiver: ReservationReceiver) {
    this.#receiver = receiver;
  }

  answered(_: unknown, error: StoreUnavailable | null): void {
    if (error !== null) this.#receiver.blanksLapse?.();
  }
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
