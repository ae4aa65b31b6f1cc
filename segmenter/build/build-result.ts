/** What a build says of itself. */
import type { Manifest } from '../../rules/manifest.ts';
import type { ServingPointer } from '../../store/ports.ts';
import type { Build } from './build-context.ts';
import type { BuildInputs } from './build-inputs.ts';
import type { BuildMode } from './build-mode.ts';
import type { BuildResult } from './build-request.ts';
import { segmentSizes } from './moves.ts';
import type { Prepared } from './prepare-build.ts';
import { readModels } from './shop-models.ts';
import type { WrittenGeneration } from './write-generation.ts';
import type { WrittenWhole } from './written-whole.ts';

const REJECTED_ITEMS_SHOWN = 20;

export function buildResult(
  { files, request, state, timer }: Build,
  served: {
    readonly pointer: ServingPointer;
    readonly unchanged: boolean;
    readonly before: Manifest | null;
    readonly manifest: Manifest;
    readonly inputs: BuildInputs;
    readonly prepared: Prepared;
    readonly written: WrittenGeneration | null;
  },
): BuildResult {
  const { manifest, inputs, prepared, written } = served;
  const { feed } = inputs;
  return {
    shop: request.shop,
    generation: manifest.generation,
    previous: served.pointer.previous,
    unchanged: served.unchanged,
    asOfMs: manifest.asOfMs,
    resumed: inputs.resumes,
    mode: written === null ? null : modeOf(inputs.mode, written.whole),
    customers: manifest.customers,
    optedOut: prepared.optedOut,
    profiles: manifest.profiles,
    links: manifest.links,
    sharedIdentities: inputs.links.shared,
    segments: segmentSizes(manifest, served.before, {
      moves: written?.whole.moves ?? [],
      limits: request.driftLimits,
    }),
    leftOut: manifest.leftOut,
    unmappedStatuses: prepared.unmapped,
    withoutRate: state.withoutRate,
    feed: {
      items: feed.items.length,
      rejectedCount: feed.rejectedCount,
      rejected: feed.rejected.slice(0, REJECTED_ITEMS_SHOWN),
    },
    models: readModels(files, manifest.generation),
    timings: timer.timings,
  };
}

function modeOf(mode: BuildMode, { touched }: WrittenWhole): BuildResult['mode'] {
  if (mode.kind === 'full') return mode;
  return { kind: 'incremental', touched, fullAsOfMs: mode.base.full.asOfMs };
}
