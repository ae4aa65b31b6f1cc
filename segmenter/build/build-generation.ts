/**
 * `rekindle segment`: a new generation of a shop's profiles, written beside the one that serves,
 * verified, and then flipped to. Killed at any moment it leaves the old one serving; what it left
 * unfinished is removed by the next build.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { Catalogue } from '../../creative/item.ts';
import type { Clock } from '../../platform/clock.ts';
import { customerPersonId } from '../../proto/ids.ts';
import type { AsOf } from '../../rules/customer.ts';
import {
  CATALOGUE_BLOB,
  MANIFEST_BLOB,
  MANIFEST_FORMAT,
  type Manifest,
} from '../../rules/manifest.ts';
import type { Generations } from '../../store/ports.ts';
import type { Syncs } from '../../store/record-ports.ts';
import { Duck } from '../duck.ts';
import { type FeedContent, readFeed } from '../feed/read-feed.ts';
import { type ImportState, readImportState } from '../import/import-state.ts';
import type { JobProgress } from '../job-progress.ts';
import { pending, recoverFiles, replaceFiles, type ShopFiles, shopFiles } from '../shop-data.ts';
import { createAttributes } from './attributes.ts';
import { boughtTogether } from './bought-together.ts';
import { addToHistory } from './build-history.ts';
import { BuildRefused, type BuildRequest, type BuildResult } from './build-request.ts';
import { loadProducts, makeCatalogue } from './catalogue.ts';
import {
  asksWhatWasBought,
  createBought,
  createCustomers,
  createOrders,
  unmappedStatuses,
} from './facts.ts';
import { generationId } from './generation-id.ts';
import { keepGeneration, removeKept } from './kept-generation.ts';
import { createMembers } from './membership.ts';
import { type Moves, movesSince, segmentSizes } from './moves.ts';
import { createOptedOut } from './opted-out.ts';
import { PhaseTimer } from './phase-timer.ts';
import {
  readManifest,
  refuseShrunken,
  removeOld,
  removeUnfinished,
  verifyGeneration,
} from './publish.ts';
import { Purchases } from './purchases.ts';
import { lookUpSamples } from './samples.ts';
import { createSynced, type Synced } from './synced.ts';
import { type WrittenLinks, writeLinks } from './write-links.ts';
import { writeProfiles } from './write-profiles.ts';

export interface BuildPorts {
  readonly generations: Generations;
  readonly syncs: Pick<Syncs, 'all'>;
  /** The workspace's key: the data must have been imported with the same one. */
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly progress: (progress: JobProgress) => void;
}

/**
 * Throws BuildRefused when nothing was imported or the result is not fit to serve, FeedUnreadable
 * for a feed that is none, FileLocked when another import or build of the shop is running, and
 * StoreUnavailable when the store is away.
 */
export async function buildGeneration(
  request: BuildRequest,
  ports: BuildPorts,
): Promise<BuildResult> {
  const files = shopFiles(request.dir, request.shop);
  const { memoryMb, threads } = request;
  const options = { memoryMb, threads, tempDir: files.temp, folders: [files.folder] };
  await using duck = await Duck.open(options);
  await duck.lock(files.lock);
  recoverFiles(files.folder);
  const state = checkedState(files, request, ports.key);
  return await publish({ duck, files, state, request, ports, timer: new PhaseTimer(ports.clock) });
}

interface Build {
  readonly duck: Duck;
  readonly files: ShopFiles;
  readonly state: ImportState;
  readonly request: BuildRequest;
  readonly ports: BuildPorts;
  readonly timer: PhaseTimer;
}

function checkedState(files: ShopFiles, request: BuildRequest, key: KeyObject): ImportState {
  const state = readImportState(files);
  if (state === null) {
    throw new BuildRefused(
      `nothing was imported for ${request.shop} yet: run rekindle import ${request.shop} first`,
    );
  }
  if (state.keyCheck === customerPersonId(key, request.shop, '')) return state;
  throw new BuildRefused(
    `the workspace's key is not the one that ${request.shop} was imported with: restore it, or ` +
      `delete ${files.folder} and import everything again`,
  );
}

async function publish(build: Build): Promise<BuildResult> {
  const { request, timer } = build;
  const { shop } = request;
  const { generations, progress, clock } = build.ports;
  const startedMs = clock.nowMs();
  await removeUnfinished(generations, shop);
  const serving = await generations.serving(shop);
  const before =
    serving === null ? null : await readManifest(generations, shop, serving.generation);
  progress({ phase: 'computing facts', done: 0, total: 0 });
  const prepared = await timer.time('computing facts', () => prepare(build));
  const { feed, synced } = prepared;
  refuseShrunken(prepared.customers, before, request.force);
  const generation = generationId(request, build.state, { items: feed.items, synced });
  const known = (await generations.list(shop)).some((one) => one.generation === generation);
  const written = known ? null : await write(build, { generation, prepared, before });
  if (serving?.generation !== generation) await generations.flip(shop, generation);
  await timer.time('removing the oldest', () => removeOld(generations, shop));
  const pointer = await generations.serving(shop);
  removeKept(build.files, [generation, pointer?.previous ?? null]);
  if (written !== null) replaceFiles(build.files.folder);
  const manifest = await readManifest(generations, shop, generation);
  const result = {
    shop,
    generation,
    previous: pointer?.previous ?? null,
    unchanged: known,
    customers: prepared.customers,
    optedOut: prepared.optedOut,
    profiles: manifest?.profiles ?? 0,
    links: manifest?.links ?? 0,
    sharedIdentities: written?.links.sharedIdentities ?? 0,
    segments: segmentSizes(manifest, before, {
      moves: written?.moves ?? [],
      limits: request.driftLimits,
    }),
    unmappedStatuses: prepared.unmapped,
    withoutRate: build.state.withoutRate,
    feed: {
      items: feed.items.length,
      rejectedCount: feed.rejectedCount,
      rejected: feed.rejected.slice(0, REJECTED_ITEMS_SHOWN),
    },
    timings: timer.timings,
  };
  if (serving?.generation !== generation) {
    const atMs = clock.nowMs();
    const { customers, segments } = result;
    const { asOfMs } = request;
    const entry = { generation, asOfMs, tookMs: atMs - startedMs, customers, segments };
    addToHistory(build.files, { kind: 'build', atMs, ...entry });
  }
  return result;
}

