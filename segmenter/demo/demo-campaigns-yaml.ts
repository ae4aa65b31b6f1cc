/** The demo's campaigns: six that a shop would have, then as many generated ones as are asked for. */
import { DEMO_HOST } from './demo-feed.ts';

const DAY_MS = 86_400_000;
const FLIGHT_DAYS = 730;
const SIZES = '[300x250, 336x280, 728x90, 160x600, 300x600, 320x50, 320x100]';

interface CampaignText {
  readonly campaign: string;
  readonly comment: string;
  readonly title: string;
  readonly active?: boolean;
  readonly budget: string;
  readonly multiplier: number;
  readonly maxCpm: string;
  readonly anyOf: readonly string[];
  readonly noneOf: readonly string[];
  readonly exchanges?: readonly string[];
  readonly cap: string;
  readonly offer?: string;
  readonly sizes?: string;
}

const CAMPAIGNS: readonly CampaignText[] = [
  {
    campaign: 'winback-loyal',
    comment:
      'Brings back the regulars who went silent. The most valuable thing retargeting can do.',
    title: 'Win back loyal customers',
    budget: '400 USD per day',
    multiplier: 1.3,
    maxCpm: '20 USD',
    anyOf: ['lapsed_loyal'],
    noneOf: ['high_refusal'],
    cap: '[{ max: 5, per: 24h, scope: campaign }]',
    offer: 'winback10',
  },
  {
    campaign: 'premium-baskets',
    comment: 'For people who buy tents, bikes and furniture rather than socks.',
    title: 'Premium baskets',
    budget: '300 USD per day',
    multiplier: 1.2,
    maxCpm: '15 USD',
    anyOf: ['high_aov'],
    noneOf: ['high_refusal', 'lapsed_loyal'],
    cap: '[{ max: 6, per: 24h, scope: campaign }]',
    offer: 'free_delivery',
  },
  {
    campaign: 'first-order',
    comment: 'Turns accounts without an order into customers.',
    title: 'First order',
    budget: '250 USD per day',
    multiplier: 1,
    maxCpm: '8 USD',
    anyOf: ['new'],
    noneOf: [],
    cap: '[{ max: 8, per: 24h, scope: campaign }]',
    offer: 'welcome',
  },
  {
    campaign: 'come-again',
    comment: 'Everyday retargeting of people who bought and will buy again anyway: cheap and rare.',
    title: 'Come again',
    budget: '200 USD per day',
    multiplier: 0.9,
    maxCpm: '5 USD',
    anyOf: ['existing'],
    noneOf: ['lapsed_loyal', 'high_refusal'],
    cap: '[{ max: 3, per: 24h, scope: campaign }]',
  },
  {
    campaign: 'simex-existing',
    comment: 'A campaign of one exchange only, with a budget for the whole flight.',
    title: 'Existing buyers on Simex',
    budget: '5000 USD per flight',
    multiplier: 1,
    maxCpm: '6 USD',
    anyOf: ['existing', 'high_aov'],
    noneOf: ['high_refusal'],
    exchanges: ['simex'],
    cap: '[{ max: 4, per: 24h, scope: campaign }]',
  },
  {
    campaign: 'prospecting',
    comment: 'Would bid on people nobody knows. Asleep: set active to true and watch the spend.',
    title: 'Prospecting',
    active: false,
    budget: '50 USD per day',
    multiplier: 0.5,
    maxCpm: '1.50 USD',
    anyOf: [],
    noneOf: ['existing', 'high_refusal'],
    cap: '[{ max: 2, per: 24h, scope: campaign }]',
    offer: 'welcome',
  },
];

/** File names without extension, to texts. With more than the six, the rest is for load tests. */
export function campaignFiles(count: number, nowMs: number): Map<string, string> {
  const files = new Map<string, string>();
  for (const campaign of CAMPAIGNS) files.set(campaign.campaign, campaignYaml(campaign, nowMs));
  for (let i = 0; files.size < count; i++) {
    const generated = loadTestCampaign(i);
    files.set(generated.campaign, campaignYaml(generated, nowMs));
  }
  return files;
}

function campaignYaml(c: CampaignText, nowMs: number): string {
  const [amount, period] = c.budget.split(' per ');
  const lines = [
    `# ${c.comment}`,
    `campaign: ${c.campaign}`,
    `title: ${c.title}`,
    `active: ${c.active ?? true}`,
    `start: ${dayOf(nowMs - DAY_MS)}`,
    `end: ${dayOf(nowMs + FLIGHT_DAYS * DAY_MS)}              # to the end of this day, in the shop's zone`,
    `budget: { amount: ${amount}, per: ${period} }`,
    "pacing: asap                 # even spreads a day's budget over the day",
    `bid: { multiplier: ${c.multiplier}, max_cpm: ${c.maxCpm} }`,
    'segments:',
    `  any_of: [${c.anyOf.join(', ')}]${c.anyOf.length === 0 ? '          # everybody' : ''}`,
    `  none_of: [${c.noneOf.join(', ')}]`,
    `exchanges: [${(c.exchanges ?? []).join(', ')}]${c.exchanges === undefined ? '                # all of them' : ''}`,
    `frequency: ${c.cap}   # a person, over all exchanges and devices`,
    'creative:',
    '  template: product-grid.html',
    `  sizes: ${c.sizes ?? SIZES}`,
    ...(c.offer === undefined ? [] : [`offer: ${c.offer}`]),
    `landing_url: https://${DEMO_HOST}/`,
  ];
  return `${lines.join('\n')}\n`;
}

const AUDIENCES = [['existing'], ['lapsed_loyal'], ['high_aov'], ['new'], ['existing', 'new']];
const FORMATS = ['[300x250, 728x90]', '[336x280, 300x250]', '[160x600, 300x600]', SIZES];

/** Campaign i of a load test: audiences, sizes and bids differ, the money never ends. */
function loadTestCampaign(i: number): CampaignText {
  return {
    campaign: `load-${String(i + 1).padStart(4, '0')}`,
    comment: 'Generated for load tests.',
    title: `Load test ${i + 1}`,
    budget: '900000 USD per day',
    multiplier: (50 + ((i * 37) % 101)) / 100,
    maxCpm: `${3 + ((i * 13) % 18)} USD`,
    anyOf: AUDIENCES[i % AUDIENCES.length]!,
    noneOf: i % 4 === 0 ? ['high_refusal'] : [],
    cap: '[{ max: 100, per: 24h, scope: campaign }]',
    sizes: FORMATS[(i >> 2) % FORMATS.length]!,
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
