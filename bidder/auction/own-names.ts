/** A shop's own categories or domains, asked for by every name that a request blocks. */
export interface OwnNames {
  readonly names: readonly string[];
  readonly set: ReadonlySet<string>;
}

/** Few names are compared one by one: that costs less than to hash a name just read. */
const COMPARED_MAX = 12;

export function ownNames(names: readonly string[]): OwnNames {
  const set = new Set(names);
  return { names: [...set], set };
}

/** Whether any of the names is one of the shop's. */
export function hasAny(own: OwnNames, names: readonly string[]): boolean {
  for (let i = 0; i < names.length; i++) if (hasName(own, names[i]!)) return true;
  return false;
}

export function hasName(own: OwnNames, name: string): boolean {
  const { names } = own;
  if (names.length > COMPARED_MAX) return own.set.has(name);
  for (let i = 0; i < names.length; i++) {
    if (names[i]!.length === name.length && names[i] === name) return true;
  }
  return false;
}
