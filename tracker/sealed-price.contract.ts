/** Seals prices as an exchange does, written apart from the code that opens them. */
import { createHmac, createSecretKey } from 'node:crypto';
import type { PriceKeys } from '../settings/exchange.ts';

export function priceKeys(encryption: Buffer, integrity: Buffer): PriceKeys {
  return { encryption: createSecretKey(encryption), integrity: createSecretKey(integrity) };
}

export const KEYS = priceKeys(Buffer.alloc(32, 'e'), Buffer.alloc(32, 'i'));

export interface Sealing {
  readonly micros: bigint;
  readonly atMs: number;
  readonly keys?: PriceKeys;
  readonly server?: bigint;
}

export function sealPrice({ micros, atMs, keys = KEYS, server = 7n }: Sealing): string {
  const seconds = BigInt(Math.floor(atMs / 1000));
  const microseconds = BigInt(atMs % 1000) * 1000n;
  const vector = hex((((seconds << 32n) | microseconds) << 64n) | server, 16);
  const pad = hmac(keys.encryption, vector).subarray(0, 8);
  const amount = hex(BigInt.asUintN(64, micros), 8);
  const hidden = hex(BigInt(`0x${pad.toString('hex')}`) ^ BigInt.asUintN(64, micros), 8);
  const tag = hmac(keys.integrity, Buffer.concat([amount, vector])).subarray(0, 4);
  return Buffer.concat([vector, hidden, tag]).toString('base64url');
}

function hex(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex');
}

function hmac(key: PriceKeys['encryption'], data: Buffer): Buffer {
  return createHmac('sha1', key).update(data).digest();
}
