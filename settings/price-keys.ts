/**
 * The keys that open an exchange's sealed prices, in a file of their own that is not kept in git.
 * What is wrong with it is told by position alone: neither the line nor a value is ever shown.
 */
import { createSecretKey } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { z } from 'zod';
import { type ConfigProblem, type ConfigSource, readConfigFile } from '../platform/config-file.ts';
import type { PriceKeys } from './exchange.ts';

/** A rotation needs two; every pair costs a forged price two HMACs. */
const PAIRS_MAX = 8;
const KEY_BYTES = 32;
/** 32 bytes in either alphabet of base64; the padding is optional. */
const KEY = /^[A-Za-z0-9+/_-]{43}=?$/;
/** What of a path is a name of ours: a key in the wrong place must not be shown as one. */
const OWN_PATH = /^(keys(\.\d+(\.(encryption_key|integrity_key))?)?)?$/;

const keyField = z
  .string()
  .regex(KEY)
  .transform((text) => createSecretKey(Buffer.from(text, 'base64').subarray(0, KEY_BYTES)));

const priceKeysSchema = z.strictObject({
  keys: z
    .array(z.strictObject({ encryption_key: keyField, integrity_key: keyField }))
    .min(1)
    .max(PAIRS_MAX),
});

export interface PriceKeysPlace {
  readonly path: string;
  /** As problems call it. */
  readonly file: string;
  /** Of the exchange that names the file. */
  readonly source: ConfigSource;
}

export interface PriceKeysReading {
  /** Null exactly when there are problems. */
  readonly keys: readonly PriceKeys[] | null;
  readonly problems: readonly ConfigProblem[];
}

/** Reads a file of keys. Never throws for bad input. */
export function readPriceKeys({ path, file, source }: PriceKeysPlace): PriceKeysReading {
  const fault = readFault(path);
  if (fault !== null) {
    const message = `${file} ${fault}; write {"keys": [{"encryption_key": "…", "integrity_key": "…"}]} there, as the exchange shows them, newest first`;
    return { keys: null, problems: [source.problem(['price', 'keys_file'], message)] };
  }
  const { value, problems } = readConfigFile(path, file, priceKeysSchema);
  if (value === null) return { keys: null, problems: problems.map(withoutSecrets) };
  const keys = value.keys.map((pair) => ({
    encryption: pair.encryption_key,
    integrity: pair.integrity_key,
  }));
  return { keys, problems: [] };
}

function readFault(path: string): string | null {
  try {
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  }
}

function withoutSecrets({ file, line, column, path }: ConfigProblem): ConfigProblem {
  const place = OWN_PATH.test(path) ? path : '';
  const message = /_key$/.test(place)
    ? `expected a key of ${KEY_BYTES} bytes in base64 (43 or 44 characters), as the exchange shows it`
    : `expected {"keys": [{"encryption_key": "…", "integrity_key": "…"}]} with 1 to ${PAIRS_MAX} pairs, newest first, and nothing else`;
  return {
    file,
    line,
    column,
    path: place,
    message: `${message}; not shown, it is secret`,
    excerpt: '',
  };
}
