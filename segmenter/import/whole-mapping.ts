/** The mapping of an import with the sections that shop.yaml leaves out, by the files' own headers. */
import { resolve } from 'node:path';
import { EVENT_KINDS } from '../../settings/event-mapping.ts';
import { type ImportMapping, importMappingSchema } from '../../settings/import-mapping.ts';
import { knownNames, recognised } from '../../settings/known-headers.ts';
import type { Duck } from '../duck.ts';
import { readFileHead } from './file-head.ts';
import { ImportError } from './import-error.ts';
import { shownHeader } from './open-rows.ts';

const KINDS = ['orders', 'customers', ...EVENT_KINDS] as const;
type WholeKind = (typeof KINDS)[number];

/** Throws ImportError for a file whose columns neither shop.yaml nor its header tells. */
export async function wholeMapping(
  mapping: ImportMapping,
  files: Readonly<Partial<Record<WholeKind, string>>>,
  duck: Duck,
): Promise<ImportMapping> {
  const whole = { ...mapping };
  for (const kind of KINDS) {
    const file = files[kind];
    if (file === undefined || mapping[kind] !== undefined) continue;
    const { columns } = await readFileHead(resolve(file), {}, duck);
    Object.assign(whole, sectionOf(kind, file, columns));
  }
  return whole;
}

/** `import:` with the one section of the known file that a header is of. Throws ImportError when it is of none. */
function sectionOf(kind: WholeKind, file: string, header: readonly string[]): ImportMapping {
  const like = recognised(kind, header);
  if (like !== null) return importMappingSchema.parse({ [kind]: { like } });
  const known = knownNames(kind).join(', ') || 'there is none of this kind';
  const unknown =
    `${file}: shop.yaml has no import: ${kind}: section, and the header is of no file that is known ` +
    `(${known})`;
  throw new ImportError(`${unknown}; the file has ${shownHeader(header)}`, unknown);
}
