/** One shop's folder: shop.yaml, segments, offers and campaigns, with all their problems together. */
import { type Dirent, existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { z } from 'zod';
import { type ConfigProblem, type ConfigSource, readConfigFile } from '../platform/config-file.ts';
import { titleIn } from './fields.ts';
import { modelSettings, rfmProblems } from './model-settings.ts';
import { readCampaign } from './read-campaign.ts';
import { offerSchema, shopSchema } from './section-schemas.ts';
import { readSegmentFile, type SegmentFile } from './segment-file.ts';
import type { AdMarking, Campaign, DsaTerms, Offer, ShopSettings } from './workspace.ts';

const FILES_MAX = 10_000;

/** Something read from a file that later checks may have to point into. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: ConfigSource;
}

/** What could be read of a shop; `settings` is null when shop.yaml itself is wrong. */
export interface ShopReading {
  readonly settings: Sourced<ShopSettings> | null;
  readonly segments: readonly SegmentFile[];
  readonly offers: readonly Sourced<Offer>[];
  readonly campaigns: readonly Sourced<Campaign>[];
  readonly problems: readonly ConfigProblem[];
}

/** Reads `shops/<shop>` below a workspace. Never throws for bad input. */
export function readShop(workspaceDir: string, shop: string): ShopReading {
  const dir = join(workspaceDir, 'shops', shop);
  const shown = `shops/${shop}`;
  const file = readConfigFile(join(dir, 'shop.yaml'), `${shown}/shop.yaml`, shopSchema);
  if (file.value === null) {
    return { settings: null, segments: [], offers: [], campaigns: [], problems: file.problems };
  }
  const problems = shopProblems(file.value, file.source, shop);
  const settings = shopSettings(file.value, dir);
  const segments = readSegments(settings, problems);
  const offers = readOffers(settings, problems);
  const campaigns: Sourced<Campaign>[] = [];
  for (const name of yamlFiles(dir, 'campaigns', shown, problems)) {
    const campaign = readCampaign(settings, { dir, shown, file: `campaigns/${name}` });
    problems.push(...campaign.problems);
    if (campaign.value !== null) campaigns.push({ value: campaign.value, source: campaign.source });
  }
  return {
    settings: { value: settings, source: file.source },
    segments,
    offers,
    campaigns,
    problems,
  };
}

type ShopSection = z.output<typeof shopSchema>;

function shopProblems(shop: ShopSection, source: ConfigSource, folder: string): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (shop.shop !== folder) {
    problems.push(source.problem(['shop'], `expected the folder's name ${folder}`, folder));
  }
  const { currency } = shop.economics.new_order_value;
  if (currency !== shop.currency) {
    const message = `expected an amount in the shop's currency ${shop.currency}, got ${currency}`;
    problems.push(source.problem(['economics', 'new_order_value'], message));
  }
  problems.push(...rfmProblems(shop, source, shop.currency));
  return problems;
}

function shopSettings(shop: ShopSection, dir: string): ShopSettings {
  return {
    shop: shop.shop,
    dir,
    title: titleIn(shop.title, shop.locale),
    currency: shop.currency,
    timeZone: shop.time_zone,
    weekStart: shop.week_start,
    fullBuildEveryMs: shop.full_build_every,
    locale: shop.locale,
    domains: shop.domains,
    categories: shop.categories,
    allowedHosts: shop.allowed_hosts,
    mediaHosts: shop.media_hosts,
    economics: {
      clickRate: shop.economics.click_rate,
      conversionRate: shop.economics.conversion_rate,
      margin: shop.economics.margin,
      newOrderValueMicros: shop.economics.new_order_value.micros,
    },
    statuses: shop.statuses,
    rates: shop.rates,
    imports: shop.import,
    identity: shop.identity,
    models: modelSettings(shop),
    metricaCounter: shop.metrica_counter ?? 0,
    consentVendor: shop.consent_vendor ?? 0,
    dsa: dsaTerms(shop.dsa),
    adMarking: adMarking(shop.ad_marking),
  };
}

