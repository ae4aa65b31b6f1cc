/**
 * Everything a worker serves from, as plain data: settings, the published generation and compiled
 * templates and campaign indexes of each shop. Made in the main thread of a process, handed whole
 * to its workers, swapped by one reference.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignIndex, IndexInput } from '../bidder/auction/campaign-index.ts';
import { buildShopSnapshot, type Snapshot } from '../bidder/auction/snapshot.ts';
import type { SupplyIndex } from '../bidder/supply/supply-index.ts';
import { NO_SUPPLY_INDEX } from '../bidder/supply/supply-refusal.ts';
import { compileTemplate } from '../creative/compile-template.ts';
import type { TemplatePlan } from '../creative/template-plan.ts';
import type { Exchange } from '../settings/exchange.ts';
import { loadWorkspace } from '../settings/load-workspace.ts';
import type { PublishedShop } from '../settings/published-shop.ts';
import type { Campaign, Offer, RateTable, ShopSettings } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';
import { readServedShop } from './published-shop-reader.ts';

export interface ServingShop {
  readonly published: PublishedShop;
  readonly campaigns: readonly Campaign[];
  readonly offers: readonly Offer[];
  readonly templates: ReadonlyMap<string, TemplatePlan>;
  readonly index: CampaignIndex;
}

export interface ServingState {
  /** Shops with a published generation. */
  readonly shops: readonly ServingShop[];
  /** Shops of the workspace that have none yet, or one of an older Rekindle: nothing is bid for them. */
  readonly unpublished: readonly string[];
  /** servingPointers() of all of them, from before they were read: what is flipped meanwhile differs. */
  readonly pointers: string;
  readonly exchanges: readonly Exchange[];
  readonly rates: RateTable;
  readonly supply: SupplyIndex;
}

/** How an index is compiled: in place, or by a piscina job (bidder/compile-index.ts). */
export type CompileIndex = (input: IndexInput) => CampaignIndex | Promise<CampaignIndex>;

/** What is known of those who sell, as the exchanges ask for it. */
type ReadSupply = (exchanges: readonly Exchange[]) => Promise<SupplyIndex>;
const NOTHING_KNOWN: ReadSupply = () => Promise.resolve(NO_SUPPLY_INDEX);

/** Throws ConfigInvalid, TemplateError, StoreUnavailable: the caller keeps what it serves. */
export async function loadServingState(
  dir: string,
  store: Store,
  compileIndex: CompileIndex,
  readSupply = NOTHING_KNOWN,
): Promise<ServingState> {
  const workspace = loadWorkspace(dir);
  const shops: ServingShop[] = [];
  const unpublished: string[] = [];
  const pointers = await servingPointers(
    store,
    workspace.shops.map(({ shop }) => shop),
  );
  for (const settings of workspace.shops) {
    const published = await readServedShop(store, settings);
    if (published === null) {
      unpublished.push(settings.shop);
      continue;
    }
    const campaigns = workspace.campaigns.filter(({ shop }) => shop === settings.shop);
    const segments = published.manifest.segments.map(({ segment }) => segment);
    shops.push({
      published,
      campaigns,
      offers: workspace.offers[settings.shop] ?? [],
      templates: compileTemplates(settings, campaigns),
      index: await compileIndex({ campaigns, segments }),
    });
  }
  const { exchanges, rates } = workspace;
  const supply = await readSupply(exchanges);
  return { shops, unpublished, pointers, exchanges, rates, supply };
}

/** The bidder's view of a state. `publicUrl` decides whether imps that ask for https are bid on. */
export function snapshotOf(state: ServingState, publicUrl: string, nowMs: number): Snapshot {
  return {
    shops: state.shops.map((shop) =>
      buildShopSnapshot({ ...shop, locale: shop.published.settings.locale, nowMs }),
    ),
    rates: state.rates,
    linkedSpaces: new Set(state.shops.flatMap(({ published }) => published.manifest.linkedSpaces)),
    consentVendors: consentVendorsOf(state.shops.map(({ published }) => published.settings)),
    secureUrls: publicUrl.startsWith('https:'),
  };
}

/** The vendors in whose name any of the shops may read personal data. */
export function consentVendorsOf(shops: readonly ShopSettings[]): number[] {
  const vendors = new Set(shops.map(({ consentVendor }) => consentVendor));
  vendors.delete(0);
  return [...vendors];
}

/** What is being served, in one comparable text: a reader knows from it whether to load again. */
export async function servingPointers(store: Store, names: readonly string[]): Promise<string> {
  const shops = names.toSorted();
  const pointers = await Promise.all(shops.map((shop) => store.generations.serving(shop)));
  return shops.map((shop, i) => `${shop}=${pointers[i]?.generation ?? ''}`).join(' ');
}

/** Every template that a campaign names, by name. Throws TemplateError with file:line:column. */
export function compileTemplates(
  settings: ShopSettings,
  campaigns: readonly Campaign[],
): Map<string, TemplatePlan> {
  const names = new Set(campaigns.map(({ template }) => template).filter((name) => name !== ''));
  return new Map(
    [...names].map((name) => {
      const source = readFileSync(join(settings.dir, 'templates', name), 'utf8');
      return [name, compileTemplate(source, `shops/${settings.shop}/templates/${name}`)];
    }),
  );
}
