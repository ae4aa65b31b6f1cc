/**
 * What is wrong with what segments of a shop say about each other: conditions on other segments,
 * exclusions, and groups of which a person is in one segment alone.
 */
import type { ConfigProblem } from '../platform/config-file.ts';
import { closest } from '../platform/edit-distance.ts';
import { beforeInGroup, withGroups } from '../rules/groups.ts';
import { segmentLayers } from '../rules/segment-order.ts';
import { DEPTH_MAX } from '../rules/sound-segments.ts';
import type { SegmentFile } from './segment-file.ts';
import type { SegmentReference } from './segment-reference.ts';

/** Those that come before it in its group, as its file mentions them. */
function groupReferences(file: SegmentFile, files: readonly SegmentFile[]): SegmentReference[] {
  const { segment } = file;
  const others = beforeInGroup(
    segment,
    files.map((other) => other.segment),
  );
  const at = segment.groupAt ?? segment.at;
  return others.map((other) => ({ segment: other.segment, path: ['group'], at }));
}

/**
 * References that lead nowhere, in a circle or too deep. `complete` is false when files of the shop could not
 * be read: what is missing may be in those.
 */
export function referenceProblems(
  files: readonly SegmentFile[],
  complete: boolean,
): readonly ConfigProblem[] {
  const byName = new Map(files.map((file) => [file.segment.segment, file]));
  const unknown = files.flatMap(({ references, source }) =>
    references
      .filter(({ segment }) => !byName.has(segment))
      .map(({ segment, path }) => {
        const message = `there is no segment named ${JSON.stringify(segment)}`;
        return source.problem(path, message, closest(segment, [...byName.keys()]));
      }),
  );
  const circular = circles(files, byName);
  if (unknown.length > 0) return complete ? [...unknown, ...circular] : circular;
  return circular.length > 0 ? circular : depthProblems(files, byName);
}

function depthProblems(
  files: readonly SegmentFile[],
  byName: ReadonlyMap<string, SegmentFile>,
): readonly ConfigProblem[] {
  const segments = withGroups([...byName.values()].map(({ segment }) => segment));
  const layers = segmentLayers(segments);
  if (layers.length <= DEPTH_MAX) return [];
  const deepest = byName.get(segments[layers.at(-1)![0]!]!.segment) ?? files[0]!;
  const message = `segments refer to each other ${layers.length} deep; at most ${DEPTH_MAX} are allowed`;
  return [deepest.source.problem(['segment'], message)];
}

interface Step {
  readonly file: SegmentFile;
  readonly reference: SegmentReference;
}

/** One problem a circle, at its first mention in the order of files. */
function circles(
  files: readonly SegmentFile[],
  byName: ReadonlyMap<string, SegmentFile>,
): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const finished = new Set<SegmentFile>();
  const way: Step[] = [];
  const visit = (file: SegmentFile): void => {
    const begin = way.findIndex((step) => step.file === file);
    if (begin >= 0) {
      problems.push(circleProblem(way.slice(begin)));
      return;
    }
    if (finished.has(file)) return;
    for (const reference of [...file.references, ...groupReferences(file, files)]) {
      const next = byName.get(reference.segment);
      if (next === undefined) continue;
      way.push({ file, reference });
      visit(next);
      way.pop();
    }
    finished.add(file);
  };
  for (const file of files) visit(file);
  return problems;
}

function circleProblem(circle: readonly Step[]): ConfigProblem {
  const { file, reference } = circle[0]!;
  const places = circle.map(({ file: from, reference: to }) => {
    const how = to.path[0] === 'group' ? `${to.segment} (its group)` : to.segment;
    return `${from.segment.segment} → ${how} at ${to.at.file}:${to.at.line}`;
  });
  const message = `segments refer to each other in a circle: ${places.join(', ')}`;
  return file.source.problem(reference.path, message);
}