function dsaTerms(dsa: ShopSection['dsa']): DsaTerms | null {
  if (dsa === undefined) return null;
  return { behalf: dsa.behalf, paid: dsa.paid ?? dsa.behalf, rendered: dsa.rendered };
}

function adMarking(marking: ShopSection['ad_marking']): AdMarking | null {
  if (marking === undefined) return null;
  const { in_markup: inMarkup, client } = marking;
  if (client === undefined) return { inMarkup, client: null };
  return { inMarkup, client: { inn: client.inn, legalForm: client.legal_form, name: client.name } };
}

/** What reading a shop's segments needs of its settings. */
export type SegmentOwner = Pick<
  ShopSettings,
  'dir' | 'shop' | 'currency' | 'locale' | 'timeZone' | 'weekStart'
>;

/** Every readable segment file of a shop; what is wrong is added to `problems`. */
export function readSegments(
  { dir, shop, currency, locale, timeZone, weekStart }: SegmentOwner,
  problems: ConfigProblem[],
): readonly SegmentFile[] {
  const shown = `shops/${shop}`;
  const segments: SegmentFile[] = [];
  for (const name of yamlFiles(dir, 'segments', shown, problems)) {
    const file = `segments/${name}`;
    const read = readSegmentFile({
      path: join(dir, file),
      shownAs: `${shown}/${file}`,
      file,
      currency,
      locale,
      calendar: { timeZone, weekStart },
    });
    problems.push(...read.problems);
    if (read.value !== null) segments.push(read.value);
  }
  return segments;
}

/** Every readable offer of a shop; what is wrong is added to `problems`. */
export function readOffers(
  { dir, shop }: Pick<ShopSettings, 'dir' | 'shop'>,
  problems: ConfigProblem[],
): readonly Sourced<Offer>[] {
  const shown = `shops/${shop}`;
  const offers: Sourced<Offer>[] = [];
  for (const name of yamlFiles(dir, 'offers', shown, problems)) {
    const file = `offers/${name}`;
    const read = readConfigFile(join(dir, file), `${shown}/${file}`, offerSchema);
    problems.push(...read.problems);
    if (read.value !== null) offers.push({ value: read.value, source: read.source });
  }
  return offers;
}

/** Names of the YAML files of a folder, sorted; a folder that is not there has none. */
export function yamlFiles(
  dir: string,
  folder: string,
  shown: string,
  problems: ConfigProblem[],
): readonly string[] {
  const path = join(dir, folder);
  const place = shown === '' ? folder : `${shown}/${folder}`;
  const entries = listFolder(path, place, problems)
    .filter((entry) => !entry.name.startsWith('.') && /\.ya?ml$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = entries.map((entry) => entry.name);
  const within = entries
    .filter((entry) => entry.isFile() || isBelow(path, join(path, entry.name)))
    .map((entry) => entry.name);
  for (const name of names) {
    if (!within.includes(name))
      problems.push(fileProblem(`${place}/${name}`, 'the link leads out of its folder'));
  }
  if (within.length <= FILES_MAX) return within;
  problems.push(fileProblem(place, `expected at most ${FILES_MAX} files, got ${within.length}`));
  return [];
}

/** Entries of a folder; none when it is not there, and a problem when it cannot be read. */
export function listFolder(
  path: string,
  shown: string,
  problems: ConfigProblem[],
): readonly Dirent[] {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    problems.push(fileProblem(shown, `expected a folder that can be read (${code})`));
    return [];
  }
}

function isBelow(folder: string, path: string): boolean {
  try {
    return realpathSync.native(path).startsWith(realpathSync.native(folder) + sep);
  } catch {
    return false;
  }
}

/** A problem with a file or folder as a whole. */
export function fileProblem(file: string, message: string): ConfigProblem {
  return { file, line: 1, column: 1, path: '', message, excerpt: '' };
}
