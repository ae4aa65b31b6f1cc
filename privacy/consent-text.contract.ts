/** Writes consent strings bit by bit, also such as no encoder would. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const OURS = 755;
const CREATED_BEFORE_2026_03_DECISECONDS = 17_000_000_000;

/** A whole number as that many bits. */
export function field(value: number, width: number): string {
  return value.toString(2).padStart(width, '0');
}

export function base64url(bits: string): string {
  const whole = bits.padEnd(Math.ceil(bits.length / 6) * 6, '0');
  return whole.replace(/.{6}/g, (six) => ALPHABET[Number.parseInt(six, 2)]!);
}

/** Which of 1..width are set, as bits. */
export function bitfield(width: number, set: readonly number[]): string {
  return Array.from({ length: width }, (_, i) => (set.includes(i + 1) ? '1' : '0')).join('');
}

export function vendorBits(idMax: number, vendors: readonly number[]): string {
  return `${field(idMax, 16)}0${bitfield(idMax, vendors)}`;
}

export type Range = readonly [first: number, end?: number];

function ranges(list: readonly Range[], count = list.length): string {
  const entries = list.map(([first, end]) =>
    end === undefined ? `0${field(first, 16)}` : `1${field(first, 16)}${field(end, 16)}`,
  );
  return field(count, 12) + entries.join('');
}

export function vendorRanges(idMax: number, list: readonly Range[], count?: number): string {
  return `${field(idMax, 16)}1${ranges(list, count)}`;
}

/** What a European core segment says, allowing OURS everything unless told otherwise. */
export interface Core {
  readonly version?: number;
  readonly created?: number;
  readonly cmpId?: number;
  readonly policy?: number;
  readonly consents?: readonly number[];
  readonly interests?: readonly number[];
  readonly vendors?: string;
  readonly interestVendors?: string;
  readonly restrictions?: string;
}

export function coreBits(core: Core): string {
  const created = core.created ?? CREATED_BEFORE_2026_03_DECISECONDS;
  return [
    field(core.version ?? 2, 6),
    field(created, 36),
    field(created, 36),
    field(core.cmpId ?? 31, 12),
    field(0, 42),
    field(core.policy ?? 4, 6),
    field(0, 14),
    bitfield(24, core.consents ?? [1, 2, 3, 4, 7]),
    bitfield(24, core.interests ?? []),
    field(0, 13),
    core.vendors ?? vendorBits(OURS, [OURS]),
    core.interestVendors ?? vendorBits(0, []),
    core.restrictions ?? field(0, 12),
  ].join('');
}

export function tcf(core: Core, ...segments: readonly string[]): string {
  return [coreBits(core), ...segments].map(base64url).join('.');
}

/** One restriction of a purpose for some vendors. */
export function restriction(purpose: number, type: number, list: readonly Range[]): string {
  return field(purpose, 6) + field(type, 2) + ranges(list);
}

export function disclosed(list: string): string {
  return field(1, 3) + list;
}
