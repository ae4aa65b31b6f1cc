/** A base without a single customer serves nobody: why it is empty, and what to do. */
import { existsSync } from 'node:fs';
import { sqlText } from '../duck.ts';
import type { Build } from './build-context.ts';
import { BuildRefused } from './build-request.ts';

/**
 * Throws BuildRefused when there are no customers; `optedOut` is how many there are without consent to ads. When it is
 * forced nobody is recognised any more, as they have said.
 */
export async function refuseEmpty(
  build: Pick<Build, 'duck' | 'files' | 'request'>,
  { customers, optedOut }: { readonly customers: number; readonly optedOut: number },
): Promise<void> {
  if (customers > 0) return;
  const { shop, force } = build.request;
  if (optedOut > 0) {
    if (force) return;
    throw new BuildRefused(
      `no customer in the imported data has consented to ads (of ${optedOut}), so that nobody may be ` +
        'recognised: see consent: of import: customers: in shop.yaml; if that is right, run again with --force',
    );
  }
  const events = await countEvents(build);
  if (events > 0) {
    throw new BuildRefused(
      `there are events in the imported data (${events}), but no customer and no order that names people: ` +
        'import customers or orders too. The file of events may be read as one of customers: say ' +
        'customers: { columns: { customer: user_id } } below import: in shop.yaml, with the column that ' +
        `names them, and run rekindle import ${shop} --customers FILE`,
    );
  }
  throw new BuildRefused(
    `there is no customer in the imported data: run rekindle import ${shop} with customers or orders`,
  );
}

async function countEvents({ duck, files }: Pick<Build, 'duck' | 'files'>): Promise<number> {
  if (!existsSync(files.events)) return 0;
  const [count] = await duck.numbers(`SELECT count(*) FROM read_parquet(${sqlText(files.events)})`);
  return count!;
}
