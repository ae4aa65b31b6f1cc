/** The shape of every YAML file of a workspace except the rule of a segment (segment-file.ts). */

import { z } from 'zod';
import { WEEKDAYS } from '../rules/window.ts';
import { adMarkingSchema, categoriesField, dsaSchema, eridField } from './advertiser-schemas.ts';
import { billingSchema } from './billing-section.ts';
import { creativeSchema } from './creative-schema.ts';
import { NO_BID_FORMS, PRICE_UNITS, WIRE_FORMATS } from './exchange.ts';
import { EXCHANGE_TERMS, macroField } from './exchange-schemas.ts';
import { syncSchema } from './exchange-sync.ts';
import {
  amountField,
  capsField,
  currencyField,
  dateField,
  durationField,
  hostField,
  localeField,
  multiplierField,
  nameField,
  shareField,
  textField,
  timeZoneField,
  titleField,
} from './fields.ts';
import { identitySchema } from './identity-section.ts';
import { importMappingSchema } from './import-mapping.ts';
import { clvSchema, rfmSchema } from './model-settings.ts';
import { shopRatesSchema } from './order-money.ts';
import { statusesSchema } from './status-map.ts';
import { supplySchema } from './supply-section.ts';
import { DEVICE_KINDS } from './workspace.ts';

const LIST_MAX = 200;
const DEAL_ID_LENGTH_MAX = 256;
/** More sockets than a process can have open anywhere. */
/** Profiles and links a second. */
export const PUBLISH_RATE_MAX = 10_000_000;
export const CONNECTIONS_MAX_MAX = 1_000_000;
/** The longest that a deadline, and that polling for the next request, may be. */
export const DEADLINE_MS_MAX = 5000;
export const BUSY_POLL_MS_MAX = 10;
/** The largest file that may ever be uploaded. */
export const UPLOAD_MB_MAX = 65_536;
/** Least and most memory for DuckDB in a job of the segmenter. */
export const JOB_MEMORY_MB = { min: 256, max: 1_048_576 } as const;
/** The newest workspace format this Rekindle reads. */
export const WORKSPACE_VERSION = 1;

const port = z.int().min(1).max(65_535);

const durationUpTo = (maxMs: number) =>
  durationField.refine((ms) => ms <= maxMs, { error: `expected at most ${maxMs}ms` });

/** `rekindle.yaml`. */
export const rekindleSchema = z.strictObject({
  version: z.int().min(1),
  port: port.exactOptional(),
  admin_port: port.exactOptional(),
  public_url: z.string().exactOptional(),
  store_url: z.string().exactOptional(),
  processes: z.int().min(1).max(256).exactOptional(),
  workers: z.int().min(1).max(256).exactOptional(),
  deadline: durationUpTo(DEADLINE_MS_MAX).exactOptional(),
  busy_poll: durationUpTo(BUSY_POLL_MS_MAX).exactOptional(),
  connections_max: z.int().min(1).max(CONNECTIONS_MAX_MAX).exactOptional(),
  publish_rate: z.int().min(1).max(PUBLISH_RATE_MAX).exactOptional(),
  upload_mb_max: z.int().min(1).max(UPLOAD_MB_MAX).exactOptional(),
  job_memory_mb: z.int().min(JOB_MEMORY_MB.min).max(JOB_MEMORY_MB.max).exactOptional(),
});

const FULL_BUILD_EVERY_MS = 24 * 3_600_000;

/** `shops/<shop>/shop.yaml`. */
export const shopSchema = z.strictObject({
  shop: nameField,
  title: titleField,
  currency: currencyField,
  time_zone: timeZoneField,
  week_start: z.enum(WEEKDAYS).default('monday'),
  full_build_every: durationField.default(FULL_BUILD_EVERY_MS),
  locale: localeField.default('en-US'),
  domains: z.array(hostField).min(1).max(LIST_MAX),
  categories: categoriesField.default({ 1: [] }),
  allowed_hosts: z.array(hostField).min(1).max(LIST_MAX),
  media_hosts: z.array(hostField).max(LIST_MAX).default([]),
  economics: z.strictObject({
    click_rate: shareField,
    conversion_rate: shareField,
    margin: shareField,
    new_order_value: amountField,
  }),
  statuses: statusesSchema.default({}),
  rates: shopRatesSchema.default({}),
  import: importMappingSchema.default({}),
  identity: identitySchema.default({}),
  rfm: rfmSchema.exactOptional(),
  clv: clvSchema.exactOptional(),
  /** Uploads for this counter of Yandex Metrica are this shop's. */
  metrica_counter: z.int().min(1).exactOptional(),
  /** Sixteen bits of a consent string. */
  consent_vendor: z.int().min(1).max(65_535).exactOptional(),
  dsa: dsaSchema.exactOptional(),
  ad_marking: adMarkingSchema.exactOptional(),
});

