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
import { readOffers, readSegments, type SegmentOwner, type ShopReading } from './read-shop.ts';
import type { SegmentFile } from './segment-file.ts';

const OF_SEGMENTS = /^shops\/[^/]+\/segments(?:\/|$)/;

export interface ShopSegments extends WrittenSegments {
  readonly files: readonly SegmentFile[];
}

/** Never throws for bad input. */
export function readShopSegments(shop: SegmentOwner): ShopSegments {
  const problems: ConfigProblem[] = [];
  const segments = readSegments(shop, problems);
  return shopSegments(shop, { segments, offers: readOffers(shop, []), problems });
}

/** The same of what was read already; `found` has the problems of the segments' files at least. */
export function shopSegments(
  shop: Pick<SegmentOwner, 'dir' | 'shop'>,
  {
    segments: read,
    offers,
    problems: found,
  }: Pick<ShopReading, 'segments' | 'offers' | 'problems'>,
): ShopSegments {
  const problems = [...found.filter(isOfSegments), ...unknownOffers(read, offers)];
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

/** Whether a problem is of a file that a build forgives. */
export function isOfSegments({ file }: Pick<ConfigProblem, 'file'>): boolean {
  return OF_SEGMENTS.test(file);
}

function brokenFile(
  { dir, shop }: Pick<SegmentOwner, 'dir' | 'shop'>,
  problems: readonly ConfigProblem[],
): BrokenFile {
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
