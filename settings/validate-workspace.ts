/** What `rekindle validate` tells: every problem, what is allowed yet odd, and the segments' tests. */
import type { ConfigProblem } from '../platform/config-file.ts';
import { readWorkspace } from './load-workspace.ts';
import type { ShopReading } from './read-shop.ts';
import type { SegmentFile } from './segment-file.ts';
import { runSegmentTests, type SegmentTestResult } from './segment-tests.ts';

export interface WorkspaceVerdict {
  /** With any, nothing starts. */
  readonly problems: readonly ConfigProblem[];
  /** Allowed, and probably not meant. */
  readonly warnings: readonly ConfigProblem[];
  readonly tests: {
    readonly passed: number;
    readonly failed: number;
    /** `at.file` is relative to the workspace here. */
    readonly results: readonly SegmentTestResult[];
  };
  /** YAML files by what they hold, those with problems left out. */
  readonly read: Readonly<
    Record<'shops' | 'segments' | 'campaigns' | 'offers' | 'exchanges', number>
  >;
}

/** Reads the workspace and runs the tests of every sound segment. Never throws for bad input. */
export function validateWorkspace(dir: string): WorkspaceVerdict {
  const { shops, exchanges, problems } = readWorkspace(dir);
  const results = shops.flatMap((shop) => shop.segments.flatMap(testsOf));
  const passed = results.filter((result) => result.passed).length;
  return {
    problems,
    warnings: shops.flatMap(warningsOf),
    tests: { passed, failed: results.length - passed, results },
    read: {
      shops: shops.filter(({ settings }) => settings !== null).length,
      segments: sum(shops, ({ segments }) => segments.length),
      campaigns: sum(shops, ({ campaigns }) => campaigns.length),
      offers: sum(shops, ({ offers }) => offers.length),
      exchanges: exchanges.length,
    },
  };
}

function sum(shops: readonly ShopReading[], count: (shop: ShopReading) => number): number {
  return shops.reduce((total, shop) => total + count(shop), 0);
}

function testsOf(file: SegmentFile): readonly SegmentTestResult[] {
  return runSegmentTests(file).map((result) => ({
    ...result,
    at: { ...result.at, file: file.source.file },
  }));
}

function warningsOf(shop: ShopReading): readonly ConfigProblem[] {
  return [...samePriorities(shop), ...withoutTests(shop), ...unusedOffers(shop)];
}

/** Of two with the same priority, which one shapes a bid would be an accident. */
function samePriorities({ segments }: ShopReading): readonly ConfigProblem[] {
  const first = new Map<number, string>();
  const warnings: ConfigProblem[] = [];
  for (const { segment, source } of segments) {
    const other = first.get(segment.priority);
    if (other === undefined) first.set(segment.priority, segment.segment);
    else {
      const message = `segment ${other} has the same priority: for people in both, the order is by name`;
      warnings.push(source.problem(['priority'], message));
    }
  }
  return warnings;
}

function withoutTests({ segments }: ShopReading): readonly ConfigProblem[] {
  return segments
    .filter(({ tests }) => tests.length === 0)
    .map(({ source }) => source.problem(['segment'], 'this segment has no tests beside its rule'));
}

function unusedOffers({ segments, campaigns, offers }: ShopReading): readonly ConfigProblem[] {
  const used = new Set([
    ...segments.map(({ segment }) => segment.effect.offer),
    ...campaigns.map(({ value }) => value.offer),
  ]);
  return offers
    .filter(({ value }) => !used.has(value.offer))
    .map(({ source }) => source.problem(['offer'], 'no segment and no campaign uses this offer'));
}
