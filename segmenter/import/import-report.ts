/** What an import tells the person who started it. */
import type { OrdersReport } from './import-orders.ts';
import type { PeopleReport } from './import-people.ts';

export interface ImportReport {
  readonly shop: string;
  readonly orders: OrdersReport | null;
  readonly customers: PeopleReport | null;
  readonly devices: PeopleReport | null;
  /** What the shop's data holds now, all imports together. */
  readonly held: { readonly customers: number; readonly orders: number; readonly devices: number };
}
