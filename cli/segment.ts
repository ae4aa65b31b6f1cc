/** `rekindle segment <shop>`: builds a new generation, verifies it and flips; flips back; or tries a rule. */
import { type Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../platform/clock.ts';
import type { BuildResult } from '../segmenter/build/build-request.ts';
import { previewRule } from '../service/preview-rule.ts';
import { buildShop, shopNamed } from '../service/shop-jobs.ts';
import { openStore } from '../store/open-store.ts';
import { type CommonOptions, serviceConfig, terminalOf, withCommon } from './command.ts';
import { showPreview } from './show-preview.ts';
import { openWorkspaceStore } from './workspace-store.ts';

interface SegmentOptions extends CommonOptions {
  readonly rollback?: boolean;
  readonly asOf?: number;
  readonly force?: boolean;
  readonly preview?: string;
}

export function addSegment(program: Command): void {
  withCommon(
    program
      .command('segment')
      .argument('<shop>', 'folder name below shops/')
      .description('rebuild the segments of a shop and serve them'),
    'rekindle segment demo --as-of 2026-11-22T00:00:00Z\n  rekindle segment demo --preview lapsed.yaml',
  )
    .option('--rollback', 'serve the generation before this one again')
    .option('--preview <file>', 'who a segment file would take in; publishes nothing')
    .option('--as-of <time>', 'evaluate the rules at this moment (ISO 8601)', moment)
    .option('--force', 'publish although the base shrank by more than 30 %')
    .action(segment);
}

async function segment(name: string, options: SegmentOptions): Promise<void> {
  const terminal = terminalOf(options);
  const config = serviceConfig();
  const shop = shopNamed(config, name);
  if (options.preview !== undefined) {
    await using store = await openWorkspaceStore(config);
    const preview = await previewRule(config, store, { shop, file: options.preview });
    terminal.data({ v: 1, ...preview });
    showPreview(preview, shop.currency, terminal);
    return;
  }
  if (options.rollback === true) {
    await using store = await openStore({ url: config.storeUrl, dir: config.dir });
    const { generation } = await store.generations.rollback(name);
    terminal.data({ v: 1, shop: name, generation });
    terminal.say(`${terminal.good('✓')} ${name} serves generation ${generation} again`);
    return;
  }
  const progress = terminal.progress();
  const built = await buildShop(config, shop, {
    asOfMs: options.asOf ?? systemClock.nowMs(),
    force: options.force ?? false,
    onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
  }).finally(() => progress.end());
  terminal.data({ v: 1, ...built });
  const how = built.unchanged ? 'unchanged' : 'built and serving';
  terminal.say(`${terminal.good('✓')} ${name} generation ${built.generation} ${how}`);
  terminal.say(`  ${built.customers} customers, ${built.profiles} profiles, ${built.links} links`);
  for (const size of built.segments) {
    terminal.say(
      `  ${size.segment.padEnd(24)} ${String(size.members).padStart(9)}  ${terminal.dim(change(size))}`,
    );
  }
  for (const { segment: of, before, entered, left } of built.segments.filter(
    ({ drifted }) => drifted,
  )) {
    terminal.alert('drift', `${of}: of ${before} people ${left} left, and ${entered} entered`);
  }
  for (const { status, orders } of built.unmappedStatuses) {
    terminal.warn(`  status "${status}" is not in shop.yaml: its ${orders} orders do not count`);
  }
  if (built.sharedIdentities > 0) {
    terminal.warn(
      `  ${built.sharedIdentities} identifiers belong to several customers and link nobody`,
    );
  }
  const timings = built.timings.map(({ phase, ms }) => `${phase} ${Math.round(ms)} ms`);
  terminal.say(terminal.dim(`  ${timings.join(' · ')}`));
}

function change({ members, before, entered, left }: BuildResult['segments'][number]): string {
  if (before === null) return 'new';
  if (entered !== null && left !== null) return `+${entered} -${left}`;
  return members < before ? String(members - before) : `+${members - before}`;
}

function moment(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('expected a time like 2026-11-22T00:00:00Z');
  return ms;
}
