/** What others collected to break markup with: it lies beside the project, never in it. */
import { existsSync, readFileSync } from 'node:fs';

const CORPUS = '../shared/data/badinput';
export const missing = existsSync(CORPUS) ? '' : ` (skipped: ${CORPUS} is missing)`;

export function payloads(file: string): string[] {
  const text = readFileSync(`${CORPUS}/${file}`, 'utf8');
  if (file.endsWith('.json')) return JSON.parse(text) as string[];
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { s?: string; payload?: string })
    .map(({ s, payload }) => s ?? payload ?? '');
}
