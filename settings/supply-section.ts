/** `supply:` of `exchanges/*.yaml`: which of schain, ads.txt and sellers.json bind, and how. */
import { z } from 'zod';
import { CHAIN_RULES, FILE_RULES, type SupplyRules } from './exchange.ts';
import { hostField } from './fields.ts';

/** The most that are read of a request. */
const NODES_MAX_MAX = 32;
const NODES_MAX_DEFAULT = 5;
const BLOCKED_MAX = 10_000;
/** `asi`, or `asi/sid`. */
const NODE = /^[a-z0-9-]+(\.[a-z0-9-]+)+(\/\S{1,64})?$/;

export const supplySchema = z
  .strictObject({
    domain: hostField,
    ads_txt: z.enum(FILE_RULES).default('ignore'),
    sellers_json: z.enum(FILE_RULES).default('ignore'),
    schain: z.enum(CHAIN_RULES).default('ignore'),
    nodes_max: z.int().min(1).max(NODES_MAX_MAX).default(NODES_MAX_DEFAULT),
    blocked: z
      .array(
        z.string().regex(NODE, {
          error: 'expected a node such as reseller.example, or reseller.example/1234',
        }),
      )
      .max(BLOCKED_MAX)
      .default([]),
  })
  .transform(
    ({ domain, blocked, schain, ...rest }): SupplyRules => ({
      domain,
      adsTxt: rest.ads_txt,
      sellersJson: rest.sellers_json,
      schain,
      nodesMax: rest.nodes_max,
      blocked,
    }),
  );
