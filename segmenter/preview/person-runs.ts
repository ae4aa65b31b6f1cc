/** Since when one person has been in their segments, as builds saw it. */
import type { Segment } from '../../rules/rule.ts';
import { keptTable, readKept } from '../build/kept-generation.ts';
import { heldOrdinals } from '../build/membership-runs.ts';
import { Duck, sqlText } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';

export interface PersonRunsRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly generation: string;
  /** Its segments, by ordinal. */
  readonly segments: readonly Segment[];
  /** Hashed person id. */
  readonly person: string;
  readonly memoryMb: number;
  readonly threads: number;
}

export interface MembershipRun {
  readonly segment: string;
  /** Local day since which the person has been in it. */
  readonly sinceDay: number;
  /** The last day on which its rule held; null where nobody stays for longer. */
  readonly heldDay: number | null;
}

/** One for each segment that the person was in at the build; none when the generation has kept nothing. */
export async function personRuns(request: PersonRunsRequest): Promise<readonly MembershipRun[]> {
  const { shop, generation, segments, person, memoryMb, threads } = request;
  const files = shopFiles(request.dir, shop);
  const kept = readKept(files, generation);
  if (kept === null || segments.length === 0) return [];
  const folders = [files.folder];
  await using duck = await Duck.open({ memoryMb, threads, tempDir: files.temp, folders });
  const held = heldOrdinals(segments);
  const columns = [...segments.map((_, i) => `s${i}`), ...held.map((i) => `h${i}`)];
  const [row] = await duck.rows(`SELECT ${columns.join(', ')}
    FROM ${keptTable(files, kept, 'members')} WHERE person = ${sqlText(person)}`);
  const dayAt = (column: number) => {
    const value = column < 0 ? null : (row?.[column] ?? null);
    return value === null ? null : Number(value);
  };
  return segments.flatMap(({ segment }, i) => {
    const sinceDay = dayAt(i);
    if (sinceDay === null) return [];
    const nth = held.indexOf(i);
    return [{ segment, sinceDay, heldDay: dayAt(nth < 0 ? -1 : segments.length + nth) }];
  });
}
