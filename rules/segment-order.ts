/** In which order segments can be evaluated when rules refer to other segments. */
import type { Rule, Segment } from './rule.ts';

/** Names of the segments that a rule refers to, each once. */
export function referencesOf(rule: Rule): readonly string[] {
  switch (rule.kind) {
    case 'segment':
      return [rule.segment];
    case 'all':
    case 'any':
    case 'none':
    case 'stays':
      return [...new Set(rule.of.flatMap(referencesOf))];
    case 'compare':
    case 'has':
    case 'attribute':
    case 'aggregate':
    case 'score':
    case 'affinity':
      return [];
  }
}

/** A segment with those that it refers to, and those that these refer to, in the order of `segments`. */
export function withReferred(segment: Segment, segments: readonly Segment[]): readonly Segment[] {
  const byName = new Map(segments.map((other) => [other.segment, other]));
  const found = new Set([segment.segment]);
  // A set goes on with what is added to it meanwhile.
  for (const name of found) {
    for (const referred of referencesOf(byName.get(name)!.rule)) found.add(referred);
  }
  return segments.filter(({ segment: name }) => found.has(name));
}

/**
 * Ordinals of the segments in layers: each layer refers to earlier ones alone. Throws where a
 * reference leads nowhere or in a circle: settings refuse both.
 */
export function segmentLayers(
  segments: readonly Pick<Segment, 'segment' | 'rule'>[],
): readonly (readonly number[])[] {
  const references = segments.map(({ rule }) => referencesOf(rule));
  const done = new Set<string>();
  const layers: number[][] = [];
  while (done.size < segments.length) {
    const layer = segments.flatMap(({ segment }, i) =>
      !done.has(segment) && references[i]!.every((name) => done.has(name)) ? [i] : [],
    );
    if (layer.length === 0) throw new Error('segments refer to each other in a circle, or to none');
    for (const i of layer) done.add(segments[i]!.segment);
    layers.push(layer);
  }
  return layers;
}
