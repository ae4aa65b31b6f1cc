/** What serves and has served, as a marketer reads it. */
import type { HistoryEntry } from '../segmenter/build/build-history.ts';
import type { Overlaps } from '../segmenter/preview/overlaps.ts';
import type { Terminal } from './terminal.ts';

const BUILDS_SHOWN = 20;
const MOVES_SHOWN = 3;

/** Of each segment's members the share that is in each other segment too. */
export function showOverlaps({ generation, segments }: Overlaps, terminal: Terminal): void {
  terminal.say(terminal.bold(`generation ${generation}, % of the row that is in the column too`));
  const numbers = segments.map((_, i) => `${i + 1}`.padStart(5));
  terminal.say(`  ${''.padEnd(29)}${'people'.padStart(9)} ${numbers.join(' ')}`);
  segments.forEach(({ segment, members, with: others }, i) => {
    const shares = others.map((both, k) => (k === i ? '' : percent(both, members)).padStart(5));
    const name = `${`${i + 1}`.padStart(3)}  ${segment}`.padEnd(29);
    terminal.say(`  ${name}${String(members).padStart(9)} ${shares.join(' ')}`);
  });
}

/** The newest builds, the newest last, with what moved most in each. */
export function showHistory(entries: readonly HistoryEntry[], terminal: Terminal): void {
  if (entries.length === 0) terminal.say('nothing was built yet');
  for (const entry of entries.slice(-BUILDS_SHOWN)) {
    const at = new Date(entry.atMs).toISOString();
    if (entry.kind === 'rollback') {
      terminal.say(`${at}  back to ${entry.generation}`);
      continue;
    }
    const took = `${(entry.tookMs / 1000).toFixed(1)} s`;
    terminal.say(`${at}  ${entry.generation}  ${entry.customers} customers, took ${took}`);
    for (const line of mostMoved(entry)) terminal.say(terminal.dim(`  ${line}`));
  }
}

function mostMoved({ segments }: HistoryEntry & { kind: 'build' }): string[] {
  const moved = segments.flatMap(({ segment, members, entered, left }) =>
    entered === null || left === null ? [] : [{ segment, members, entered, left }],
  );
  return moved
    .filter(({ entered, left }) => entered + left > 0)
    .sort((a, b) => b.entered + b.left - a.entered - a.left)
    .slice(0, MOVES_SHOWN)
    .map(
      ({ segment, members, entered, left }) => `${segment} +${entered} -${left}, now ${members}`,
    );
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : ((100 * part) / whole).toFixed(1);
}
