/** The header of a CSV file in other words, on its way to the disk: Metrica's `columns_mapping`. */
import { CsvCutter, csvRows, detectDelimiter } from '../import/csv-rows.ts';

const HEADER_BYTES_MAX = 65_536;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/** The file has no header, or a column that the mapping names is not in it. */
export class HeaderFault extends Error {
  override readonly name = 'HeaderFault';
}

/** `names` are the file's columns by what they are to be called. Lines keep their numbers. */
export async function* renamedHeader(
  chunks: AsyncIterable<Buffer>,
  names: Readonly<Record<string, string>>,
  delimiter?: string,
): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(NEWLINE);
    if (end === -1 && head.length <= HEADER_BYTES_MAX) continue;
    if (end === -1) throw new HeaderFault('the first line has over 65536 bytes: is it a CSV file?');
    yield Buffer.from(renamed(head.toString('utf8', 0, end), names, delimiter));
    yield head.subarray(end);
    head = null;
  }
  if (head !== null) yield Buffer.from(renamed(head.toString('utf8'), names, delimiter));
}

function renamed(
  line: string,
  names: Readonly<Record<string, string>>,
  said: string | undefined,
): string {
  const text = line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
  const delimiter = said ?? detectDelimiter(text);
  const fields = csvRows(new CsvCutter(delimiter).push(text, true), delimiter)[0]?.fields ?? [];
  const header = fields.map((name) => name.trim());
  const missing = Object.values(names).filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new HeaderFault(`columns_mapping: the file has no column ${missing.join(', ')}`);
  }
  const ours = new Map(Object.entries(names).map(([name, theirs]) => [theirs, name]));
  // A column whose name was given to another has none.
  const named = (name: string) => ours.get(name) ?? (Object.hasOwn(names, name) ? '' : name);
  return header.map((name) => `"${named(name).replaceAll('"', '""')}"`).join(delimiter);
}
