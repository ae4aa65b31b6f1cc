/** Everything of a generation that was not there before: written, sealed, verified. */
import type { Catalogue } from '../../creative/item.ts';
import type { AsOf } from '../../rules/customer.ts';
import {
  CATALOGUE_BLOB,
  MANIFEST_BLOB,
  MANIFEST_FORMAT,
  type Manifest,
} from '../../rules/manifest.ts';
import { type GenerationWriter, StoreUnavailable } from '../../store/ports.ts';
import type { PersonChange } from '../identity/person-changes.ts';
import { keepTogether } from './bought-together.ts';
import type { Build } from './build-context.ts';
import type { BuildInputs } from './build-inputs.ts';
import { sharedInputs } from './build-mode.ts';
import { dropWritten, keepPlan } from './build-progress.ts';
import type { SoundRequest } from './build-request.ts';
import { makeCatalogue } from './catalogue.ts';
import { shopCycle } from './facts.ts';
import {
  finishKeeping,
  type Kept,
  keptTable,
  startKeeping,
  togetherFile,
} from './kept-generation.ts';
import { goodsFile, keepGoods } from './kept-goods.ts';
import { fitHere, learnModels } from './learn-models.ts';
import { earlierBuild } from './membership-runs.ts';
import type { Prepared } from './prepare-build.ts';
import { refuseShrunken, stateOf, verifyGeneration } from './publish.ts';
import { pacedWriter, waitUntilStopped } from './publish-pace.ts';
import { refuseEmpty } from './refuse-empty.ts';
import { readModels, type ShopModels, writeModels } from './shop-models.ts';
import type { Report } from './stop-build.ts';
import { keepFacts, writeBuckets } from './write-buckets.ts';
import { type WrittenLinks, writeLinks } from './write-links.ts';
import { addUp, type WrittenWhole } from './written-whole.ts';

export interface WrittenGeneration {
  readonly whole: WrittenWhole;
}

interface Input {
  readonly inputs: BuildInputs;
  readonly prepared: Prepared;
  readonly before: Manifest | null;
  /** Who is now another person than in the build before. */
  readonly changes: readonly PersonChange[];
}

/** Whatever fails leaves the generation unserved. */
export async function writeGeneration(
  build: Build,
  input: Input,
  report: Report,
): Promise<WrittenGeneration> {
  const { duck, files, request, ports, timer } = build;
  const { inputs, prepared, before, changes } = input;
  const { generation } = inputs.plan;
  if (!inputs.resumes) {
    startKeeping(files, generation);
    await keepTogether(duck, files, togetherFile(files, generation));
    const { feed, brands } = inputs;
    const goods = { items: feed.items, brands };
    await keepGoods(duck, goodsFile(files, generation), prepared.products, goods);
    keepPlan(files, inputs.plan);
  }
  const customers = await keepFacts(build, generation, prepared, report);
  await refuseEmpty(build, { customers, optedOut: prepared.optedOut });
  refuseShrunken(customers, before, request.force);
  const asOf = await learnAsOf(build, inputs, prepared);
  const models = await learn(build, inputs, prepared, report);
  await using writer = await openWriter(build, generation);
  const paced = atPace(build, writer);
  try {
    const base = inputs.mode.kind === 'full' ? null : inputs.mode.base;
    const earlier = await earlierBuild(build, before, changes);
    const facts = { prepared, customers, asOf, models, before, base, earlier };
    const job = { generation, ...facts, writer: paced, report };
    const whole = addUp(await writeBuckets(build, job), {
      segments: request.segments.length,
      products: prepared.products.names.length,
    });
    const links = await timer.time('writing links', () =>
      writeLinks(duck, files, { writer: paced, progress: report }),
    );
    const manifest = manifestOf(request, { generation, asOf, customers, whole, links });
    const catalogue = makeCatalogue(inputs.feed.items, prepared.products, whole.sold);
    finishKeeping(files, keptOf(build, inputs, { asOf, buckets: prepared.buckets.length }));
    await timer.time('sealing', async () => {
      await writer.putBlob(CATALOGUE_BLOB, json(catalogue));
      await writer.putBlob(MANIFEST_BLOB, json(manifest));
      await writer.seal({ profiles: manifest.profiles, links: manifest.links });
    });
    await timer.time('verifying', () => verifyGeneration(ports.generations, manifest));
    return { whole };
  } catch (error) {
    // What was written until then is right, and the next build goes on with it.
    if (ports.stop?.aborted === true || error instanceof StoreUnavailable) writer.leave();
    throw error;
  }
}