const REJECTED_ITEMS_SHOWN = 20;

async function readShopFeed(request: BuildRequest): Promise<FeedContent> {
  if (request.feed === null) return { items: [], rejected: [], rejectedCount: 0 };
  if (!existsSync(request.feed)) throw new BuildRefused(`there is no product feed ${request.feed}`);
  return readFeed(request.feed, { currency: request.currency, nowMs: request.asOfMs });
}

interface Prepared {
  readonly feed: FeedContent;
  readonly asOf: AsOf;
  readonly customers: number;
  readonly optedOut: number;
  readonly products: Awaited<ReturnType<typeof loadProducts>>;
  readonly purchases: Purchases;
  readonly synced: Synced;
  readonly unmapped: BuildResult['unmappedStatuses'];
}

async function prepare({ duck, files, request, ports, timer }: Build): Promise<Prepared> {
  const optedOut = await createOptedOut(duck, files);
  const [feed, day] = await allDone([
    timer.time('reading feed', () => readShopFeed(request)),
    timer.time('facts: orders', () => createOrders(duck, files, request)),
  ]);
  const products = await timer.time('facts: products', () => loadProducts(duck, files, feed.items));
  const wanted = request.segments.some(({ rule }) => asksWhatWasBought(rule));
  const { categories, categoryNames } = products;
  const kept = { syncs: ports.syncs, shop: request.shop, nowMs: ports.clock.nowMs() };
  const [shopCycleHalfDays, synced, together, unmapped] = await allDone([
    timer.time('facts: customers', () => createCustomers(duck, files)),
    timer.time('facts: user syncs', () => createSynced(duck, files, kept)),
    timer.time('facts: bought together', () => boughtTogether(duck, files, products.names.length)),
    unmappedStatuses(duck, files, request),
    createAttributes(duck, files, request.segments),
    timer.time('facts: bought', () =>
      createBought(duck, files, { wanted, categories, categoryNames }),
    ),
  ]);
  const [customers] = await duck.numbers('SELECT count(*) FROM customers');
  const purchases = new Purchases(products, together);
  return {
    feed,
    asOf: { day, shopCycleHalfDays },
    customers: customers!,
    optedOut,
    products,
    purchases,
    synced,
    unmapped,
  };
}

/** The results of all, or what failed; nothing works with DuckDB any more when it is closed then. */
async function allDone<T extends readonly unknown[]>(
  work: {
    readonly [K in keyof T]: Promise<T[K]>;
  },
): Promise<T> {
  await Promise.allSettled(work);
  return (await Promise.all(work)) as unknown as T;
}

interface Written {
  readonly links: WrittenLinks;
  /** By segment. */
  readonly moves: readonly (Moves | null)[];
}

/** Writes, seals and verifies the generation; whatever fails leaves it unserved. */
async function write(
  build: Build,
  input: {
    readonly generation: string;
    readonly prepared: Prepared;
    readonly before: Manifest | null;
  },
): Promise<Written> {
  const { duck, files, request, timer } = build;
  const { generations, progress } = build.ports;
  const { asOf, customers, purchases, products, feed, synced } = input.prepared;
  const { segments } = request;
  const { generation, before } = input;
  await using writer = await generations.write(request.shop, generation);
  await timer.time('memberships', () => createMembers(duck, segments, asOf));
  const moves = await movesSince(duck, files, segments, before);
  const profiles = await timer.time('writing profiles', () =>
    writeProfiles({ duck, files, segments, purchases, writer, customers, progress }),
  );
  const names = segments.map(({ segment }) => segment);
  // The store's work leaves DuckDB time to look people up.
  const [links, samples] = await allDone([
    timer.time('writing links', () => writeLinks(duck, files, { synced, writer, progress })),
    lookUpSamples(duck, files, { generation, names, samples: profiles.samples }),
  ]);
  const manifest: Manifest = {
    format: MANIFEST_FORMAT,
    shop: request.shop,
    generation,
    asOfMs: request.asOfMs,
    timeZone: request.timeZone,
    shopCycleHalfDays: asOf.shopCycleHalfDays,
    segments: segments.map((segment, i) => ({
      ...segment,
      members: profiles.members[i]!,
      heldOut: profiles.heldOut[i]!,
    })),
    customers,
    profiles: profiles.profiles,
    links: links.links,
    linkedSpaces: links.linkedSpaces,
  };
  const catalogue = makeCatalogue(feed.items, products, purchases.sold);
  await timer.time('sealing', async () => {
    await writer.putBlob(CATALOGUE_BLOB, json(catalogue));
    await writer.putBlob(MANIFEST_BLOB, json(manifest));
    await writer.seal({ profiles: manifest.profiles, links: manifest.links });
  });
  await timer.time('verifying', () => verifyGeneration(generations, manifest));
  const { contentHash } = build.state;
  await timer.time('keeping facts', () =>
    keepGeneration(duck, files, { generation, asOf, contentHash }),
  );
  // Put in place after the flip, with replaceFiles.
  writeFileSync(pending(files.samples), JSON.stringify(samples));
  return { links, moves };
}

function json(document: Catalogue | Manifest): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}
