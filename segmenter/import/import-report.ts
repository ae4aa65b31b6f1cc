/** What an import tells the person who started it. */
import type { FileKind } from '../../settings/event-mapping.ts';
import type { OrdersReport } from './import-orders.ts';
import type { PeopleReport } from './import-people.ts';
import type { JoinReport } from './join-customers.ts';
import type { MatchedKeys } from './matched-keys.ts';
import type { RepeatedByKind } from './merge-events.ts';

/** Customers by their word on one purpose, all imports together. */
export interface ConsentReport {
  readonly purpose: string;
  readonly allowed: number;
  readonly refused: number;
  /** Of this file: cells that say neither yes nor no, taken for a no. */
  readonly unreadable: number;
}

export interface SuppressedRows {
  readonly customers: number;
  readonly orders: number;
  readonly devices: number;
  readonly events: number;
}

export interface ImportReport {
  readonly shop: string;
  readonly orders: OrdersReport | null;
  readonly customers: PeopleReport | null;
  readonly devices: PeopleReport | null;
  readonly events: PeopleReport | null;
  readonly conversions: PeopleReport | null;
  readonly calls: PeopleReport | null;
  /** Who is one person with whom; null when neither customers nor orders were imported. */
  readonly joined: JoinReport | null;
  /** Orders of the file whose status is older than the one that was held: left as they were. */
  readonly staleOrders: number;
  /** Of each file of events, conversions or calls. */
  readonly repeated: RepeatedByKind;
  /** Left out of the shop's data, because whom they are of was forgotten. */
  readonly suppressed: SuppressedRows;
  readonly consent: readonly ConsentReport[];
  /** Whether the data is another than before, or would be; not when the same rows came again. */
  readonly changed: boolean;
  /** What was read and counted is not in place. */
  readonly dryRun: boolean;
  /** By which key the people of each file were known. */
  readonly matched: Readonly<Partial<Record<FileKind, MatchedKeys>>>;
  /** What the shop's data holds now, all imports together. */
  readonly held: {
    readonly customers: number;
    readonly orders: number;
    readonly devices: number;
    /** Events, conversions and calls. */
    readonly events: number;
  };
}

/** What was read; null of a kind of file that was not given. */
export type FileReports = Pick<
  ImportReport,
  'orders' | 'customers' | 'devices' | 'events' | 'conversions' | 'calls'
>;
