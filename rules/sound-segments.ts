/**
 * Which segments a build serves when some of a shop's files are broken. A segment that cannot be made
 * from its file goes on with the last good definition, which the manifest of the serving generation
 * holds; one that has none is left out. What refers to it goes on with either, or fails in its turn, and
 * so on until the rest is sound. A file that is gone is no failure: nothing is kept of its segment.
 */
import { beforeInGroup, computedRule, withGroups, writtenRule } from './groups.ts';
import type { Manifest, PublishedSegment } from './manifest.ts';
import type { Rule, Segment, SourcePosition } from './rule.ts';
import { sameRule } from './same-rule.ts';
import { referencesOf, segmentLayers } from './segment-order.ts';
import type { LeftOut, Stale } from './stale.ts';
import { keptMembersRule } from './stays.ts';

/** What a shop's files say. */
export interface WrittenSegments {
  /** Each sound by itself; what they say of each other may not be. */
  readonly segments: readonly Segment[];
  readonly broken: readonly BrokenFile[];
  /** Segments whose SQL has failed over the data of today, with the reasons. */
  readonly failed?: ReadonlyMap<string, string>;
}

export interface BrokenFile {
  /** Relative to the shop's folder; the folder of segments itself when that cannot be read. */
  readonly file: string;
  /** Null where it does not say. */
  readonly segment: string | null;
  readonly error: string;
}

export interface SoundSegments {
  /** In the order of the written ones, stale ones by name among them; with what their groups add. */
  readonly segments: readonly Segment[];
  readonly leftOut: readonly LeftOut[];
}

/** What serves: its moment, and its segments. */
export type ServingSegments = Pick<Manifest, 'asOfMs' | 'segments'>;

/** Each layer of references is a select around a select. */
export const DEPTH_MAX = 50;

/** `hasMembers` is whether the members of what serves are at hand for those that have failed. */
export function soundSegments(
  { segments, broken, failed = new Map() }: WrittenSegments,
  serving: ServingSegments | null,
  hasMembers = false,
): SoundSegments {
  const sound = new Soundness(serving);
  sound.take(segments);
  for (const file of broken) sound.goOnFor(file);
  for (const [name, reason] of failed) sound.keepMembers(name, reason, hasMembers);
  sound.settle();
  return { segments: withGroups(sound.segments), leftOut: sound.leftOut };
}

class Soundness {
  readonly leftOut: LeftOut[] = [];
  readonly #segments = new Map<string, Segment>();
  readonly #serving: ReadonlyMap<string, PublishedSegment>;
  readonly #servingMs: number;

  constructor(serving: ServingSegments | null) {
    this.#serving = new Map(serving?.segments.map((segment) => [segment.segment, segment]));
    this.#servingMs = serving?.asOfMs ?? 0;
  }