/** Buckets count as written only while the store has kept them. */
async function openWriter(
  { files, request, ports }: Build,
  generation: string,
): Promise<GenerationWriter> {
  const { generations } = ports;
  if ((await stateOf(generations, request.shop, generation)) === 'unfinished') {
    return await generations.resume(request.shop, generation);
  }
  dropWritten(files, generation);
  return await generations.write(request.shop, generation);
}

function atPace({ request, ports }: Build, writer: GenerationWriter) {
  const { publishRate } = request;
  if (publishRate === null) return writer;
  const wait = waitUntilStopped(ports.stop);
  return pacedWriter(writer, { perSecond: publishRate, clock: ports.clock, wait });
}

/** What rules are evaluated with that only the facts of all buckets tell. */
async function learnAsOf(
  { duck, files }: Build,
  { plan: { generation }, mode }: BuildInputs,
  { day, buckets }: Prepared,
): Promise<AsOf> {
  if (mode.kind === 'incremental') return { ...mode.base.asOf, day };
  const customers = keptTable(files, { generation, buckets: buckets.length }, 'customers');
  return { day, shopCycleHalfDays: await shopCycle(duck, customers) };
}

/** What scores follow from; a build that goes on with another has that one's. */
async function learn(
  { duck, files, ports, timer }: Build,
  { models: plan, plan: { generation }, mode }: BuildInputs,
  { day, buckets }: Prepared,
  report: Report,
): Promise<Omit<ShopModels, 'format'>> {
  const before = readModels(files, generation);
  if (before !== null) return before;
  if (mode.kind === 'incremental') {
    const models = readModels(files, mode.base.generation)!;
    writeModels(files, generation, models);
    return models;
  }
  const kept = { generation, buckets: buckets.length };
  const base = {
    customers: keptTable(files, kept, 'customers'),
    orders: keptTable(files, kept, 'orders'),
    day,
  };
  report({ phase: 'learning models', done: 0, total: 0 });
  const fitWith = ports.fitLifetime ?? fitHere;
  const models = await timer.time('models', () =>
    learnModels(duck, base, plan, (task) => fitWith(task, ports.stop)),
  );
  writeModels(files, generation, models);
  return models;
}

function keptOf(
  { request, state }: Build,
  { plan: { generation }, mode, feed, models }: BuildInputs,
  made: Pick<Kept, 'asOf' | 'buckets'>,
): Kept {
  const { asOfMs } = request;
  return {
    generation,
    asOfMs,
    ...made,
    contentHash: state.contentHash,
    inputs: sharedInputs(request, feed, models),
    full: mode.kind === 'full' ? { generation, asOfMs } : mode.base.full,
  };
}

function manifestOf(
  request: SoundRequest,
  made: {
    readonly generation: string;
    readonly asOf: AsOf;
    readonly customers: number;
    readonly whole: WrittenWhole;
    readonly links: WrittenLinks;
  },
): Manifest {
  const { whole, links } = made;
  return {
    format: MANIFEST_FORMAT,
    shop: request.shop,
    generation: made.generation,
    asOfMs: request.asOfMs,
    timeZone: request.timeZone,
    shopCycleHalfDays: made.asOf.shopCycleHalfDays,
    segments: request.segments.map((segment, i) => ({
      ...segment,
      members: whole.members[i]!,
      heldOut: whole.heldOut[i]!,
    })),
    leftOut: request.leftOut,
    customers: made.customers,
    profiles: whole.profiles,
    links: links.links,
    linkedSpaces: links.linkedSpaces,
  };
}

function json(document: Catalogue | Manifest): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}
