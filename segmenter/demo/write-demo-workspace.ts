/**
 * Writes the demo: a workspace with one shop that looks like a shop, its CRM and its feed. The same
 * options give the same bytes.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_TEMPLATE } from '../../creative/default-template.ts';
import { Failure } from '../../platform/failure.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { campaignFiles } from './demo-campaigns-yaml.ts';
import { writeDemoCrm } from './demo-crm.ts';
import { writeDemoFeed } from './demo-feed.ts';
import { demoProducts } from './demo-products.ts';
import { OFFER_FILES, SEGMENT_FILES } from './demo-segments-yaml.ts';
import { GENERIC_YAML, REKINDLE_YAML, ratesYaml, SHOP_YAML, SIMEX_YAML } from './demo-shop-yaml.ts';

const DEMO_SHOP = 'demo';
/** Stands in the folder while the demo is written. */
const UNFINISHED = 'demo.unfinished';

export interface DemoOptions {
  /** The workspace folder; made when missing, refused when it holds more than an unfinished demo. */
  readonly dir: string;
  readonly customers: number;
  /** Six at least; more are generated for load tests. */
  readonly campaigns: number;
  readonly seed: number;
  /** Orders, flights and rates are dated relative to this. */
  readonly nowMs: number;
  /** Called now and then with the share done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

export interface DemoSummary {
  readonly shop: string;
  readonly customers: number;
  readonly orders: number;
  readonly devices: number;
  readonly products: number;
  readonly segments: number;
  readonly campaigns: number;
}

/**
 * Writes a workspace with the shop `demo`, and anew where that was interrupted before: half a demo
 * would look like a small shop. Rejects with a Failure when `dir` holds anything else (it may be
 * somebody's work), and with the file system's errors.
 */
export async function writeDemoWorkspace(options: DemoOptions): Promise<DemoSummary> {
  claim(options.dir);
  const random = seededRandom(options.seed);
  const products = demoProducts(random);
  const shopDir = join(options.dir, 'shops', DEMO_SHOP);
  const crmDir = join(shopDir, 'crm');
  mkdirSync(crmDir, { recursive: true });

  const campaigns = campaignFiles(options.campaigns, options.nowMs);
  writeSettings(options, shopDir, campaigns);
  writeDemoFeed(join(shopDir, 'feed.csv'), products);
  const { customers, nowMs, onProgress } = options;
  const crm = await writeDemoCrm({
    dir: crmDir,
    customers,
    nowMs,
    products,
    random,
    ...(onProgress && { onProgress }),
  });
  write(join(options.dir, 'rekindle.yaml'), REKINDLE_YAML);
  rmSync(join(options.dir, UNFINISHED));

  return {
    shop: DEMO_SHOP,
    customers,
    ...crm,
    products: products.length,
    segments: Object.keys(SEGMENT_FILES).length,
    campaigns: campaigns.size,
  };
}

/** Whether the writing of a demo was cut short here. */
export function isDemoUnfinished(dir: string): boolean {
  return existsSync(join(dir, UNFINISHED));
}

function claim(dir: string): void {
  if (isDemoUnfinished(dir)) {
    for (const name of [join('shops', DEMO_SHOP), 'exchanges', 'rates.yaml', 'rekindle.yaml'])
      rmSync(join(dir, name), { recursive: true, force: true });
  } else if (existsSync(dir) && readdirSync(dir).length > 0) {
    throw new Failure(
      'failed-check',
      `${dir} is not empty, and a demo never overwrites: name a new folder, or remove this one yourself`,
    );
  }
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, UNFINISHED), '');
}

function writeSettings(
  { dir, nowMs }: DemoOptions,
  shopDir: string,
  campaigns: ReadonlyMap<string, string>,
): void {
  write(join(dir, 'rates.yaml'), ratesYaml(nowMs));
  write(join(dir, 'exchanges', 'generic.yaml'), GENERIC_YAML);
  write(join(dir, 'exchanges', 'simex.yaml'), SIMEX_YAML);
  write(join(shopDir, 'shop.yaml'), SHOP_YAML);
  write(join(shopDir, 'templates', 'product-grid.html'), DEFAULT_TEMPLATE);
  for (const [name, text] of Object.entries(SEGMENT_FILES)) {
    write(join(shopDir, 'segments', `${name}.yaml`), text);
  }
  for (const [name, text] of Object.entries(OFFER_FILES)) {
    write(join(shopDir, 'offers', `${name}.yaml`), text);
  }
  for (const [name, text] of campaigns) write(join(shopDir, 'campaigns', `${name}.yaml`), text);
}

/** `wx`: what is there already stays. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { flag: 'wx' });
}
