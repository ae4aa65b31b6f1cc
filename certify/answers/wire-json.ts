/** How the validator reads a wire that is not always typed as the standard says. None of it is the bidder's. */

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without fields when it is no object. */
export const json = (value: unknown): Json => (isJson(value) ? value : {});

/** One value without its array is read as the only one: a list that binds is not to be overlooked. */
export function items(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Ids and codes come as numbers from some; of everything else '' is left, which names nothing. */
export const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Blanks around a name are nobody's intention. */
export const texts = (value: unknown): readonly string[] =>
  items(value)
    .map((each) => text(each).trim())
    .filter((each) => each !== '');

/** Numbers come as text and as true and false from some. NaN when it cannot be read. */
export function number(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

export const numbers = (value: unknown): readonly number[] => items(value).map(number);

/** `JSON.parse` keeps the last of two fields of one name and says nothing; another reader keeps the first. */
export function repeatedKeys(source: string): readonly string[] {
  const repeated: string[] = [];
  const open: Set<string>[] = [];
  const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}]/g;
  for (let found = token.exec(source); found !== null; found = token.exec(source)) {
    const [whole, name, colon] = found;
    if (whole === '{') open.push(new Set());
    else if (whole === '}') open.pop();
    else if (colon !== undefined && name !== undefined) {
      if (open.at(-1)?.has(name)) repeated.push(name);
      open.at(-1)?.add(name);
    }
  }
  return repeated;
}
