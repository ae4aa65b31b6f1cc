/** How a preview reads the rows of each kind of file: with the import's own readers. */
import type { ZoneOffsets } from '../../rules/local-day.ts';
import type { FileKind } from '../../settings/event-mapping.ts';
import type {
  CustomersMapping,
  EventsMapping,
  ImportMapping,
  OrdersMapping,
} from '../../settings/import-mapping.ts';
import { type KnownName, knownFile } from '../../settings/known-headers.ts';
import type { ShopMoney } from '../../settings/order-money.ts';
import { attributesReader } from './attribute-cells.ts';
import { consentColumns, consentPurposes } from './consent-cells.ts';
import { eventRowReader } from './event-row.ts';
import { exchanger } from './exchanged-money.ts';
import { ImportError } from './import-error.ts';
import { devicesOf, type PeopleReader, peopleOf } from './import-people.ts';
import { type CellProblem, columnPlaces } from './order-columns.ts';
import { orderRowReader } from './order-row.ts';
import { timeReader } from './time-reader.ts';
import { statusOfNone } from './unsaid-fields.ts';

export interface PreviewReader {
  /** What the import takes a column for → the column, as `import:` writes it. */
  readonly taken: readonly (readonly [as: string, column: string])[];
  readonly columns: readonly string[];
  readonly like: KnownName | null;
  read(
    cells: readonly string[],
  ): { readonly hasCustomer: boolean; readonly status: string | null } | CellProblem;
}

export interface FileReading {
  readonly file: string;
  readonly zone: ZoneOffsets;
  readonly money: ShopMoney;
  /** The file's columns. */
  readonly header: readonly string[];
}

/** Throws ImportError for devices that shop.yaml has no section for. */
export function previewReader(
  kind: FileKind,
  mapping: ImportMapping,
  { file, zone, money, header }: FileReading,
): PreviewReader {
  const { orders, customers, devices } = mapping;
  if (kind === 'orders') return ordersReader(orders!, zone, money);
  if (kind === 'customers') {
    const like = customers!.like ?? null;
    const reader = peopleReader(peopleOf(customers!, zone), customers!.columns);
    return {
      ...reader,
      taken: [...reader.taken, ...attributesOf(customers!), ...consentOf(customers!)],
      like,
    };
  }
  if (kind !== 'devices') return eventsReader(mapping[kind]!, header, zone);
  if (devices === undefined) {
    throw new ImportError(
      `shop.yaml has no import: devices: section, so the columns of ${file} are unknown`,
    );
  }
  return { ...peopleReader(devicesOf(devices, zone), devices.columns), like: null };
}

function ordersReader(mapping: OrdersMapping, zone: ZoneOffsets, money: ShopMoney): PreviewReader {
  const readTime = timeReader(mapping.time_format, zone);
  const readAttributes = attributesReader(mapping.attributes ?? {}, zone);
  const exchange = exchanger(money, zone);
  const rows = orderRowReader(mapping, { readTime, exchange, readAttributes });
  const taken = takenOf(mapping.columns);
  if ('column' in mapping.status) taken.push(['status', mapping.status.column]);
  const like = mapping.like ?? null;
  const people = like === null ? undefined : knownFile(like).people;
  taken.push(...takenOf(people ?? {}), ...attributesOf(mapping));
  return {
    taken,
    columns: columnPlaces(mapping).columns,
    like,
    read(cells) {
      const row = rows.read(cells);
      if ('reason' in row) return row;
      return { hasCustomer: row.customer !== '', status: row.status || statusOfNone(mapping) };
    },
  };
}

function eventsReader(
  mapping: EventsMapping,
  header: readonly string[],
  zone: ZoneOffsets,
): PreviewReader {
  const rows = eventRowReader(mapping, header, timeReader(mapping.time_format, zone));
  const taken = takenOf(mapping.columns);
  for (const column of rows.further) taken.push(['attribute', column]);
  return {
    taken,
    columns: rows.columns,
    like: mapping.like ?? null,
    read(cells) {
      const row = rows.read(cells);
      return 'reason' in row ? row : { hasCustomer: true, status: null };
    },
  };
}

function peopleReader(
  { columns, parse }: PeopleReader,
  named: Readonly<Record<string, string>>,
): Omit<PreviewReader, 'like'> {
  return {
    taken: takenOf(named),
    columns,
    read(cells) {
      const parsed = parse(cells);
      return 'reason' in parsed ? parsed : { hasCustomer: true, status: null };
    },
  };
}

function attributesOf({
  attributes = {},
}: Pick<OrdersMapping, 'attributes'>): [as: string, column: string][] {
  return Object.entries(attributes).map(([name, { column }]) => [`attributes.${name}`, column]);
}

function consentOf({ consent = {} }: CustomersMapping): [as: string, column: string][] {
  const columns = consentColumns(consent);
  return consentPurposes(consent).map((purpose, i) => [`consent.${purpose}`, columns[i]!]);
}

function takenOf(named: Readonly<Record<string, string>>): [as: string, column: string][] {
  return Object.entries(named);
}
