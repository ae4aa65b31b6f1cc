/** `rekindle segment <shop>`: builds a new generation, verifies it and flips; flips back; shows what serves. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../platform/clock.ts';
import { Failure } from '../platform/failure.ts';
import { stopSignal } from '../platform/shutdown.ts';
import { addToHistory, readHistory } from '../segmenter/build/build-history.ts';
import type { BuildResult } from '../segmenter/build/build-request.ts';
import { shopFiles } from '../segmenter/shop-data.ts';
import { previewRule, servingOverlaps, shopModels } from '../service/preview-rule.ts';
import { rollBack } from '../service/roll-back.ts';
import { buildShop, shopNamed, shopWithSegments } from '../service/shop-jobs.ts';
import type { ShopSegments } from '../settings/shop-segments.ts';
import type { ServiceConfig, ShopSettings } from '../settings/workspace.ts';
import { openStore } from '../store/open-store.ts';
import { brokenLines } from './broken-segments.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { withoutRateLine } from './orders-left-out.ts';
import { showLearned, showServingModels } from './show-models.ts';
import { showHistory, showOverlaps } from './show-overlaps.ts';
import { showPreview } from './show-preview.ts';
import type { Terminal } from './terminal.ts';

interface SegmentOptions extends CommonOptions {
  readonly rollback?: boolean;
  readonly asOf?: number;
  readonly full?: boolean;
  readonly force?: boolean;
  readonly preview?: string;
  readonly overlap?: boolean;
  readonly history?: boolean;
  readonly models?: boolean;
}

export function addSegment(program: Command): void {
  withCommon(
    program
      .command('segment')
      .argument('<shop>', 'folder name below shops/')
      .description('rebuild the segments of a shop and serve them, or look at those that serve'),
    'rekindle segment demo --as-of 2026-11-22T00:00:00Z\n  rekindle segment demo --preview lapsed.yaml',
  )
    .addOption(only('--preview <file>', 'who a segment file would take in; publishes nothing'))
    .addOption(only('--overlap', 'how many people each two segments that serve have in common'))
    .addOption(only('--history', 'what has served, build by build'))
    .addOption(only('--models', 'RFM and lifetime value: parameters, and how they did'))
    .addOption(only('--rollback', 'serve the generation before this one again'))
    .option('--as-of <time>', 'evaluate the rules at this moment (ISO 8601)', moment)
    .option('--full', 'compute everybody, not only whom data or time has touched')
    .option('--force', 'publish although the base shrank by more than 30 %, or as of a later day')
    .action(segment);
}

const ONE_AT_A_TIME = [
  'preview',
  'overlap',
  'history',
  'models',
  'rollback',
  'asOf',
  'full',
  'force',
];

function only(flags: string, what: string): Option {
  const option = new Option(flags, what);
  return option.conflicts(ONE_AT_A_TIME.filter((name) => name !== option.attributeName()));
}

interface Asked {
  readonly config: ServiceConfig;
  readonly shop: ShopSettings;
  readonly terminal: Terminal;
}

async function segment(name: string, options: SegmentOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  if (options.preview !== undefined) {
    const { shop, written } = shopWithSegments(config, name);
    await preview({ config, shop, terminal }, { file: options.preview, written });
    return;
  }
  const asked = { config, shop: shopNamed(config, name), terminal };
  if (options.overlap === true) await overlap(asked);
  else if (options.history === true) history(asked);
  else if (options.models === true) await models(asked);
  else if (options.rollback === true) await goBack(asked);
  else await build(asked, options);
}

async function preview(
  { config, shop, terminal }: Asked,
  tried: { readonly file: string; readonly written: ShopSegments },
): Promise<void> {
  await using store = await openStore({ url: config.storeUrl, dir: config.dir });
  const shown = await previewRule(config, store, { shop, ...tried });
  terminal.data({ v: 1, ...shown });
  showPreview(shown, shop.currency, terminal);
}

async function overlap({ config, shop, terminal }: Asked): Promise<void> {
  await using store = await openStore({ url: config.storeUrl, dir: config.dir });
  const overlaps = await servingOverlaps(config, store, shop);
  terminal.data({ v: 1, ...overlaps });
  showOverlaps(overlaps, terminal);
}

async function models({ config, shop, terminal }: Asked): Promise<void> {
  await using store = await openStore({ url: config.storeUrl, dir: config.dir });
  const serving = await shopModels(config, store, shop);
  terminal.data({ v: 1, ...serving });
  showServingModels(serving, shop.currency, terminal);
}

function history({ config, shop, terminal }: Asked): void {
  const entries = readHistory(shopFiles(config.dir, shop.shop));
  terminal.data({ v: 1, shop: shop.shop, entries });
  showHistory(entries, terminal);
}

async function goBack({ config, shop, terminal }: Asked): Promise<void> {
  await using store = await openStore({ url: config.storeUrl, dir: config.dir });
  const { generation } = await rollBack(store, shop.shop);
  const atMs = systemClock.nowMs();
  addToHistory(shopFiles(config.dir, shop.shop), { kind: 'rollback', atMs, generation });
  terminal.data({ v: 1, shop: shop.shop, generation });
  terminal.say(`${terminal.good('✓')} ${shop.shop} serves generation ${generation} again`);
}

async function build({ config, shop, terminal }: Asked, options: SegmentOptions): Promise<void> {
  const progress = terminal.progress();
  const built = await buildShop(config, shop, {
    stop: stopSignal(),
    ...(options.asOf === undefined ? {} : { asOfMs: options.asOf }),
    full: options.full ?? false,
    force: options.force ?? false,
    onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
  }).finally(() => progress.end());
  terminal.data({ v: 1, ...built });
  showBuild(built, terminal);
  const broken = brokenLines(built, systemClock.nowMs()).length;
  if (broken === 0) return;
  const are = broken === 1 ? 'segment is' : 'segments are';
  throw new Failure('failed-check', `${built.shop} serves, but ${broken} ${are} not as written`);
}

function showBuild(built: BuildResult, terminal: Terminal): void {
  const how = built.unchanged ? 'unchanged' : 'built and serving';
  terminal.say(`${terminal.good('✓')} ${built.shop} generation ${built.generation} ${how}`);
  if (built.resumed) {
    const asOf = new Date(built.asOfMs).toISOString();
    terminal.say(`  went on with a build that had not ended; the rules are as of ${asOf}`);
  }
  terminal.say(`  ${built.customers} customers, ${built.profiles} profiles, ${built.links} links`);
  if (built.mode !== null) terminal.say(`  ${modeLine(built.mode)}`);
  if (built.optedOut > 0) {
    terminal.say(`  ${built.optedOut} customers without consent to ads have no profile`);
  }
  for (const size of built.segments) {
    const members = String(size.members).padStart(9);
    const control = size.heldOut === 0 ? '' : `, and ${size.heldOut} held out for control`;
    terminal.say(
      `  ${size.segment.padEnd(24)} ${members}  ${terminal.dim(change(size) + control)}`,
    );
  }
  showLearned(built.models, terminal);
  for (const { segment: of, before, entered, left } of built.segments.filter(isDrifted)) {
    terminal.alert('drift', `${of}: of ${before} people ${left} left, and ${entered} entered`);
  }
  for (const line of brokenLines(built, systemClock.nowMs())) terminal.alert('stale', line);
  for (const { status, orders } of built.unmappedStatuses) {
    terminal.warn(`  status "${status}" is not in shop.yaml: its ${orders} orders do not count`);
  }
  for (const left of built.withoutRate) terminal.warn(`  ${withoutRateLine(left)}`);
  if (built.sharedIdentities > 0) {
    terminal.warn(
      `  ${built.sharedIdentities} identifiers belong to several customers and link nobody`,
    );
  }
  const timings = built.timings.map(({ phase, ms }) => `${phase} ${Math.round(ms)} ms`);
  terminal.say(terminal.dim(`  ${timings.join(' · ')}`));
}

function modeLine(mode: NonNullable<BuildResult['mode']>): string {
  if (mode.kind === 'full') return `full: ${mode.why}`;
  const since = new Date(mode.fullAsOfMs).toISOString();
  return `incremental: ${mode.touched} people touched; models of the full build of ${since}`;
}

function isDrifted({ drifted }: BuildResult['segments'][number]): boolean {
  return drifted;
}

function change({ members, before, entered, left }: BuildResult['segments'][number]): string {
  if (before === null) return 'new';
  if (entered !== null && left !== null) return `+${entered} -${left}`;
  return `${members < before ? '' : '+'}${members - before} net`;
}

function moment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('expected a time like 2026-11-22T00:00:00Z');
  return ms;
}
