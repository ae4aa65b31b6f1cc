/**
 * Which segments that serve are not as their files have them, whoever built the generation: counted for
 * metrics, and each told once.
 */
import type { Log } from '../platform/log.ts';
import type { Manifest } from '../rules/manifest.ts';
import type { LeftOut } from '../rules/stale.ts';
import { readManifest } from '../segmenter/build/publish.ts';
import type { Campaign, Workspace } from '../settings/workspace.ts';
import type { Store } from '../store/ports.ts';

interface StaleSegmentsDeps {
  readonly store: Pick<Store, 'generations'>;
  readonly log: Pick<Log, 'warn'>;
  /** Told after every look. */
  counted(stale: number, leftOut: number): void;
}

export class StaleSegments {
  readonly #deps: StaleSegmentsDeps;
  /** What serves, by shop, as of the last look. */
  readonly #manifests = new Map<string, Manifest | null>();
  /** What was to be said at the last look. */
  #told: ReadonlySet<string> = new Set();

  constructor(deps: StaleSegmentsDeps) {
    this.#deps = deps;
  }

  /** Rejects with StoreUnavailable. */
  async look({ shops, campaigns }: Pick<Workspace, 'shops' | 'campaigns'>): Promise<void> {
    const told = new Set<string>();
    let [stale, leftOut] = [0, 0];
    for (const { shop } of shops) {
      const manifest = await this.#serving(shop);
      if (manifest === null) continue;
      stale += manifest.segments.filter((segment) => segment.stale !== undefined).length;
      leftOut += manifest.leftOut.length;
      const own = campaigns.filter((campaign) => campaign.shop === shop);
      for (const complaint of complaints(manifest, own)) {
        const once = `${shop}: ${complaint}`;
        if (!this.#told.has(once)) this.#deps.log.warn(complaint, { shop });
        told.add(once);
      }
    }
    this.#told = told;
    this.#deps.counted(stale, leftOut);
  }

  async #serving(shop: string): Promise<Manifest | null> {
    const { generations } = this.#deps.store;
    const generation = (await generations.serving(shop))?.generation ?? null;
    const known = this.#manifests.get(shop) ?? null;
    if (generation === (known?.generation ?? null)) return known;
    const manifest = generation === null ? null : await readManifest(generations, shop, generation);
    this.#manifests.set(shop, manifest);
    return manifest;
  }
}

function complaints(
  { segments, leftOut }: Manifest,
  campaigns: readonly Campaign[],
): readonly string[] {
  return [
    ...segments.flatMap(({ segment, stale }) => {
      if (stale === undefined) return [];
      const since = new Date(stale.sinceMs).toISOString();
      return [`segment ${segment} serves as it was at ${since}: ${stale.error}`];
    }),
    ...leftOut.map(({ file, segment, error }) => `${segment ?? file} is left out: ${error}`),
    ...campaigns.flatMap((campaign) => unserved(campaign, new Set(leftOut.map(nameOf)))),
  ];
}

function nameOf({ segment }: LeftOut): string | null {
  return segment;
}

/** Of a campaign what it cannot do without the segments that are left out. */
function unserved(
  { campaign, anyOf, noneOf }: Campaign,
  leftOut: ReadonlySet<string | null>,
): readonly string[] {
  return [
    ...anyOf
      .filter((segment) => leftOut.has(segment))
      .map((segment) => `campaign ${campaign} bids for nobody of ${segment}, which is left out`),
    ...noneOf
      .filter((segment) => leftOut.has(segment))
      .map(
        (segment) =>
          `campaign ${campaign} does not bid: ${segment}, whose people it is to leave out, is left out itself`,
      ),
  ];
}
