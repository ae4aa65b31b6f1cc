import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Why a suite that needs these programs is skipped; '' when all are on `path`. */
export function whySkipped(programs: readonly string[], path = process.env['PATH'] ?? ''): string {
  const folders = path.split(delimiter);
  const missing = programs.filter((program) =>
    folders.every((folder) => !existsSync(join(folder, program))),
  );
  return missing.length === 0 ? '' : ` (skipped: ${missing.join(' and ')} not on PATH)`;
}
