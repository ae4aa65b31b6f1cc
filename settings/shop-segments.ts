/**
 * A shop's segment files as a build takes them: one that is broken says so and keeps no other from being
 * read. `rekindle validate` refuses what this forgives (settings/cross-checks.ts).
 */
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type ConfigProblem, readConfigFile } from '../platform/config-file.ts';
import type { BrokenFile, WrittenSegments } from '../rules/sound-segments.ts';
import { unknownOffers } from './cross-checks.ts';
import { nameField } from './fields.ts';
import { readOffers, readSegments, type SegmentOwner } from './read-shop.ts';
import type { SegmentFile } from './segment-file.ts';

export interface ShopSegments extends WrittenSegments {
  readonly files: readonly SegmentFile[];
}

/** Never throws for bad input. */
export function readShopSegments(shop: SegmentOwner): ShopSegments {
  const problems: ConfigProblem[] = [];
  const read = readSegments(shop, problems);
  problems.push(...unknownOffers(read, readOffers(shop, [])));
  const broken = [...new Set(problems.map(({ file }) => file))];
  const files = read.filter(({ source }) => !broken.includes(source.file));
  return {
    files,
    segments: files.map(({ segment }) => segment).sort((a, b) => (a.segment < b.segment ? -1 : 1)),
    broken: broken.map((file) =>
      brokenFile(
        shop,
        problems.filter((problem) => problem.file === file),
      ),
    ),
  };
}

function brokenFile({ dir, shop }: SegmentOwner, problems: readonly ConfigProblem[]): BrokenFile {
  const [{ file: shown, line, column, path, message }] = problems as [ConfigProblem];
  const file = shown.slice(`shops/${shop}/`.length);
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  const what = path === '' ? message : `${path} ${message}`;
  const error = `${file}:${line}:${column}  ${what}${more}`;
  return { file, segment: nameIn(join(dir, file)), error };
}

const namedSchema = z.object({ segment: nameField });

/** What a broken file calls its segment, as far as it can be read. */
function nameIn(path: string): string | null {
  return readConfigFile(path, basename(path), namedSchema).value?.segment ?? null;
}
