import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LOG_HEADER_BYTES, parseSegmentName } from '../platform/append-log-format.ts';
import { LogDamaged, readAppendLog } from '../platform/read-append-log.ts';
import { decodeEvent, type EventRecord } from '../proto/records.ts';
import type { Marks } from '../store/ports.ts';

export interface ReplayDeps {
  readonly dir: string;
  readonly marks: Marks;
  /** Idempotent. A rejection ends the replay; what was applied before is marked. */
  apply(event: EventRecord): Promise<void>;
  /** Only the segments of this writer; all when left out. */
  readonly writer?: string;
  /**
   * After a power cut, before anybody logs again: what follows the first bad record of a writer's
   * newest segment was not synced, so nobody was promised it, and it is passed over for good. All
   * other damage is reported by every replay.
   */
  readonly afterPowerCut?: boolean;
}

export interface ReplayReport {
  readonly segments: number;
  readonly events: number;
  /** Segments that cannot be read past some byte; what follows there is not applied. */
  readonly damaged: readonly LogDamaged[];
}

const AT_ONCE = 64;

/** The mark that keeps how far a segment has been applied to the store: a byte offset. */
export function appliedMark(segment: string): string {
  return `event-log/${segment}`;
}

/**
 * Applies what the store has not seen of every segment in `dir`, oldest first, and marks it.
 * Segments that others write to just now may be among them: applying twice changes nothing.
 */
export async function replayLogs(deps: ReplayDeps): Promise<ReplayReport> {
  const damaged: LogDamaged[] = [];
  let segments = 0;
  let events = 0;
  const names = await segmentsIn(deps.dir, deps.writer);
  const unsynced = deps.afterPowerCut ? newestOf(names) : new Set<string>();
  for (const name of names) {
    const from = await appliedOffset(deps.marks, name);
    const { size } = await stat(join(deps.dir, name));
    if (size <= Math.max(from, LOG_HEADER_BYTES)) continue;
    segments++;
    try {
      events += await replaySegment(deps, name, from);
    } catch (error) {
      if (!(error instanceof LogDamaged)) throw error;
      damaged.push(error);
      if (unsynced.has(name)) await deps.marks.set(appliedMark(name), String(size));
    }
  }
  return { segments, events, damaged };
}

/**
 * Deletes segments last written before `beforeMs` (Unix ms) of which everything has been applied.
 * Returns their names. Damaged segments stay: somebody must look at them. So does the newest of
 * each writer, which may be open: what is written to a deleted file is lost.
 */
export async function removeAppliedLogs(
  deps: Pick<ReplayDeps, 'dir' | 'marks'>,
  beforeMs: number,
): Promise<readonly string[]> {
  const removed: string[] = [];
  const names = await segmentsIn(deps.dir, undefined);
  const newest = newestOf(names);
  for (const name of names) {
    const file = join(deps.dir, name);
    const { mtimeMs } = await stat(file);
    if (newest.has(name) || mtimeMs >= beforeMs) continue;
    if (!(await isApplied(file, await appliedOffset(deps.marks, name)))) continue;
    await unlink(file);
    removed.push(name);
  }
  return removed;
}

async function segmentsIn(dir: string, writer: string | undefined): Promise<readonly string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .map((name) => ({ name, segment: parseSegmentName(name) }))
    .filter(({ segment }) => segment !== null && (writer ?? segment.writer) === segment.writer)
    .sort((a, b) => a.segment!.seq - b.segment!.seq)
    .map(({ name }) => name);
}

/** Of each writer; `names` are in order. */
function newestOf(names: readonly string[]): Set<string> {
  return new Set(new Map(names.map((name) => [parseSegmentName(name)!.writer, name])).values());
}

async function appliedOffset(marks: Marks, name: string): Promise<number> {
  const offset = Number(await marks.get(appliedMark(name)));
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0;
}

/** Whether no good record follows. */
async function isApplied(file: string, from: number): Promise<boolean> {
  try {
    for await (const _ of readAppendLog(file, from)) return false;
    return true;
  } catch {
    return false;
  }
}

async function replaySegment(deps: ReplayDeps, name: string, from: number): Promise<number> {
  let batch: EventRecord[] = [];
  let events = 0;
  let end = from;
  const flush = async (): Promise<void> => {
    await Promise.all(batch.map((event) => deps.apply(event)));
    events += batch.length;
    batch = [];
    await deps.marks.set(appliedMark(name), String(end));
  };
  try {
    for await (const { bytes, next } of readAppendLog(join(deps.dir, name), from)) {
      const event = decodeEvent(bytes);
      if (event !== null && !event.bid) batch.push(event);
      end = next;
      if (batch.length >= AT_ONCE) await flush();
    }
  } finally {
    // Also before damage: what is good in front of it counts.
    if (end > from) await flush();
  }
  return events;
}
