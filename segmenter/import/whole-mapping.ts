/** The mapping of an import with the sections that shop.yaml leaves out, by the files' own headers. */
import { resolve } from 'node:path';
import { type ImportMapping, importMappingSchema } from '../../settings/import-mapping.ts';
import { knownNames, recognised } from '../../settings/known-headers.ts';
import type { Duck } from '../duck.ts';
import { readFileHead } from './file-head.ts';
import { ImportError } from './import-error.ts';
import { shownHeader } from './open-rows.ts';

/** Kinds of files whose columns a header may tell. */
export type RecognisedKind = 'orders' | 'customers';

/** Throws ImportError for a file whose columns neither shop.yaml nor its header tells. */
export async function wholeMapping(
  mapping: ImportMapping,
  files: Readonly<Partial<Record<RecognisedKind, string>>>,
  duck: Duck,
): Promise<ImportMapping> {
  const whole = { ...mapping };
  for (const kind of ['orders', 'customers'] as const) {
    const file = files[kind];
    if (file === undefined || mapping[kind] !== undefined) continue;
    const { columns } = await readFileHead(resolve(file), {}, duck);
    Object.assign(whole, sectionOf(kind, file, columns));
  }
  return whole;
}

/** `import:` with the one section of the known file that a header is of. Throws ImportError when it is of none. */
function sectionOf(kind: RecognisedKind, file: string, header: readonly string[]): ImportMapping {
  const like = recognised(kind, header);
  if (like !== null) return importMappingSchema.parse({ [kind]: { like } });
  throw new ImportError(
    `${file}: shop.yaml has no import: ${kind}: section, and the header is of no file that is known ` +
      `(${knownNames(kind).join(', ')}); the file has ${shownHeader(header)}`,
  );
}
