/** `statuses:` of shop.yaml: what each order status of the shop's CRM means. */
import { z } from 'zod';
import { STATUS_GROUPS, type StatusGroup } from '../rules/customer.ts';

/** CRM status → group. Statuses are compared to the letter. */
type StatusMap = Readonly<Record<string, StatusGroup>>;

const STATUS_CHARS_MAX = 255;

/** Ready maps by the system whose statuses they are: `like: retailcrm`. */
const READY_MAPS = {
  /**
   * Codes of retailCRM's six groups and of the statuses in them, spelled as it spells them. What is
   * delivered is not paid yet; what came back is returned, though it stands among the cancelled.
   */
  retailcrm: grouped({
    in_progress: [
      'new',
      ...['approval', 'availability-confirmed', 'offer-analog', 'client-confirmed', 'prepayed'],
      ...['ready-to-wait', 'waiting-for-arrival'],
      ...['assembling', 'send-to-assembling', 'assembling-complete'],
      ...['delivery', 'send-to-delivery', 'delivering', 'redirect', 'delivered'],
      ...['ready-for-self-pickup', 'arrived-in-pickup-point'],
    ],
    paid: ['complete', 'partially-completed'],
    cancelled: [
      ...['cancel', 'no-call', 'no-product', 'already-buyed', 'delyvery-did-not-suit'],
      ...['prices-did-not-suit', 'cancel-other', 'abandoned-cart'],
    ],
    returned: ['return', 'returned', 'return-delivery', 'vozvrat'],
    spam: ['testdubl'],
  }),
  /** Status types of the Yandex Metrica CRM API; older documents write CANCELED. */
  metrica: grouped({
    in_progress: ['IN_PROGRESS'],
    paid: ['PAID'],
    cancelled: ['CANCELLED', 'CANCELED'],
    spam: ['SPAM'],
    other: ['OTHER'],
  }),
} as const satisfies Readonly<Record<string, StatusMap>>;

const readyNames = Object.keys(READY_MAPS) as (keyof typeof READY_MAPS)[];

/** A ready map, or none, with the shop's own entries over it; the output is all of them together. */
export const statusesSchema = z
  .object({ like: z.enum(readyNames).exactOptional() })
  .catchall(z.enum(STATUS_GROUPS))
  .superRefine((statuses, context) => {
    for (const status of Object.keys(statuses)) {
      if (status !== '' && status.length <= STATUS_CHARS_MAX) continue;
      const message = `expected a status of 1 to ${STATUS_CHARS_MAX} characters`;
      context.addIssue({ code: 'custom', message, path: [status] });
    }
  })
  .transform(
    ({ like, ...own }): StatusMap => ({
      ...(like === undefined ? {} : READY_MAPS[like]),
      ...(own as StatusMap),
    }),
  );

function grouped(byGroup: Partial<Record<StatusGroup, readonly string[]>>): StatusMap {
  const entries = Object.entries(byGroup) as [StatusGroup, readonly string[]][];
  return Object.fromEntries(
    entries.flatMap(([group, statuses]) => statuses.map((status) => [status, group])),
  );
}