  get segments(): readonly Segment[] {
    const all = [...this.#segments.values()];
    const segments = all.filter(({ stale }) => stale === undefined);
    for (const one of all) {
      if (one.stale === undefined) continue;
      const next = segments.findIndex((other) => other.segment > one.segment);
      segments.splice(next < 0 ? segments.length : next, 0, one);
    }
    return segments;
  }

  /** Of a name that several files define nobody knows which one is meant. */
  take(segments: readonly Segment[]): void {
    for (const segment of segments) {
      const { segment: name, at } = segment;
      const same = segments.filter((other) => other.segment === name);
      if (same.length === 1) this.#segments.set(name, segment);
      else {
        const others = same.filter((other) => other !== segment).map((other) => other.at.file);
        const error = `${placeOf(at)}  ${others.join(', ')} already has a segment named ${name}`;
        this.#goOn(name, { file: at.file, segment: name, error });
      }
    }
  }

  /** With what serves from that file; where it was renamed as well, with what serves by that name. */
  goOnFor(broken: BrokenFile): void {
    const { file, segment } = broken;
    const served = [...this.#serving.values()].filter(
      (one) =>
        (one.at.file === file || one.at.file.startsWith(`${file}/`)) &&
        !this.#segments.has(one.segment),
    );
    for (const one of served) this.#goOn(one.segment, broken);
    if (served.length > 0) return;
    if (segment === null || this.#segments.has(segment)) this.leftOut.push(broken);
    else this.#goOn(segment, broken);
  }

  /** Instead of a rule that cannot be computed. */
  keepMembers(name: string, reason: string, hasMembers: boolean): void {
    const segment = this.#segments.get(name);
    if (segment === undefined) return;
    const { at, stale } = segment;
    const error = `${placeOf(at)}  could not be computed: ${reason}`;
    const served = this.#serving.get(name);
    if (served === undefined || !hasMembers) {
      this.#segments.delete(name);
      this.leftOut.push({ file: at.file, segment: name, error });
      return;
    }
    this.#segments.set(name, {
      ...segment,
      rule: keptMembersRule(segment),
      written: writtenRule(segment),
      stale: stale ?? { sinceMs: served.stale?.sinceMs ?? this.#servingMs, error },
    });
  }

  /** Ends: every round makes a segment stale or takes it out, and none comes back. */
  settle(): void {
    for (;;) {
      const segments = this.segments;
      const wrong = [...this.#dangling(segments), ...circular(segments)];
      const next = wrong.length > 0 ? wrong : tooDeep(segments);
      if (next.length === 0) return;
      for (const { segment, error } of this.#first(next)) this.#fail(segment, error);
    }
  }

  *#dangling(segments: readonly Segment[]): Generator<Wrong> {
    for (const segment of segments) {
      for (const { segment: name, at } of mentionsIn(computedRule(segment))) {
        if (this.#segments.has(name)) continue;
        const why = this.leftOut.find((one) => one.segment === name)?.error;
        const reason = why === undefined ? '' : `: ${why}`;
        const error = `${placeOf(at)}  there is no segment named ${JSON.stringify(name)}${reason}`;
        yield { segment, error };
        break;
      }
    }
  }

  /**
   * Who has to give way: those that were edited and can go on as they were; then those that are new; stale ones last.
   */
  #first(wrong: readonly Wrong[]): readonly Wrong[] {
    const rank = ({ segment }: Wrong): number => {
      if (segment.stale !== undefined) return 3;
      const served = this.#serving.get(segment.segment);
      if (served === undefined) return 2;
      return sameMeaning(segment, served) ? 1 : 0;
    };
    const lowest = Math.min(...wrong.map(rank));
    return wrong.filter((one) => rank(one) === lowest);
  }

  #fail(segment: Segment, error: string): void {
    const { segment: name, at, stale } = segment;
    this.#segments.delete(name);
    if (stale === undefined) this.#goOn(name, { file: at.file, segment: name, error });
    else this.leftOut.push({ file: at.file, segment: name, error: `${stale.error}; ${error}` });
  }

  #goOn(name: string, broken: BrokenFile): void {
    const served = this.#serving.get(name);
    if (served === undefined) this.leftOut.push({ ...broken, segment: name });
    else if (!this.#segments.has(name)) {
      const { members: _, heldOut: __, written: ___, ...segment } = served;
      const sinceMs = served.stale?.sinceMs ?? this.#servingMs;
      const stale: Stale = { sinceMs, error: broken.error };
      this.#segments.set(name, { ...segment, rule: writtenRule(served), stale });
    }
  }
}

interface Wrong {
  readonly segment: Segment;
  readonly error: string;
}

/** Whether the segment takes in whom it did, whatever the lines it is written on. */
function sameMeaning(segment: Segment, served: Segment): boolean {
  return (
    segment.group === served.group &&
    segment.priority === served.priority &&
    sameRule(writtenRule(segment), writtenRule(served))
  );
}

/** Conditions on other segments, in the order of the tree. */
function mentionsIn(rule: Rule): readonly (Rule & { kind: 'segment' })[] {
  if (rule.kind === 'segment') return [rule];
  return 'of' in rule ? rule.of.flatMap(mentionsIn) : [];
}

/** Those that lead back to themselves, by references and groups. */
function circular(segments: readonly Segment[]): readonly Wrong[] {
  const next = new Map(
    segments.map((segment) => [
      segment.segment,
      [
        ...referencesOf(computedRule(segment)),
        ...beforeInGroup(segment, segments).map((other) => other.segment),
      ],
    ]),
  );
  const reaches = new Map([...next.keys()].map((name) => [name, reached(name, next)]));
  return segments.flatMap((segment) => {
    const { segment: name, at } = segment;
    const mine = reaches.get(name)!;
    if (!mine.has(name)) return [];
    const circle = [...mine].filter((other) => reaches.get(other)?.has(name)).sort();
    const error = `${placeOf(at)}  segments refer to each other in a circle: ${circle.join(', ')}`;
    return [{ segment, error }];
  });
}

function reached(from: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const seen = new Set<string>();
  const left = [...(next.get(from) ?? [])];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    left.push(...(next.get(name) ?? []));
  }
  return seen;
}

/** Only for segments whose references lead somewhere and in no circle. */
function tooDeep(segments: readonly Segment[]): readonly Wrong[] {
  const grouped = withGroups(segments);
  const layers = segmentLayers(grouped);
  if (layers.length <= DEPTH_MAX) return [];
  return layers.at(-1)!.map((ordinal) => {
    const segment = grouped[ordinal]!;
    const error = `${placeOf(segment.at)}  segments refer to each other ${layers.length} deep; at most ${DEPTH_MAX} are allowed`;
    return { segment, error };
  });
}

function placeOf({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}
