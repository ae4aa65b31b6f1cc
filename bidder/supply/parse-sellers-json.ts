/** sellers.json 1.0: who sells through an advertising system. Somebody else's file: never throws. */

const SELLERS_MAX = 5_000_000;
const ID_LENGTH_MAX = 256;

/** BOTH is either. */
export const SELLER = { PUBLISHER: 1, INTERMEDIARY: 2, BOTH: 3 } as const;

interface Seller {
  /** As written: accounts differ by case. */
  readonly id: string;
  /** What is no type counts as BOTH: the account is listed. */
  readonly type: (typeof SELLER)[keyof typeof SELLER];
  /** Lower case; '' when it is confidential or left out. */
  readonly domain: string;
  readonly isConfidential: boolean;
  readonly isPassthrough: boolean;
}

export interface SellersJson {
  readonly sellers: readonly Seller[];
  /** Entries without a seller_id. */
  readonly malformed: number;
}

/** Null for what is no JSON object with a list of sellers. */
export function parseSellersJson(text: string): SellersJson | null {
  const listed = sellersOf(text);
  if (listed === null) return null;
  const sellers: Seller[] = [];
  const count = Math.min(listed.length, SELLERS_MAX);
  for (let i = 0; i < count; i++) {
    const seller = sellerOf(listed[i]);
    if (seller !== null) sellers.push(seller);
  }
  return { sellers, malformed: listed.length - sellers.length };
}

function sellersOf(text: string): readonly unknown[] | null {
  try {
    const file = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
    const sellers = fieldsOf(file)['sellers'];
    return Array.isArray(sellers) ? sellers : null;
  } catch {
    return null;
  }
}

function sellerOf(entry: unknown): Seller | null {
  const fields = fieldsOf(entry);
  const id = textOf(fields['seller_id']).trim();
  if (id === '' || id.length > ID_LENGTH_MAX) return null;
  const type = textOf(fields['seller_type']).trim().toUpperCase();
  return {
    id,
    type: Object.hasOwn(SELLER, type) ? SELLER[type as keyof typeof SELLER] : SELLER.BOTH,
    domain: textOf(fields['domain']).trim().toLowerCase(),
    isConfidential: isOne(fields['is_confidential']),
    isPassthrough: isOne(fields['is_passthrough']),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function isOne(value: unknown): boolean {
  return value === 1 || value === '1' || value === true;
}
