/**
 * The campaigns of one shop as bitmaps: for each value that a request or a person can have, one row
 * with a bit per campaign that admits it. A campaign's bit is its place: they stand best first, so
 * that a walk over the bits meets what can bid most for anybody first. Rows lie in one
 * SharedArrayBuffer, so that workers share them; the directory is small and copied. Built off the
 * hot path (bidder/compile-index.ts).
 */
import type { CapRule } from '../../proto/exposure-log.ts';
import { type Campaign, DEVICE_KINDS } from '../../settings/workspace.ts';
import { setBit } from './bitmap.ts';

export interface IndexInput {
  readonly campaigns: readonly Campaign[];
  /** Segment names in the manifest's order: a profile's ordinals. */
  readonly segments: readonly string[];
}

export interface SizeRow {
  /** `WxH`. */
  readonly name: string;
  readonly w: number;
  readonly h: number;
  readonly row: number;
}

/** Campaigns that hold to one limit over all campaigns of the shop. */
interface ShopCapRow {
  readonly rule: CapRule;
  readonly row: number;
}

export interface CampaignIndex {
  readonly campaigns: number;
  readonly words: number;
  readonly buffer: SharedArrayBuffer;
  /** Ordinals by place: by multiplier, the highest first. */
  readonly bestFirst: Uint32Array;
  /** Its inverse. */
  readonly placeOf: Uint32Array;
  /** Offsets in words; -1 where no campaign names the segment. */
  readonly anyOfRows: Int32Array;
  readonly noneOfRows: Int32Array;
  readonly active: number;
  /** Whether that row has any. */
  readonly anyActive: boolean;
  /** Campaigns without a segment condition: they admit everybody, known or not. */
  readonly everybody: number;
  /** Campaigns with a cap: they need counts. */
  readonly capped: number;
  /** Campaigns whose creative has the mark of an ad (Russia). */
  readonly marked: number;
  /** Campaigns that name no exchange, country: the row for values without one of their own. */
  readonly anyExchange: number;
  readonly anyCountry: number;
  readonly exchanges: ReadonlyMap<string, number>;
  readonly countries: ReadonlyMap<string, number>;
  /** By ordinal in DEVICE_KINDS. */
  readonly devices: Int32Array;
  /** Campaigns that bid also, or only, without a deal, and whether those are all. */
  readonly open: number;
  readonly allOpen: boolean;
  /** Campaigns that buy through the deal of that id. */
  readonly deals: ReadonlyMap<string, number>;
  /** Campaigns with a creative of the kind. */
  readonly native: number;
  readonly video: number;
  readonly audio: number;
  /** A handful: settings know seven. */
  readonly sizes: readonly SizeRow[];
  /** Campaigns whose creative has the AdCOM attribute. */
  readonly attributes: ReadonlyMap<number, number>;
  readonly shopCaps: readonly ShopCapRow[];
}

/**
 * Pure; its result survives a structured clone. A campaign that names an unknown segment admits nobody
 * by it, and bids for nobody when it is to leave that segment's people out.
 */
export function compileCampaignIndex(input: IndexInput): CampaignIndex {
  const bids = ({ active, noneOf }: Campaign) =>
    active && noneOf.every((segment) => input.segments.includes(segment));
  const bestFirst = orderBestFirst(input.campaigns);
  const rows = new RowBuilder(Array.from(bestFirst, (ordinal) => input.campaigns[ordinal]!));
  const active = rows.where(bids);
  const everybody = rows.where((campaign) => campaign.anyOf.length === 0);
  const capped = rows.where((campaign) => campaign.caps.length > 0);
  const marked = rows.where((campaign) => campaign.erid !== '');
  const anyExchange = rows.where((campaign) => campaign.exchanges.length === 0);
  const anyCountry = rows.where((campaign) => campaign.countries.length === 0);
  const directory = {
    campaigns: input.campaigns.length,
    words: rows.words,
    bestFirst,
    placeOf: inverseOf(bestFirst),
    active,
    anyActive: input.campaigns.some(bids),
    everybody,
    capped,
    marked,
    anyExchange,
    anyCountry,
    anyOfRows: segmentRows(rows, input, 'anyOf'),
    noneOfRows: segmentRows(rows, input, 'noneOf'),
    exchanges: rows.byName((campaign) => campaign.exchanges),
    countries: rows.byName((campaign) => campaign.countries),
    devices: Int32Array.from(DEVICE_KINDS, (kind) =>
      rows.where(({ devices }) => devices.length === 0 || devices.includes(kind)),
    ),
    open: rows.where(({ openAuction }) => openAuction),
    allOpen: input.campaigns.every(({ openAuction }) => openAuction),
    deals: dealRows(rows, input.campaigns),
    native: rows.where(({ native }) => native !== null),
    video: rows.where(({ video }) => video !== null),
    audio: rows.where(({ audio }) => audio !== null),
    sizes: sizeRows(rows, input.campaigns),
    attributes: attributeRows(rows, input.campaigns),
    shopCaps: shopCapRows(rows, input.campaigns),
  };
  return { ...directory, buffer: rows.share() };
}

