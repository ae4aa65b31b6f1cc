/** Which group a CRM status belongs to: `statuses:` of shop.yaml over the groups' own names. */
import { STATUS_GROUPS, type StatusGroup } from '../rules/customer.ts';
import { sqlText } from './duck.ts';

/** CRM status → group, as the shop wrote it. Statuses are compared to the letter. */
export type StatusMap = Readonly<Record<string, StatusGroup>>;

/** The group of a status, or null when nobody mapped it. */
export function statusGroup(status: string, statuses: StatusMap): StatusGroup | null {
  if (Object.hasOwn(statuses, status)) return statuses[status] ?? null;
  return STATUS_GROUPS.find((group) => group === status) ?? null;
}

/** SQL for the ordinal in STATUS_GROUPS of a column of statuses; NULL for one that is not mapped. */
export function statusOrdinalSql(column: string, statuses: StatusMap): string {
  const known = new Set([...Object.keys(statuses), ...STATUS_GROUPS]);
  const whens = [...known].sort().map((status) => {
    const group = statusGroup(status, statuses);
    return `WHEN ${sqlText(status)} THEN ${STATUS_GROUPS.indexOf(group!)}`;
  });
  return `CAST(CASE ${column} ${whens.join(' ')} END AS INTEGER)`;
}
