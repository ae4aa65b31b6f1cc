/**
 * `rekindle export --to webhook`: a segment in signed pages. Which were taken is written down, so that
 * the same command goes on after the last one; a receiver that got a page and could not say so gets it
 * again with the same webhook-id.
 */
import { createHash, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { writeDurably } from '../../platform/durable-file.ts';
import type { Generations } from '../../store/ports.ts';
import type { Duck } from '../duck.ts';
import { emailHash, phoneHash } from '../identity/platform-hashes.ts';
import type { ShopSource } from '../import/import-context.ts';
import { readImportState } from '../import/import-state.ts';
import { openShopData } from '../open-shop-data.ts';
import type { ShopFiles } from '../shop-data.ts';
import { addressees } from './addressees.ts';
import { noteHandover } from './handover-ledger.ts';
import { HandoverRefused } from './handover-request.ts';
import { type Addressee, ROWS_MIN } from './platform-files.ts';
import { patientReceiver, postPage, type Receiver } from './post-page.ts';
import { selectMembers } from './select-members.ts';
import { checkedUrl, secretBytes } from './sign-webhook.ts';
import type { WebhookReport, WebhookRequest } from './webhook-request.ts';

const PAGE_CUSTOMERS = 1000;

export interface WebhookPorts {
  readonly key: KeyObject;
  readonly generations: Generations;
  readonly clock: Clock;
  /** Default: waits as long as it says. */
  readonly wait?: Receiver['wait'];
}

/** Throws HandoverRefused, for a page that was not taken too, and what handOver() throws. */
export async function sendWebhook(
  request: WebhookRequest,
  { key, generations, clock, wait }: WebhookPorts,
): Promise<WebhookReport> {
  const { shop, segment, nowMs } = request;
  const patient = patientReceiver(checkedUrl(request.url), secretBytes(request.secret), clock);
  const receiver = wait === undefined ? patient : { ...patient, wait };
  await using source = await openShopData(request, key);
  const selected = await selectMembers(source, generations, request);
  const [people, customers] = await source.duck.numbers(
    'SELECT count(DISTINCT person), count(*) FROM addressees',
  );
  if (people! < ROWS_MIN) {
    throw new HandoverRefused(
      `${segment} has ${people} people for a webhook, and at least ${ROWS_MIN} are needed so that the ` +
        `list tells of nobody in particular; nothing was sent`,
    );
  }
  const { generation } = selected;
  const delivery = {
    ...{
      shop,
      segment,
      generation,
      people: people!,
      pages: Math.ceil(customers! / PAGE_CUSTOMERS),
    },
    id: deliveryId(source.files, [shop, segment, generation, request.url]),
  };
  const file = receiver.url.origin;
  noteHandover(source.files, { atMs: nowMs, file, to: 'webhook', segment, generation });
  const pagesSent = await sendPages(source, { delivery, receiver });
  return { ...delivery, ...selected, pagesSent };
}

type Delivery = Pick<WebhookReport, 'shop' | 'segment' | 'generation' | 'id' | 'people' | 'pages'>;

/** Another one when anybody's data has changed: then the pages may be others. */
function deliveryId(files: ShopFiles, parts: readonly string[]): string {
  const content = readImportState(files)?.contentHash ?? '';
  return createHash('sha256')
    .update([...parts, content].join('\n'))
    .digest('hex')
    .slice(0, 24);
}

async function sendPages(
  { duck, files }: ShopSource,
  { delivery, receiver }: { delivery: Delivery; receiver: Receiver },
): Promise<number> {
  const { id, pages } = delivery;
  const taken = pagesTaken(files, id);
  let page = 0;
  for await (const people of pagesOf(duck)) {
    page++;
    if (page <= taken) continue;
    const body = JSON.stringify({ v: 1, ...delivery, page, people });
    const problem = await postPage(receiver, { id: `${id}.${page}`, body });
    if (problem !== null) {
      throw new HandoverRefused(
        `page ${page} of ${pages} was not taken by ${receiver.url.host}: ${problem}; the same command goes on there`,
      );
    }
    notePage(files, id, page);
  }
  return page - Math.min(taken, page);
}

/** By hashed person: the same pages each time. */
async function* pagesOf(duck: Duck): AsyncGenerator<object[]> {
  let people: object[] = [];
  for await (const addressee of addressees(duck)) {
    people.push(personOf(addressee));
    if (people.length < PAGE_CUSTOMERS) continue;
    yield people;
    people = [];
  }
  if (people.length > 0) yield people;
}

/** Hashes as Meta and Snap have them: the phone in digits, with its country's code. */
function personOf({ customer, person, email, phone }: Addressee): object {
  return {
    customer_id: customer,
    person,
    ...(email !== '' && { email_sha256: emailHash('meta', email) }),
    ...(phone !== '' && { phone_sha256: phoneHash('meta', phone) }),
  };
}

function pagesTaken(files: ShopFiles, id: string): number {
  const file = join(files.webhooks, `${id}.json`);
  if (!existsSync(file)) return 0;
  return (JSON.parse(readFileSync(file, 'utf8')) as { pagesTaken: number }).pagesTaken;
}

function notePage(files: ShopFiles, id: string, page: number): void {
  mkdirSync(files.webhooks, { recursive: true });
  writeDurably(join(files.webhooks, `${id}.json`), `${JSON.stringify({ pagesTaken: page })}\n`);
}