function orderBestFirst(campaigns: readonly Campaign[]): Uint32Array {
  return Uint32Array.from(campaigns.keys()).sort(
    (a, b) => campaigns[b]!.multiplier - campaigns[a]!.multiplier || a - b,
  );
}

function inverseOf(order: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) inverse[order[i]!] = i;
  return inverse;
}

class RowBuilder {
  readonly words: number;
  /** By place. */
  readonly #campaigns: readonly Campaign[];
  readonly #rows: Int32Array[] = [];

  constructor(campaigns: readonly Campaign[]) {
    this.#campaigns = campaigns;
    this.words = Math.max(1, Math.ceil(campaigns.length / 32));
  }

  /** Adds a row with the campaigns that satisfy; returns its offset in words. */
  where(satisfies: (campaign: Campaign) => boolean): number {
    const row = new Int32Array(this.words);
    for (let i = 0; i < this.#campaigns.length; i++) {
      if (satisfies(this.#campaigns[i]!)) setBit(row, 0, i);
    }
    this.#rows.push(row);
    return (this.#rows.length - 1) * this.words;
  }

  /** One row for each name that some campaign lists; campaigns with an empty list are in all. */
  byName(listOf: (campaign: Campaign) => readonly string[]): Map<string, number> {
    const rows = new Map<string, number>();
    for (const name of new Set(this.#campaigns.flatMap(listOf))) {
      const row = this.where((campaign) => {
        const names = listOf(campaign);
        return names.length === 0 || names.includes(name);
      });
      rows.set(name, row);
    }
    return rows;
  }

  share(): SharedArrayBuffer {
    const buffer = new SharedArrayBuffer(this.#rows.length * this.words * 4);
    const bits = new Int32Array(buffer);
    for (let i = 0; i < this.#rows.length; i++) bits.set(this.#rows[i]!, i * this.words);
    return buffer;
  }
}

function segmentRows(rows: RowBuilder, input: IndexInput, list: 'anyOf' | 'noneOf'): Int32Array {
  const named = new Set(input.campaigns.flatMap((campaign) => campaign[list]));
  return Int32Array.from(input.segments, (segment) =>
    named.has(segment) ? rows.where((campaign) => campaign[list].includes(segment)) : -1,
  );
}

function dealRows(rows: RowBuilder, campaigns: readonly Campaign[]): Map<string, number> {
  const ids = new Set(campaigns.flatMap(({ deals }) => deals));
  return new Map([...ids].map((id) => [id, rows.where(({ deals }) => deals.includes(id))]));
}

function sizeRows(rows: RowBuilder, campaigns: readonly Campaign[]): SizeRow[] {
  return [...new Set(campaigns.flatMap((campaign) => campaign.sizes))].map((name) => {
    const [w = 0, h = 0] = name.split('x').map(Number);
    return { name, w, h, row: rows.where((campaign) => campaign.sizes.includes(name)) };
  });
}

function attributeRows(rows: RowBuilder, campaigns: readonly Campaign[]): Map<number, number> {
  const attributes = new Map<number, number>();
  for (const attribute of new Set(campaigns.flatMap((campaign) => campaign.attributes))) {
    attributes.set(
      attribute,
      rows.where((campaign) => campaign.attributes.includes(attribute)),
    );
  }
  return attributes;
}

function shopCapRows(rows: RowBuilder, campaigns: readonly Campaign[]): ShopCapRow[] {
  const rules = new Map<string, CapRule>();
  for (const { caps } of campaigns) {
    for (const rule of caps) if (rule.scope === 'shop') rules.set(capName(rule), rule);
  }
  return [...rules].map(([name, rule]) => ({
    rule,
    row: rows.where(({ caps }) => caps.some((cap) => capName(cap) === name)),
  }));
}

function capName(rule: CapRule): string {
  return `${rule.scope} ${rule.impsMax} ${rule.windowMs}`;
}
