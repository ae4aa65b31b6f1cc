/**
 * `rekindle segment`: a new generation of a shop's profiles, written beside the one that serves,
 * verified, and then flipped to. Killed at any moment it leaves the old one serving; what it left
 * unfinished is removed by the next build.
 */
import assert from 'node:assert/strict';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Catalogue } from '../../creative/item.ts';
import { customerPersonId } from '../../proto/ids.ts';
import type { AsOf } from '../../rules/customer.ts';
import {
  CATALOGUE_BLOB,
  MANIFEST_BLOB,
  MANIFEST_FORMAT,
  type Manifest,
} from '../../rules/manifest.ts';
import { Duck } from '../duck.ts';
import { type ImportState, readImportState } from '../import/import-state.ts';
import { pending, recoverFiles, replaceFiles, type ShopFiles, shopFiles } from '../shop-data.ts';
import type { Build, BuildPorts } from './build-context.ts';
import { addToHistory } from './build-history.ts';
import { BuildRefused, type BuildRequest, type BuildResult } from './build-request.ts';
import { carryingPersons, joinedCustomers, rememberJoined } from './carry-persons.ts';
import { makeCatalogue } from './catalogue.ts';
import { shopCycle } from './facts.ts';
import { generationId } from './generation-id.ts';
import { finishKeeping, keptTable, removeKept, startKeeping } from './kept-generation.ts';
import { type Moves, segmentSizes } from './moves.ts';
import { PhaseTimer } from './phase-timer.ts';
import { allDone, type Prepared, prepareBuild } from './prepare-build.ts';
import {
  readManifest,
  refuseShrunken,
  removeOld,
  removeUnfinished,
  verifyGeneration,
} from './publish.ts';
import { lookUpSamples } from './samples.ts';
import { keepFacts, writeBuckets } from './write-buckets.ts';
import { type WrittenLinks, writeLinks } from './write-links.ts';

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
  const { request, timer, files } = build;
  const { shop } = request;
  const { generations, progress, clock } = build.ports;
  const startedMs = clock.nowMs();
  await removeUnfinished(generations, shop);
  const serving = await generations.serving(shop);
  const before =
    serving === null ? null : await readManifest(generations, shop, serving.generation);
  progress({ phase: 'computing facts', done: 0, total: 0 });
  const prepared = await prepareBuild(build);
  const { feed, synced } = prepared;
  const generation = generationId(request, build.state, { items: feed.items, synced });
  const joined = await joinedCustomers(build.duck, build.files, { shop, key: build.ports.key });
  const known = (await generations.list(shop)).some((one) => one.generation === generation);
  const written = known ? null : await write(build, { generation, prepared, before });
  const manifest = await readManifest(generations, shop, generation);
  assert(manifest !== null, `generation ${generation} has no manifest`);
  if (known) refuseShrunken(manifest.customers, before, request.force);
  await carryingPersons({ ...build.ports, ...build, shop }, joined, async () => {
    if (serving?.generation !== generation) await generations.flip(shop, generation);
  });
  await timer.time('removing the oldest', () => removeOld(generations, shop));
  const pointer = await generations.serving(shop);
  removeKept(files, [generation, pointer?.previous ?? null]);
  rememberJoined(files, joined);
  replaceFiles(files.folder);
  const result = {
    shop,
    generation,
    previous: pointer?.previous ?? null,
    unchanged: known,
    customers: manifest.customers,
    optedOut: prepared.optedOut,
    profiles: manifest.profiles,
    links: manifest.links,
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
  if (serving?.generation !== generation) addBuild(build, result, startedMs);
  return result;
}

function addBuild({ files, ports, request }: Build, result: BuildResult, startedMs: number): void {
  const { generation, customers, segments } = result;
  const atMs = ports.clock.nowMs();
  const { asOfMs } = request;
  const entry = { generation, asOfMs, tookMs: atMs - startedMs, customers, segments };
  addToHistory(files, { kind: 'build', atMs, ...entry });
}

const REJECTED_ITEMS_SHOWN = 20;

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
  const { purchases, products, feed, synced, buckets } = input.prepared;
  const { segments } = request;
  const { generation, before } = input;
  startKeeping(files, generation);
  const customers = await keepFacts(build, generation, input.prepared);
  refuseShrunken(customers, before, request.force);
  const asOf = await learnAsOf(build, generation, input.prepared);
  await using writer = await generations.write(request.shop, generation);
  const job = { generation, prepared: input.prepared, customers, asOf, before, writer };
  const profiles = await writeBuckets(build, job);
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
  finishKeeping(files, { generation, asOf, contentHash, buckets: buckets.length });
  // Put in place after the flip, with replaceFiles.
  writeFileSync(pending(files.samples), JSON.stringify(samples));
  return { links, moves: profiles.moves };
}

/** What rules are evaluated with that only the facts of all buckets tell. */
async function learnAsOf(
  { duck, files }: Build,
  generation: string,
  { day, buckets }: Prepared,
): Promise<AsOf> {
  const customers = keptTable(files, { generation, buckets: buckets.length }, 'customers');
  return { day, shopCycleHalfDays: await shopCycle(duck, customers) };
}

function json(document: Catalogue | Manifest): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}
