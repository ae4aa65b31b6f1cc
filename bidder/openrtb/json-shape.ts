/**
 * What a reader wants of a JSON value: a tree of field names. Arrays are transparent: the shape of
 * a field is the shape of each element when the field holds an array. They are bounded, and an array
 * in an array is nothing to anybody: it comes empty.
 */
export interface JsonShape {
  readonly names: readonly string[];
  readonly shapes: readonly JsonShape[];
  /** The bytes of each name, which compare faster than its characters. */
  readonly spelled: readonly Uint8Array[];
  /** A new object with every name, and perhaps others, undefined. A literal makes it much faster than a copy would. */
  readonly blank: () => Record<string, unknown>;
  /** Index + 1 of the name whose hash this is, 0 for none; collisions go on at the next place. */
  readonly table: Uint8Array;
  /** Whole numbers that no double holds come as their digits. */
  readonly exact: boolean;
  /** So many elements of an array of these become values; the others are stepped over. */
  readonly kept: number;
}

/** Of an array where none is expected: that it is one can be seen. */
const KEPT_OF_NO_LIST = 1;
/** More than there is room for in any body. */
const ALL = 2 ** 30;

/** A value whose own fields nobody reads: text, number, flag, or an array of those. */
export const SCALAR: JsonShape = shapeOf(() => ({}), [], false, KEPT_OF_NO_LIST);
/** A scalar that names something: every digit counts. */
export const NAME: JsonShape = shapeOf(() => ({}), [], true, KEPT_OF_NO_LIST);

/** Objects of which the fields of `blank` are wanted, ASCII names; those not in `shapes` are SCALAR. */
export function fields<Name extends string>(
  blank: () => Record<Name, unknown>,
  shapes?: Readonly<Partial<Record<NoInfer<Name>, JsonShape>>>,
): JsonShape {
  const wanted = Object.keys(blank()) as Name[];
  return shapeOf(
    blank,
    wanted.map((name) => [name, shapes?.[name] ?? SCALAR]),
    false,
    KEPT_OF_NO_LIST,
  );
}

/** A list of `each`. One element more than `most` is kept, so that too many are told from enough. */
export function listOf(each: JsonShape, most: number): JsonShape {
  return keeping(each, fieldsOf(each), most + 1);
}

/** The same shape in which lists have no bounds. */
export function withoutBounds(shape: JsonShape): JsonShape {
  const unbounded = fieldsOf(shape).map(([name, inner]): Field => [name, withoutBounds(inner)]);
  return keeping(shape, unbounded, ALL);
}

/**
 * The same objects, so that code meets one kind of them, in which the fields at these paths, as
 * `site.page`, are not wanted and stay undefined.
 */
export function withoutFields(shape: JsonShape, paths: readonly string[]): JsonShape {
  const wanted = fieldsOf(shape).flatMap(([name, inner]): Field[] => {
    if (paths.includes(name)) return [];
    const within = paths.filter((path) => path.startsWith(`${name}.`));
    if (within.length === 0) return [[name, inner]];
    const left = within.map((path) => path.slice(name.length + 1));
    return [[name, withoutFields(inner, left)]];
  });
  return keeping(shape, wanted, shape.kept);
}

/** Of a name with `length` characters from `first` to `last`: not strong, but at hand. */
export function nameHash(length: number, first: number, last: number): number {
  return length * 7 + first * 3 + last;
}

type Field = readonly [name: string, shape: JsonShape];

function fieldsOf(shape: JsonShape): readonly Field[] {
  return shape.names.map((name, i) => [name, shape.shapes[i]!]);
}

function keeping(shape: JsonShape, wanted: readonly Field[], kept: number): JsonShape {
  return shapeOf(shape.blank, wanted, shape.exact, kept);
}

function shapeOf(
  blank: () => Record<string, unknown>,
  wanted: readonly Field[],
  exact: boolean,
  kept: number,
): JsonShape {
  const names = wanted.map(([name]) => name);
  // Three quarters empty at least, so that a search ends soon.
  const table = new Uint8Array(2 ** Math.ceil(Math.log2(4 * names.length + 1)));
  names.forEach((name, index) => {
    const hash = nameHash(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
    let place = hash & (table.length - 1);
    while (table[place] !== 0) place = (place + 1) & (table.length - 1);
    table[place] = index + 1;
  });
  return {
    names,
    shapes: wanted.map(([, shape]) => shape),
    spelled: names.map((name) => Buffer.from(name)),
    blank,
    table,
    exact,
    kept,
  };
}