/** `shops/<shop>/offers/*.yaml`. */
export const offerSchema = z.strictObject({
  offer: nameField,
  text: textField,
  coupon: z
    .string()
    .regex(/^[A-Za-z0-9_-]{0,64}$/, { error: 'expected a coupon of letters, digits, _ and -' })
    .default(''),
});

/** `shops/<shop>/campaigns/*.yaml`. */
export const campaignSchema = z.strictObject({
  campaign: nameField,
  title: titleField,
  active: z.boolean().default(true),
  /** A day is meant from its first moment to its last, in the shop's zone. */
  start: dateField,
  end: dateField,
  budget: z.strictObject({ amount: amountField, per: z.enum(['day', 'flight']) }),
  pacing: z.enum(['even', 'asap']).default('even'),
  bid: z.strictObject({ multiplier: multiplierField.default(1), max_cpm: amountField }),
  segments: z
    .strictObject({
      any_of: z.array(nameField).max(LIST_MAX).default([]),
      none_of: z.array(nameField).max(LIST_MAX).default([]),
    })
    .default({ any_of: [], none_of: [] }),
  exchanges: z.array(nameField).max(LIST_MAX).default([]),
  countries: z
    .array(z.string().regex(/^[A-Z]{3}$/, { error: 'expected a country code like BGR (alpha-3)' }))
    .max(LIST_MAX)
    .default([]),
  devices: z.array(z.enum(DEVICE_KINDS)).default([]),
  frequency: capsField.default([]),
  deals: z
    .array(
      z
        .string()
        .min(1)
        .max(DEAL_ID_LENGTH_MAX, { error: 'expected the id of a deal, as the exchange writes it' }),
    )
    .max(LIST_MAX)
    .default([]),
  /** Without it a campaign that names deals buys through them alone. */
  open_auction: z.boolean().exactOptional(),
  creative: creativeSchema,
  offer: nameField.exactOptional(),
  landing_url: z.string().max(2000),
  erid: eridField.exactOptional(),
});

/** `price:` of `exchanges/*.yaml`: how the exchange tells what was paid. */
const priceSchema = z.strictObject({
  codec: z.enum(['plain', 'google-hmac']).default('plain'),
  macro: macroField.default('${AUCTION_PRICE}'),
  keys_file: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.keys\.json$/, {
      error: 'expected the name of a file in exchanges/ such as google.keys.json',
    })
    .exactOptional(),
  unit: z.enum(PRICE_UNITS).exactOptional(),
});
export type PriceSection = z.output<typeof priceSchema>;

/** `exchanges/*.yaml`. */
export const exchangeSchema = z.strictObject({
  exchange: nameField,
  seat: z.string().max(64).default(''),
  currencies: z.array(currencyField).min(1).max(LIST_MAX),
  billing: billingSchema,
  network: durationField.default(20),
  network_max: durationField.exactOptional(),
  tmax_default: durationField.default(100),
  format: z.enum(WIRE_FORMATS).default('json'),
  gzip: z.boolean().default(false),
  no_bid: z.enum(NO_BID_FORMS).default('status'),
  price: priceSchema.default({ codec: 'plain', macro: '${AUCTION_PRICE}' }),
  ...EXCHANGE_TERMS,
  supply: supplySchema.exactOptional(),
  sync: syncSchema.exactOptional(),
});

/** `rates.yaml`: units of each currency per one unit of the reference currency. */
export const ratesSchema = z.strictObject({
  as_of: dateField,
  max_age: durationField,
  per_reference: z.record(currencyField, z.number().positive().max(1e9)),
});
