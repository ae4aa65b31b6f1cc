/** Makes profiles of people's facts: the part of a bucket's profile loop that neither reads nor writes. */
import assert from 'node:assert/strict';
import {
  type EncodedTexts,
  encodeTexts,
  type OrderColumns,
  ProfileWriter,
} from '../../proto/profile-writer.ts';
import { PROFILE_TAG } from '../../proto/read-profile.ts';
import { isHeldOut } from '../../rules/control-group.ts';
import type { Segment } from '../../rules/rule.ts';
import { idTexts } from '../duck-chunk.ts';
import type { BoughtTogether } from './bought-together.ts';
import type { WrittenBucket } from './build-progress.ts';
import type { Products } from './catalogue.ts';
import { PROFILE_LIMITS } from './facts.ts';
import { ordinalsOf } from './membership.ts';
import { Purchases } from './purchases.ts';
import { SamplePicker } from './samples.ts';

/** Some people in person order, all orders of those who are computed, and the lines of these; by row. */
export interface ProfileBatch {
  readonly people: {
    readonly persons: Uint8Array;
    readonly keptOrders: Float64Array;
    readonly firstOrderNo: Float64Array;
    readonly cycleHalfDays: Float64Array;
    /** 1 or 0. */
    readonly hasDevice: Float64Array;
    /** 0 for who is counted, but has no profile to be written. */
    readonly isComputed: Float64Array;
    /** Columns m0 … of the table `members`. */
    readonly masks: readonly Float64Array[];
  };
  readonly orders: OrderColumns & { readonly orderNo: Float64Array };
  readonly lines: { readonly orderNo: Float64Array; readonly productNo: Float64Array };
}

/** In the order of the batch. */
export interface EncodedProfiles {
  readonly persons: readonly string[];
  /** One behind the other. */
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

/** What the people of some batches add up to. */
export type CountedPeople = Pick<WrittenBucket, 'members' | 'heldOut' | 'samples' | 'sold'>;

/** What profiles are made with, the same for all people of a build. */
export interface EncoderFacts {
  readonly segments: readonly Segment[];
  readonly products: Products;
  readonly together: BoughtTogether;
}

export class ProfileEncoder {
  readonly #segments: readonly Segment[];
  readonly #productNames: EncodedTexts;
  readonly #categoryNames: EncodedTexts;
  readonly #purchases: Purchases;
  readonly #writer = new ProfileWriter();
  #members: number[] = [];
  #heldOut: number[] = [];
  #samples = new SamplePicker(0);
  /** The next of the batch that belongs to nobody yet. */
  #orderRow = 0;
  #lineRow = 0;

  constructor({ segments, products, together }: EncoderFacts) {
    this.#segments = segments;
    this.#productNames = encodeTexts(products.names);
    this.#categoryNames = encodeTexts(products.categoryNames);
    this.#purchases = new Purchases(products, together);
    this.#countAnew();
  }

  encode(batch: ProfileBatch): EncodedProfiles {
    const { people, orders, lines } = batch;
    const persons: string[] = [];
    const ends: number[] = [];
    this.#orderRow = 0;
    this.#lineRow = 0;
    for (const [row, person] of idTexts(people.persons).entries()) {
      const held = ordinalsOf(people.masks, row);
      const segments = this.#takenIn(held, person);
      this.#samples.offer(person, segments, people.hasDevice[row] === 1);
      if (people.isComputed[row] === 0) continue;
      this.#write(batch, row, segments, this.#conditions(held));
      persons.push(person);
      ends.push(this.#writer.length);
    }
    assert(
      this.#orderRow === orders.orderNo.length,
      'an order is left over that belongs to nobody',
    );
    assert(this.#lineRow === lines.orderNo.length, 'a line is left over that belongs to no order');
    return { persons, bytes: this.#writer.take(), ends };
  }

  /** Of all people since the last time. */
  takeCounted(): CountedPeople {
    const counted = {
      members: this.#members,
      heldOut: this.#heldOut,
      samples: this.#samples.offers(),
      sold: this.#purchases.takeSold(),
    };
    this.#countAnew();
    return counted;
  }

  #countAnew(): void {
    this.#members = this.#segments.map(() => 0);
    this.#heldOut = this.#segments.map(() => 0);
    this.#samples = new SamplePicker(this.#segments.length);
  }

  /** Counts the person; the segments that hold them out are not in their profile. */
  #takenIn(held: readonly number[], person: string): number[] {
    const taken: number[] = [];
    for (let i = 0; i < held.length && held[i]! < this.#segments.length; i++) {
      const ordinal = held[i]!;
      const { control } = this.#segments[ordinal]!;
      if (control !== null && isHeldOut(control, person)) {
        this.#heldOut[ordinal]!++;
      } else {
        this.#members[ordinal]!++;
        taken.push(ordinal);
      }
    }
    return taken;
  }

  #conditions(held: readonly number[]): number[] {
    const conditions: number[] = [];
    for (let i = 0; i < held.length; i++) {
      if (held[i]! >= this.#segments.length) conditions.push(held[i]! - this.#segments.length);
    }
    return conditions;
  }

  #write(batch: ProfileBatch, row: number, segments: number[], conditions: number[]): void {
    const { people } = batch;
    const writer = this.#writer;
    const purchases = this.#purchases;
    writer.id(PROFILE_TAG.person, people.persons, row);
    writer.integers(PROFILE_TAG.segments, segments);
    purchases.start();
    this.#writeOrders(batch, row);
    writer.integer(PROFILE_TAG.cycleHalfDays, people.cycleHalfDays[row]!);
    const limits = PROFILE_LIMITS;
    const products = purchases.products();
    writer.texts(PROFILE_TAG.product, this.#productNames, products, limits.products);
    const categories = purchases.categories();
    writer.texts(PROFILE_TAG.category, this.#categoryNames, categories, limits.categories);
    const boughtWith = purchases.boughtWith();
    writer.texts(PROFILE_TAG.boughtWith, this.#productNames, boughtWith, limits.boughtWith);
    writer.integers(PROFILE_TAG.conditions, conditions);
  }

  /** The person's orders, which are the next ones, and what was bought in them. */
  #writeOrders({ people, orders, lines }: ProfileBatch, row: number): void {
    const end = this.#orderRow + people.keptOrders[row]!;
    const inOrder =
      people.keptOrders[row] === 0 || orders.orderNo[this.#orderRow] === people.firstOrderNo[row];
    assert(inOrder, 'customers and orders are not in the same order');
    for (; this.#orderRow < end; this.#orderRow++) {
      this.#writer.order(orders, this.#orderRow);
      const orderNo = orders.orderNo[this.#orderRow];
      for (; lines.orderNo[this.#lineRow] === orderNo; this.#lineRow++) {
        this.#purchases.addLine(lines.productNo[this.#lineRow]!);
      }
    }
  }
}

/** As the store takes them. */
export function profileRows({
  persons,
  bytes,
  ends,
}: EncodedProfiles): { person: string; bytes: Uint8Array }[] {
  return persons.map((person, i) => ({ person, bytes: bytes.subarray(ends[i - 1] ?? 0, ends[i]) }));
}
