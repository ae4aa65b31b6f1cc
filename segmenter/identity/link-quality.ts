/** How good links are, told by labels: of pairs of records, as record linkage is measured. */
export interface LinkQuality {
  /** Pairs that are one person's by the labels. */
  readonly truePairs: number;
  /** Pairs that were linked, of records or pairs that have a label. */
  readonly linkedPairs: number;
  readonly correctPairs: number;
  /** correct / linked; null when nothing was linked. */
  readonly precision: number | null;
  /** correct / true; null when there was nothing to find. */
  readonly recall: number | null;
  /** Persons with records of several by the labels, the first of them. */
  readonly falseMerges: readonly (readonly string[])[];
}

const FALSE_MERGES_SHOWN = 20;

type Clusters = readonly { readonly records: readonly string[] }[];

/** By a label for each record: those with the same are one person's. Records without are left out. */
export function qualityByClusters(
  clusters: Clusters,
  labels: ReadonlyMap<string, string>,
): LinkQuality {
  let [linkedPairs, correctPairs] = [0, 0];
  const sizes = new Map<string, number>();
  const falseMerges: (readonly string[])[] = [];
  for (const { records } of clusters) {
    const within = new Map<string, number>();
    const labelled = records.filter((id) => labels.has(id));
    for (const id of labelled) addOne(within, labels.get(id)!);
    for (const [label, count] of within) {
      sizes.set(label, (sizes.get(label) ?? 0) + count);
      correctPairs += pairsOf(count);
    }
    linkedPairs += pairsOf(labelled.length);
    if (within.size > 1) falseMerges.push(labelled);
  }
  const truePairs = [...sizes.values()].reduce((sum, count) => sum + pairsOf(count), 0);
  return quality({ truePairs, linkedPairs, correctPairs, falseMerges });
}

export interface LabelledPair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** By labels of some pairs: the others count neither way. */
export function qualityByPairs(clusters: Clusters, pairs: readonly LabelledPair[]): LinkQuality {
  const personOf = new Map(clusters.flatMap(({ records }, i) => records.map((id) => [id, i])));
  let [truePairs, linkedPairs, correctPairs] = [0, 0, 0];
  const falseMerges: (readonly string[])[] = [];
  for (const { a, b, same } of pairs) {
    const [personA, personB] = [personOf.get(a), personOf.get(b)];
    if (same) truePairs++;
    if (personA === undefined || personA !== personB) continue;
    linkedPairs++;
    if (same) correctPairs++;
    else falseMerges.push([a, b]);
  }
  return quality({ truePairs, linkedPairs, correctPairs, falseMerges });
}

function quality(counts: Omit<LinkQuality, 'precision' | 'recall'>): LinkQuality {
  const { truePairs, linkedPairs, correctPairs, falseMerges } = counts;
  return {
    ...counts,
    precision: linkedPairs === 0 ? null : correctPairs / linkedPairs,
    recall: truePairs === 0 ? null : correctPairs / truePairs,
    falseMerges: falseMerges.slice(0, FALSE_MERGES_SHOWN),
  };
}

function addOne(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
