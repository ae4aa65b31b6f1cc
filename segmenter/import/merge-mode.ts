/** How a file is merged with what earlier imports left (docs/uploads.md has the table). */

export const MERGE_MODES = ['save', 'update', 'append'] as const;
export type MergeMode = (typeof MERGE_MODES)[number];

export interface MergeRules {
  /** Whether what a record does not say is lost, or stays: a column that is missing, an empty cell. */
  readonly unsaid: 'lost' | 'stays';
  /** Attributes of several values: those of the file, or of both. */
  readonly lists: 'replaced' | 'added';
  /** Cookies and further e-mails of a customers file: those of the file, or of both. */
  readonly links: 'replaced' | 'added';
  /** Whether a file may lack columns that its mapping names, beside those that say whose a record is. */
  readonly columns: 'all' | 'any';
}

/** Of an import that names no mode: an update whose links are only added to, as an append's are. */
const MERGE_DEFAULT: MergeRules = {
  unsaid: 'stays',
  lists: 'replaced',
  links: 'added',
  columns: 'all',
};

const RULES: Readonly<Record<MergeMode, MergeRules>> = {
  save: { unsaid: 'lost', lists: 'replaced', links: 'replaced', columns: 'any' },
  update: { unsaid: 'stays', lists: 'replaced', links: 'replaced', columns: 'any' },
  append: { unsaid: 'stays', lists: 'added', links: 'added', columns: 'any' },
};

/** Columns that a file may not lack; undefined means all. */
export function requiredColumns(
  { columns }: MergeRules,
  required: readonly string[],
): readonly string[] | undefined {
  return columns === 'all' ? undefined : required;
}

export function mergeRules(mode: MergeMode | undefined): MergeRules {
  return mode === undefined ? MERGE_DEFAULT : RULES[mode];
}
