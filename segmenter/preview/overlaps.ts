/** How many people each two segments of a generation have in common. */
import { keptTable, readKept } from '../build/kept-generation.ts';
import { isMemberSql } from '../build/membership.ts';
import { Duck } from '../duck.ts';
import { shopFiles } from '../shop-data.ts';
import { PreviewRefused } from './preview-segment.ts';

export interface OverlapRequest {
  /** The workspace's folder. */
  readonly dir: string;
  readonly shop: string;
  readonly generation: string;
  /** By ordinal. */
  readonly segments: readonly { readonly segment: string }[];
  readonly memoryMb: number;
  readonly threads: number;
}

export interface Overlaps {
  readonly shop: string;
  readonly generation: string;
  readonly customers: number;
  readonly segments: readonly {
    readonly segment: string;
    readonly members: number;
    /** Members that are in the segment of that place too; its own place has all of them. */
    readonly with: readonly number[];
  }[];
}

/** Throws PreviewRefused when the generation kept no memberships. */
export async function segmentOverlaps(request: OverlapRequest): Promise<Overlaps> {
  const { shop, generation, segments, memoryMb, threads } = request;
  const files = shopFiles(request.dir, shop);
  const kept = readKept(files, generation);
  if (kept === null) throw new PreviewRefused(generation, shop);
  const folders = [files.folder];
  await using duck = await Duck.open({ memoryMb, threads, tempDir: files.temp, folders });
  const both = segments.flatMap((_, a) =>
    segments.map((__, b) => `count(*) FILTER (${isMemberSql(a)} AND ${isMemberSql(b)})`),
  );
  const [customers, ...counts] = await duck.numbers(
    `SELECT ${['count(*)', ...both].join(', ')} FROM ${keptTable(files, kept, 'members')}`,
  );
  return {
    shop,
    generation,
    customers: customers!,
    segments: segments.map(({ segment }, a) => {
      const row = counts.slice(a * segments.length, (a + 1) * segments.length);
      return { segment, members: row[a]!, with: row };
    }),
  };
}
