/** A campaign file as a checked Campaign; what refers to other files is checked by the workspace. */
import { realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { z } from 'zod';
import {
  type ConfigFile,
  type ConfigPath,
  type ConfigProblem,
  readConfigFile,
} from '../platform/config-file.ts';
import { BUDGET_UNITS_MAX, budgetNanos, MICROS_PER_UNIT, type Micros } from '../proto/micros.ts';
import { buildZone, startOfDayMs } from '../rules/local-day.ts';
import { titleIn } from './fields.ts';
import { suppliedFormats, urlProblems } from './read-creative.ts';
import { campaignSchema } from './section-schemas.ts';
import type { Campaign, ShopSettings } from './workspace.ts';

const DAY_MS = 86_400_000;

type CampaignSection = z.output<typeof campaignSchema>;

interface CampaignPlace {
  /** The shop's folder. */
  readonly dir: string;
  /** The shop's folder as problems name it. */
  readonly shown: string;
  /** Below the shop's folder. */
  readonly file: string;
}

export function readCampaign(shop: ShopSettings, place: CampaignPlace): ConfigFile<Campaign> {
  const read = readConfigFile(
    join(place.dir, place.file),
    `${place.shown}/${place.file}`,
    campaignSchema,
  );
  const { value, source } = read;
  if (value === null) return { value, source, problems: read.problems };
  const problems: ConfigProblem[] = [];
  const refuse = (path: ConfigPath, message: string | null) => {
    if (message !== null) problems.push(source.problem(path, message));
  };
  const startMs = momentMs(value.start, shop.timeZone, 'start');
  const endMs = momentMs(value.end, shop.timeZone, 'end');
  refuse(['end'], endMs > startMs ? null : `expected an end after the start ${value.start}`);
  refuse(['budget', 'amount'], budgetProblem(value, shop));
  const ceiling = value.bid.max_cpm;
  refuse(['bid', 'max_cpm'], currencyProblem(ceiling.currency, shop));
  refuse(['bid', 'max_cpm'], ceiling.micros > 0 ? null : 'expected more than 0');
  refuse(['open_auction'], soldNowhere(value) ? 'a campaign without deals has nothing else' : null);
  refuse(['landing_url'], landingProblem(value.landing_url, shop));
  const { template } = value.creative;
  if (template !== undefined)
    refuse(['creative', 'template'], templateProblem(place.dir, template));
  for (const { path, message } of urlProblems(value.creative, shop)) refuse(path, message);
  if (problems.length > 0) return { value: null, source, problems };
  const { line } = source.position(['campaign']);
  return {
    value: campaignOf(value, shop, { startMs, endMs, file: place.file, line }),
    source,
    problems,
  };
}

function campaignOf(
  section: CampaignSection,
  settings: ShopSettings,
  placed: Pick<Campaign, 'startMs' | 'endMs' | 'file' | 'line'>,
): Campaign {
  const { creative } = section;
  return {
    ...placed,
    shop: settings.shop,
    campaign: section.campaign,
    title: titleIn(section.title, settings.locale),
    active: section.active,
    budgetNanos: budgetNanos(section.budget.amount.micros as Micros),
    budgetPer: section.budget.per,
    pacing: section.pacing,
    multiplier: section.bid.multiplier,
    maxCpmMicros: section.bid.max_cpm.micros,
    anyOf: section.segments.any_of,
    noneOf: section.segments.none_of,
    exchanges: section.exchanges,
    countries: section.countries,
    devices: section.devices,
    caps: section.frequency,
    deals: section.deals,
    openAuction: section.open_auction ?? section.deals.length === 0,
    template: creative.template ?? '',
    sizes: creative.sizes ?? [],
    attributes: creative.attributes,
    ...suppliedFormats(creative, settings),
    offer: section.offer ?? null,
    landingUrl: section.landing_url,
    erid: section.erid ?? '',
  };
}

function soldNowhere({ deals, open_auction }: CampaignSection): boolean {
  return deals.length === 0 && open_auction === false;
}

/** A bare date is a whole day of the shop: it starts with its first moment and ends after its last. */
function momentMs(text: string, timeZone: string, side: 'start' | 'end'): number {
  const ms = Date.parse(text);
  if (text.includes('T')) return ms;
  const day = ms / DAY_MS + (side === 'end' ? 1 : 0);
  const zone = buildZone(timeZone, ms - 2 * DAY_MS, ms + 3 * DAY_MS);
  return startOfDayMs(zone, day);
}

function budgetProblem({ budget }: CampaignSection, shop: ShopSettings): string | null {
  const { micros, currency } = budget.amount;
  const wrongCurrency = currencyProblem(currency, shop);
  if (wrongCurrency !== null) return wrongCurrency;
  if (micros === 0) return 'expected more than 0';
  if (micros <= BUDGET_UNITS_MAX * MICROS_PER_UNIT) return null;
  return `expected at most ${BUDGET_UNITS_MAX} ${shop.currency}`;
}

function currencyProblem(currency: string, shop: ShopSettings): string | null {
  if (currency === shop.currency) return null;
  return `expected an amount in the shop's currency ${shop.currency}, got ${currency}`;
}

function landingProblem(text: string, shop: ShopSettings): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const web = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !web || url.username !== '') return 'expected an http or https URL';
  if (shop.allowedHosts.includes(url.hostname)) return null;
  return `expected a URL on one of allowed_hosts of shop.yaml: ${shop.allowedHosts.join(', ')}`;
}

function templateProblem(dir: string, template: string): string | null {
  const folder = join(dir, 'templates');
  try {
    const path = realpathSync.native(join(folder, template));
    if (!path.startsWith(realpathSync.native(folder) + sep))
      return 'the link leads out of templates/';
    return statSync(path).isFile() ? null : `templates/${template} is not a file`;
  } catch {
    return `there is no templates/${template}`;
  }
}
